import * as l10n from '@vscode/l10n';
import { ApiError, type ApiErrorKind } from '../api/errors.ts';
import { authCheck, type AuthQuestion } from '../api/general.ts';
import { fieldsOf } from '../api/json.ts';
import { noWorkspace } from '../api/operations.ts';
import type { User } from '../api/schemas/users.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, WorkspaceId } from '../api/units.ts';
import * as workspacesApi from '../api/workspaces.ts';
import { allows, questionOf, whyNot, type Verb } from '../model/actions.ts';
import { templateTitle } from '../model/names.ts';
import { nameFor } from '../model/found.ts';
import type { Row } from '../model/prompt.ts';
import type { Session } from '../model/session.ts';
import { workspaceIn, type Ready } from '../model/state.ts';
import { statusDescription } from '../model/statusText.ts';
import type { DisplayLocale } from '../model/times.ts';
import { inOrder } from '../model/tree.ts';
import { workspaceIcon } from '../model/workspaceNode.ts';
import { currentDeployment, type CommandContext } from './context.ts';
import { notPermitted, Refusal } from './refusal.ts';
import { noneAllows } from './noneAllows.ts';

/** The workspace that a command is about. */
export interface Target {
  readonly session: Session;
  readonly workspace: Workspace;
  /** Ends with the session and with the extension. */
  readonly signal: AbortSignal;
}

/**
 * Resolves `argument` to a workspace: a row of the tree, a workspace id (from a link or button), or nothing,
 * which shows a picker of the workspaces that allow `verb`. Throws a `Refusal` with the reason if the verb isn't allowed.
 */
export async function findTarget(context: CommandContext, argument: unknown, verb: Verb): Promise<Target> {
  const session = sessionOf(context);
  const { signal } = session;
  const state = await readyState(session);
  const id = targetId(argument);
  // Use the workspace as shown in the picker: the verb handles changes since then, and may join a build.
  const workspace =
    id === undefined
      ? await pickWorkspace(context, session, state, verb)
      : (state.workspaces.get(id) ?? (await readUnlisted(session, id, signal)));
  if (workspace === undefined) throw new Refusal(noWorkspace());
  const target = { session, signal, workspace };
  await mayBeDone(verb, target, state.user);
  return target;
}

/** A workspace outside the list: another user's, deleted, or nonexistent (`undefined`). Its builds are followed as usual. */
export async function readUnlisted(
  session: Session,
  id: WorkspaceId,
  signal: AbortSignal,
): Promise<Workspace | undefined> {
  const workspace = await orNothing(workspacesApi.get(session.calls, id, { includeDeleted: true }, signal));
  if (workspace !== undefined) session.adopt(workspace);
  return workspace;
}

/** What is read; `undefined`: it doesn't exist or isn't visible, or the error is of the kind `also`. @throws ApiError */
export const orNothing = <T>(read: Promise<T>, also?: ApiErrorKind): Promise<T | undefined> =>
  // Some versions answer 400 for an unknown owner (contract 1.2).
  ifReadable(read, ({ kind }) => ['notFound', 'gone', 'forbidden', 'invalid', also].includes(kind));

/** What is read; `undefined`: it can't be read, with an error that `mayFail` allows. @throws ApiError */
export async function ifReadable<T>(
  read: Promise<T>,
  mayFail: (error: ApiError) => boolean = () => true,
): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ApiError && mayFail(error)) return undefined;
    throw error;
  }
}

/** @throws Refusal where the workspace, as it is, does not allow `verb` */
export function mustAllow(verb: Verb, workspace: Workspace, user: User): void {
  const why = whyNot(verb, workspace, user);
  if (why !== undefined) throw new Refusal(why);
}

/** @throws Refusal where `verb` cannot be done with the workspace as it is at hand */
async function mayBeDone(verb: Verb, target: Target, user: User): Promise<void> {
  const { workspace } = target;
  mustAllow(verb, workspace, user);
  const question = questionOf(verb, workspace, user);
  // If the permission can't be read, the verb itself will be rejected.
  if (question !== undefined && (await isPermitted(target, question)) === false) throw notPermitted(workspace);
}

/** The server's answer; `undefined`: it can't be read. */
export const isPermitted = async ({ session, signal }: Target, may: AuthQuestion): Promise<boolean | undefined> =>
  (await ifReadable(authCheck(session.calls, { may }, signal)))?.may;

/** @throws NotSignedIn */
export const sessionOf = (context: CommandContext): Session => currentDeployment(context).session;

/** The latest known state of the workspace. */
export function currentWorkspace({ session, workspace }: Target): Workspace {
  return workspaceIn(session.state.value, workspace.id) ?? workspace;
}

/** The current display name: `owner/name` for other users' workspaces. */
export function nameIn(target: Target): string {
  const state = target.session.state.value;
  const workspace = currentWorkspace(target);
  return state.kind === 'ready' ? nameFor(workspace, state.user) : workspace.name;
}

/** Waits for the first state with data. */
export async function readyState(session: Session): Promise<Ready> {
  if (session.state.value.kind !== 'ready') await session.refresh();
  const state = session.state.value;
  if (state.kind === 'ready') return state;
  if (state.kind === 'unreachable') throw state.error;
  throw new Refusal(l10n.t('Your workspaces are still loading. Try again in a moment.'));
}

/** The workspace that `argument` is or is a part of. */
export const targetId = (argument: unknown): WorkspaceId | undefined => {
  const id = typeof argument === 'string' ? argument : refOf(argument, 'workspaceId');
  return id === undefined || id === '' ? undefined : (id as WorkspaceId);
};

/** The workspaces of the rows that are selected with the row `argument`, each once; of that row alone where it is not. */
export const targetIds = (argument: unknown, selected: unknown): WorkspaceId[] => {
  const rows: readonly unknown[] = Array.isArray(selected) ? selected : [argument];
  return [...new Set(rows.flatMap((row) => targetId(row) ?? []))];
};

/** The agent that a row is or is a part of. A row's ids are those of the build that it shows: names may come twice. */
export const agentIdOf = (argument: unknown): string | undefined => refOf(argument, 'agentId');

/** The build that a document of ours is about. */
export const buildIdOf = (argument: unknown): string | undefined => refOf(argument, 'buildId');
export const buildNumberOf = (argument: unknown): string | undefined => refOf(argument, 'buildNumber');

export const appIdOf = (argument: unknown): string | undefined => refOf(argument, 'appId');

/** The metadata that a row stands for: its resource's id and its key. */
export const metadataOf = (argument: unknown): { readonly resourceId: string; readonly key: string } | undefined => {
  const [resourceId, key] = [refOf(argument, 'resourceId'), refOf(argument, 'metadataKey')];
  return resourceId === undefined || key === undefined ? undefined : { resourceId, key };
};

/** A row of the tree names what it stands for in `refs`, the address of a document of ours in its query. */
function refOf(argument: unknown, key: string): string | undefined {
  const { query, refs } = fieldsOf(argument);
  const ref = typeof query === 'string' ? new URLSearchParams(query).get(key) : fieldsOf(refs)[key];
  return typeof ref === 'string' ? ref : undefined;
}

async function pickWorkspace(
  { ui, commandTitle }: CommandContext,
  session: Session,
  state: Ready,
  verb: Verb,
): Promise<Workspace> {
  const title = commandTitle(verb);
  const now = session.now();
  const allowed = inOrder(state, now).filter((workspace) => allows(verb, workspace, state.user));
  if (allowed.length === 0) throw new Refusal(noneAllows(verb, title));
  return ui.pick({
    title,
    placeholder: l10n.t('Select a workspace'),
    rows: workspaceRows(allowed, state.user, now, ui.displayLocale()),
    signal: session.signal,
  });
}

/** Picker rows with the same texts and icons as in the tree; `now` by the server's clock. */
export const workspaceRows = (
  workspaces: readonly Workspace[],
  user: User,
  now: EpochMs,
  displayLocale: DisplayLocale,
): Row<Workspace>[] =>
  workspaces.map((workspace) => ({
    label: nameFor(workspace, user),
    description: statusDescription(workspace, { displayLocale }, now, user),
    detail: templateTitle(workspace),
    icon: workspaceIcon(workspace).id,
    value: workspace,
  }));
