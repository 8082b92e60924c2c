import * as l10n from '@vscode/l10n';
import * as builds from '../api/builds.ts';
import { ApiError, type ApiErrorKind } from '../api/errors.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { BuildId } from '../api/units.ts';
import * as workspaces from '../api/workspaces.ts';
import { accessOf } from '../model/access.ts';
import { notPermitted, Refusal } from './refusal.ts';
import type { Target } from './target.ts';

// What is true after a write. A write is sent once; what became of it is read, never guessed.

/** Refusals that may mean that something has changed which is not known here yet. */
const OVERTAKEN: ReadonlySet<ApiErrorKind> = new Set(['conflict', 'notNow', 'invalid', 'gone', 'notFound']);

/** Whether a write was sent, and nobody knows what became of it: its answer was lost and it cannot be read back. */
export const isUnconfirmed = (error: unknown): error is ApiError => error instanceof ApiError && error.maybeDone;

/**
 * The workspace as it is now that `error` has refused a write to it. `error` itself is thrown where nothing can have
 * changed, or where the workspace cannot be read; a `Refusal` where it is deleted or not to be seen any more.
 */
export async function rereadAfter(error: unknown, target: Target): Promise<Workspace> {
  const { session, workspace, signal } = target;
  // V2 answers so to a write that somebody has no permission for (contract 2.14, Shared workspaces).
  if (error instanceof ApiError && error.status === 500 && !mayDoAll(target)) throw notPermitted(workspace);
  if (!(error instanceof ApiError) || !OVERTAKEN.has(error.kind)) throw error;
  let now: Workspace | undefined;
  try {
    now = (await session.refetch(workspace.id, signal)) ?? (await readDeleted(target));
  } catch {
    signal.throwIfAborted();
    throw error;
  }
  if (now === undefined) throw new Refusal(l10n.t('{0} no longer exists.', workspace.name));
  if (now.latest_build.status === 'deleted') throw new Refusal(l10n.t('{0} is deleted.', now.name));
  return now;
}

/**
 * The workspace once the deployment can be read again; a deleted one, too. Waits as long as that takes; rejects with the
 * signal's reason, and with a `Refusal` where it is not to be seen any more.
 */
export async function rereadOnceBack(target: Target): Promise<Workspace> {
  const { session, workspace, signal } = target;
  const ready = await session.readAgain(signal);
  const now = ready.workspaces.get(workspace.id) ?? (await readDeleted(target));
  if (now === undefined) throw new Refusal(l10n.t('{0} no longer exists.', workspace.name));
  return now;
}

/** A workspace that is in no list any more; `undefined`: it is not to be seen. */
async function readDeleted({ session, workspace, signal }: Target): Promise<Workspace | undefined> {
  try {
    return await workspaces.get(session.client.calls, workspace.id, { includeDeleted: true }, signal);
  } catch (error) {
    if (error instanceof ApiError && (error.kind === 'notFound' || error.kind === 'forbidden')) return undefined;
    throw error;
  }
}

const mayDoAll = ({ session: { state }, workspace }: Target): boolean =>
  state.value.kind !== 'ready' || ['own', 'site'].includes(accessOf(workspace, state.value.user));

const READS = 3;

/** One build as the server reports it, read when the deployment is back where it is away. @throws ApiError */
export async function readBuildOnceBack({ session, signal }: Target, id: BuildId): Promise<Build> {
  for (let reads = 1; ; reads += 1) {
    try {
      return await builds.get(session.client.calls, id, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || OVERTAKEN.has(error.kind) || reads === READS) throw error;
      if (await session.noticed(error)) throw error;
      await session.readAgain(signal);
    }
  }
}
