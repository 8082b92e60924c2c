import * as l10n from '@vscode/l10n';
import { LinkedController } from '../api/abort.ts';
import { ApiError, inBackground } from '../api/errors.ts';
import { hasEnded, type Build, type Workspace } from '../api/schemas/workspaces.ts';
import type { Act, Begun } from './act.ts';
import { readBuildOnceBack } from './afterWrite.ts';
import type { CommandContext } from './context.ts';
import { begin, mayGoOnByItself } from './makeBuild.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, type Target } from './target.ts';

/** Who watches an act. */
export interface Watcher {
  /** The second build of the act has begun. */
  goesOn(build: Build): void;
  /** What the person has to know although the act goes on. */
  tell(sentence: string): void;
  /** Between the two builds: the second one is not wanted any more. */
  isCalledOff(): boolean;
}

/** How an act ended. */
export interface Ended {
  readonly last: Build;
  /** All of it was built by us, and succeeded. */
  readonly isWhole: boolean;
}

/** How long a server that goes on by itself may take for it: it took a few milliseconds (contract 2.14). */
const GOES_ON_WITHIN_MS = { maybe: 1_500, surely: 10_000 };

/**
 * Follows an act from its first build to its end. A start follows a stop that has succeeded only: what fails, is
 * canceled or was made by somebody else starts nothing. Where the window closes in between, the stop is on record as
 * that of a restart, which the next window tells.
 */
export async function endOfAct(
  context: Pick<CommandContext, 'sending' | 'restarts'>,
  target: Target,
  act: Act,
  first: Begun,
  watcher: Watcher,
): Promise<Ended> {
  const { then } = act;
  if (then === undefined || first.joined) {
    const last = await endOf(target, first.build);
    return { last, isWhole: hasSucceeded(last) && !first.joined };
  }
  const { restarts } = context;
  const { id } = first.build;
  restarts.begun(id);
  try {
    const stopped = await endOf(target, first.build);
    const next =
      hasSucceeded(stopped) && !watcher.isCalledOff() ? await goOn(context, target, act, stopped, watcher) : undefined;
    restarts.ended(id);
    if (next === undefined) return { last: stopped, isWhole: false };
    watcher.goesOn(next.build);
    const last = await endOf(target, next.build);
    return { last, isWhole: hasSucceeded(last) && !next.joined };
  } catch (error) {
    if (!target.signal.aborted) restarts.interrupted(id);
    throw error;
  }
}

export const hasSucceeded = (build: Build): boolean => hasEnded(build) && build.job.status === 'succeeded';

/** The start after a stop: the server's own, or ours. */
async function goOn(
  context: Pick<CommandContext, 'sending'>,
  target: Target,
  { then = {} }: Act,
  stopped: Build,
  watcher: Watcher,
): Promise<Begun | undefined> {
  const { features } = target.session.client;
  if (mayGoOnByItself(features, target.workspace, then)) {
    const own = await startByServer(target, stopped);
    // A server that was seen to do it tried, and could not.
    features.restartsByItself ??= own !== undefined;
    if (own !== undefined) return { build: own, joined: false };
    if (watcher.isCalledOff()) return undefined;
  }
  const workspace = currentWorkspace(target);
  const start: Act = { verb: 'start', request: { transition: 'start', ...then } };
  try {
    return await begin(context, { ...target, workspace }, start, (sentence) => watcher.tell(sentence));
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof ApiError && error.kind !== 'unauthorized')) throw error;
    const { latest_build: latest } = currentWorkspace(target);
    // Somebody else's start is over by now: what was wanted is so.
    if (latest.id !== stopped.id && latest.transition === 'start' && hasSucceeded(latest))
      return { build: latest, joined: true };
    throw new Refusal(l10n.t('{0} was stopped, but not started again. {1}', workspace.name, error.message));
  }
}

async function startByServer({ session, workspace, signal }: Target, stopped: Build): Promise<Build | undefined> {
  const isNext = (now: Workspace | undefined) => (now?.latest_build.build_number ?? 0) > stopped.build_number;
  const within = session.client.features.restartsByItself === true ? GOES_ON_WITHIN_MS.surely : GOES_ON_WITHIN_MS.maybe;
  const patience = new LinkedController(signal);
  const timers = [
    // A frame of the watch may be late, or never come.
    setTimeout(() => inBackground(session.tryRefetch(workspace.id), () => undefined), GOES_ON_WITHIN_MS.maybe / 3),
    setTimeout(() => patience.abort(), within),
  ];
  try {
    return (await session.waitFor(workspace.id, isNext, patience.signal))?.latest_build;
  } catch (error) {
    signal.throwIfAborted();
    if (!patience.signal.aborted) throw error;
    return undefined;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    patience.release();
  }
}

/** The build as the server reports it when it is over. */
async function endOf(target: Target, build: Build): Promise<Build> {
  const { session, workspace, signal } = target;
  const last = await session.waitFor(
    workspace.id,
    (now) => now?.latest_build.id !== build.id || hasEnded(now.latest_build),
    signal,
  );
  return last?.latest_build.id === build.id ? last.latest_build : readBuildOnceBack(target, build.id);
}
