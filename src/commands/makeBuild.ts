import * as l10n from '@vscode/l10n';
import type { Features } from '../api/features.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import * as workspaces from '../api/workspaces.ts';
import type { Verb } from '../model/actions.ts';
import { isOld } from '../model/age.ts';
import { isMadeBy } from '../model/cause.ts';
import type { Session } from '../model/session.ts';
import { restartedStop } from '../model/restartedStop.ts';
import { isActive, isOn } from '../model/status.ts';
import type { Act, Begun, ThenStart } from './act.ts';
import { anotherFirst, isUnconfirmed, readOnceBack, rereadAfter, rereadOnceBack } from './afterWrite.ts';
import type { CommandContext } from './context.ts';
import { noLongerExists, Refusal } from './refusal.ts';
import { mustAllow, nameIn, orNothing, readUnlisted, readyState, type Target } from './target.ts';

type Transition = Act['request']['transition'];

/**
 * Requests the first build of `act`, once; if another build is active, resolves to that one. `undefined`: the same request is
 * already in progress from another click. `tell` gets what the user must know before the response. Throws a `Refusal` if
 * no build was made, and ApiError.
 */
export async function begin(
  context: Pick<CommandContext, 'sending' | 'restarts'>,
  target: Target,
  act: Act,
  tell: (sentence: string) => void,
): Promise<Begun | undefined> {
  const key = `${act.verb} ${target.workspace.id}`;
  if (context.sending.has(key)) return undefined;
  context.sending.add(key);
  try {
    return await send(context.restarts, target, act, tell);
  } finally {
    context.sending.delete(key);
  }
}

async function send(
  restarts: CommandContext['restarts'],
  target: Target,
  act: Act,
  tell: (sentence: string) => void,
): Promise<Begun> {
  const { now, isOvertaken } = await nowOf(target, act.verb);
  const before = now.latest_build;
  if (isOvertaken) return { build: before, joined: true };
  // It didn't run when the user was asked; a start over what runs now needs another question.
  if (act.request.transition === 'start' && !isOn(target.workspace) && isOn(now))
    mustAllow('start', now, (await readyState(target.session)).user);
  // The user chose to leave behind what a failed deletion left, not what was built since.
  if (act.request.orphan === true && before.id !== target.workspace.latest_build.id)
    throw new Refusal(anotherFirst(nameIn(target), before));
  const make = () => requested(target, act, before, tell);
  return act.then === undefined ? make() : onRecord(restarts, target, before, make);
}

/**
 * Makes the stop of a restart, which is on record from before it is sent: its window may close before the answer comes. It
 * is taken off where no such stop was made.
 */
async function onRecord(
  restarts: CommandContext['restarts'],
  { signal }: Target,
  before: Build,
  make: () => Promise<Begun>,
): Promise<Begun> {
  const expected = restartedStop({ ...before, build_number: before.build_number + 1 });
  await restarts.begun(expected);
  let made: string | undefined;
  try {
    const begun = await make();
    made = begun.joined ? undefined : restartedStop(begun.build);
    // Somebody else's build came before it.
    if (made !== undefined && made !== expected) await restarts.begun(made);
    return begun;
  } finally {
    if (made !== expected && !signal.aborted) await restarts.ended(expected);
  }
}

async function requested(target: Target, act: Act, before: Build, tell: (sentence: string) => void): Promise<Begun> {
  const { session, workspace, signal } = target;
  const { transition } = act.request;
  try {
    const created = await workspaces.createBuild(
      session.calls,
      workspace.id,
      { ...requestOf(target, act), afterBuild: before.build_number },
      signal,
    );
    session.adopt(created);
    return { build: created, joined: await isOthers(created, session) };
  } catch (error) {
    if (!isUnconfirmed(error)) return instead(await rereadAfter(error, target), target, act, before, error);
    tell(unconfirmed(nameIn(target), transition));
    const back = await rereadOnceBack(target);
    const made = await readOnceBack(target, (stop) =>
      orNothing(workspaces.madeAfter(session.calls, back, before.build_number, transition, stop)),
    );
    if (made !== undefined) return { build: made, joined: await isOthers(made, session) };
    const notMade = new Refusal(notBuilt(nameIn(target), transition, error.message));
    return instead(back, target, act, before, notMade);
  }
}

/**
 * The latest known workspace, since questions take time; `isOvertaken`: another build has started since it was shown. Throws a
 * `Refusal` if `verb` is no longer allowed.
 */
export async function nowOf(
  { session, workspace, signal }: Target,
  verb: Verb,
): Promise<{ readonly now: Workspace; readonly isOvertaken: boolean }> {
  const { user, workspaces: known } = await readyState(session);
  const now = known.get(workspace.id) ?? (await readUnlisted(session, workspace.id, signal));
  if (now === undefined) throw noLongerExists(workspace);
  const isOvertaken = now.latest_build.id !== workspace.latest_build.id && isActive(now);
  if (!isOvertaken) mustAllow(verb, now, user);
  return { now, isOvertaken };
}

/** Whether the server may make the start after a stop by itself; unknown until a stop has ended. */
export const mayGoOnByItself = (features: Features, workspace: Workspace, then: ThenStart): boolean =>
  then.logLevel === undefined && !isOld(workspace) && features.restartsByItself !== false;

/** `on_success` for a stop, if the server supports it and it can express the start. */
function requestOf(
  { session, workspace }: Target,
  { request, then }: Act,
): Parameters<typeof workspaces.createBuild>[2] {
  return then !== undefined && mayGoOnByItself(session.calls.features, workspace, then)
    ? { ...request, onSuccess: then }
    : request;
}

/** After a rejected build: resolves to the active build, or throws a `Refusal` with the present state. */
async function instead(
  now: Workspace,
  { session }: Target,
  { verb }: Act,
  before: Build,
  error: unknown,
): Promise<Begun> {
  const { latest_build: latest } = now;
  if (isActive(now)) return { build: latest, joined: true };
  mustAllow(verb, now, (await readyState(session)).user);
  if (latest.id === before.id && latest.status === before.status) throw error;
  throw new Refusal(anotherFirst(now.name, latest));
}

/** Whether a build that was found where the response to our request was lost is somebody else's, or an autostop. */
const isOthers = async (build: Build, session: Session): Promise<boolean> =>
  !isMadeBy((await readyState(session)).user, build);

/** What is known of a build that was asked for and can't be read. */
export function unconfirmed(name: string, transition: Transition): string {
  switch (transition) {
    case 'start':
      return l10n.t("Coder was asked to start {0} but hasn't confirmed it yet.", name);
    case 'stop':
      return l10n.t("Coder was asked to stop {0} but hasn't confirmed it yet.", name);
    case 'delete':
      return l10n.t("Coder was asked to delete {0} but hasn't confirmed it yet.", name);
  }
}

function notBuilt(name: string, transition: Transition, why: string): string {
  switch (transition) {
    case 'start':
      return l10n.t("{0} wasn't started. {1}", name, why);
    case 'stop':
      return l10n.t("{0} wasn't stopped. {1}", name, why);
    case 'delete':
      return l10n.t("{0} wasn't deleted. {1}", name, why);
  }
}
