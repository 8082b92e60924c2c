import * as l10n from '@vscode/l10n';
import { LinkedController } from '../api/abort.ts';
import * as builds from '../api/builds.ts';
import { inBackground, isOfKind } from '../api/errors.ts';
import { joined } from '../api/plainText.ts';
import { hasEnded } from '../api/buildEnd.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import { Dismissed } from '../model/prompt.ts';
import { restartedStop } from '../model/restartedStop.ts';
import type { Act, Begun } from './act.ts';
import { readOnceBack, unlessUnread } from './afterWrite.ts';
import type { CommandContext } from './context.ts';
import { mayGoOnByItself, unconfirmed } from './makeBuild.ts';
import { isReason, noLongerExists, Refusal } from './refusal.ts';
import { sendAct } from './sendAct.ts';
import { currentWorkspace, nameIn, type Target } from './target.ts';

/** Callbacks of an act. */
export interface Watcher {
  /** The second build of the act has begun. */
  goesOn(build: Build): void;
  /** Aborts if the second build is no longer wanted. */
  readonly wanted: AbortSignal;
}

/** How an act ended. */
export interface Ended {
  readonly last: Build;
  /** All builds were made by this window and succeeded. */
  readonly isWhole: boolean;
}

/** Timeout for the server to make the start by itself; it takes a few milliseconds (contract 2.14). */
const GOES_ON_WITHIN_MS = { maybe: 1_500, surely: 10_000 };

/**
 * Follows an act from its first build to its end. A start follows a stop that has succeeded only: what fails, is
 * canceled or was made by somebody else starts nothing. Where the window closes in between, the stop stays on record as
 * that of a restart, which the next window tells.
 */
export async function endOfAct(
  context: CommandContext,
  target: Target,
  act: Act,
  first: Begun,
  watcher: Watcher,
): Promise<Ended> {
  const { then } = act;
  if (then === undefined || first.joined) {
    let last = await endOf(target, first.build);
    // Somebody else's stop may be that of a restart.
    const mayGoOn = first.joined && last.transition === 'stop' && hasSucceeded(last);
    const next = mayGoOn ? await nextStart(target, last, FOLLOWS_WITHIN_MS) : undefined;
    if (next !== undefined) {
      watcher.goesOn(next);
      last = await endOf(target, next);
    }
    return { last, isWhole: hasSucceeded(last) && !first.joined };
  }
  const { restarts } = context;
  const stop = restartedStop(first.build);
  let stopped: Build;
  let next: Begun | undefined;
  try {
    stopped = await endOf(target, first.build);
    if (hasSucceeded(stopped) && !watcher.wanted.aborted) next = await goOn(context, target, act, stopped, watcher);
  } catch (error) {
    if (!target.signal.aborted) restarts.interrupted(stop);
    throw error;
  }
  inBackground(restarts.ended(stop), (error) => context.log.error('restarts', error));
  if (next === undefined) return { last: stopped, isWhole: false };
  watcher.goesOn(next.build);
  const last = await endOf(target, next.build);
  return { last, isWhole: hasSucceeded(last) && !next.joined };
}

/** `why`: whole sentences, or nothing. */
export const notStartedAgain = (name: string, why = ''): string =>
  joined([l10n.t('{0} was stopped, but not started again.', name), why], ' ');

export const hasSucceeded = (build: Build): boolean => hasEnded(build) && build.job.status === 'succeeded';

/** The start after a stop: the server's own, or ours. */
async function goOn(
  context: CommandContext,
  target: Target,
  { verb, then = {} }: Act,
  stopped: Build,
  { wanted }: Watcher,
): Promise<Begun | undefined> {
  const { signal } = target;
  const { features } = target.session.calls;
  if (mayGoOnByItself(features, target.workspace, then)) {
    const { restartsByItself } = target.session.calls.features;
    const within = restartsByItself === true ? GOES_ON_WITHIN_MS.surely : GOES_ON_WITHIN_MS.maybe;
    const next = await nextStart(target, stopped, within);
    if (next !== undefined && isByServer(next, stopped)) features.restartsByItself = true;
    if (next !== undefined) return { build: next, joined: !isByServer(next, stopped) };
    // A server known to do this has tried and failed.
    features.restartsByItself ??= false;
    if (wanted.aborted) return undefined;
  }
  const start: Act = { verb: 'start', request: { transition: 'start', ...then } };
  try {
    const sent = await sendAct(context, { ...target, workspace: currentWorkspace(target) }, start, { wanted });
    return sent?.begun;
  } catch (error) {
    signal.throwIfAborted();
    if (wanted.aborted) return undefined;
    const { latest_build: latest } = currentWorkspace(target);
    // Another user's start has already finished, so the workspace is running as requested.
    if (latest.id !== stopped.id && latest.transition === 'start' && hasSucceeded(latest))
      return { build: latest, joined: true };
    if (!isReason(error) && !(error instanceof Dismissed)) throw error;
    const name = nameIn(target);
    const next = verb === 'update' || verb === 'changeVersion' ? verb : 'start';
    const { commandTitle, ui } = context;
    throw new Refusal(
      notStartedAgain(name, isReason(error) ? error.message : ''),
      // Whoever lacks the permission would be refused again.
      isOfKind(error, 'forbidden', 'notFound', 'routeNotFound')
        ? []
        : [{ label: commandTitle(next), run: () => ui.runCommand(next, target.workspace.id) }],
    );
  }
}

/** How soon the server makes the start after a stop; it took 61 ms. */
const FOLLOWS_WITHIN_MS = 1_000;

/** The server makes the start as the person who asked for the stop, at once (contract 2.14). */
const isByServer = (next: Build, stopped: Build): boolean =>
  next.build_number === stopped.build_number + 1 &&
  next.initiator_id === stopped.initiator_id &&
  (next.job.created_at ?? 0) - (stopped.job.completed_at ?? 0) < FOLLOWS_WITHIN_MS;

/** The start that comes after the stop, whoever makes it. */
async function nextStart(
  { session, workspace, signal }: Target,
  stopped: Build,
  withinMs: number,
): Promise<Build | undefined> {
  const isNext = (now: Workspace | undefined) => (now?.latest_build.build_number ?? 0) > stopped.build_number;
  const waiting = new LinkedController(signal, withinMs);
  // The stream's frame may be late or missing.
  const read = () => inBackground(session.tryRefetch(workspace.id), () => undefined);
  const timer = setTimeout(read, FOLLOWS_WITHIN_MS / 2);
  try {
    const next = (await session.waitFor(workspace.id, isNext, waiting.signal))?.latest_build;
    return next?.transition === 'start' ? next : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!waiting.signal.aborted) throw error;
    return undefined;
  } finally {
    clearTimeout(timer);
    waiting.release();
  }
}

/**
 * The build as the server reports it when it is over. @throws Refusal where it can't be read, which says nothing about how it
 * ended
 */
async function endOf(target: Target, build: Build): Promise<Build> {
  const { session, workspace, signal } = target;
  const last = await session.waitFor(
    workspace.id,
    (now) => now?.latest_build.id !== build.id || hasEnded(now.latest_build),
    signal,
  );
  if (last?.latest_build.id === build.id) return last.latest_build;
  // As it was read back, where the response to its request was lost.
  if (hasEnded(build)) return build;
  // Another build has begun since, or the workspace is gone: after its deletion, or for this user.
  try {
    const read = await readOnceBack(target, (stop) => builds.get(session.calls, build.id, stop));
    if (last !== undefined || hasEnded(read)) return read;
  } catch (error) {
    await unlessUnread(error, session);
    // A build that is absent or hidden (contract 0.6) doesn't tell whether the deletion succeeded.
    if (build.transition === 'delete' || !isOfKind(error, 'notFound', 'gone'))
      throw new Refusal(unconfirmed(nameIn(target), build.transition as Act['request']['transition']));
  }
  // It goes on where this user sees it no longer.
  throw noLongerExists(workspace);
}
