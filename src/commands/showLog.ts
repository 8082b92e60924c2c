import * as builds from '../api/builds.ts';
import { followBuildLog, type BuildLogEvent } from '../api/logs.ts';
import { hasEnded } from '../api/buildEnd.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import type { BuildId } from '../api/units.ts';
import type { LogRecord } from '../model/keptLog.ts';
import type { Observable } from '../model/observable.ts';
import type { Session } from '../model/session.ts';
import { followAgents } from './agentLogs.ts';
import { logDocument } from './buildDocument.ts';
import type { CommandContext } from './context.ts';
import { agentIdOf, findTarget, type Target } from './target.ts';

/**
 * The log of the latest build: in its channel where it runs or was followed in this window, otherwise as a document.
 * `buildId`: of that build, read from its first error on. The row of an agent: read from what that one says.
 */
export async function showLog(context: CommandContext, argument: unknown, buildId?: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'showLog');
  const { session, signal, workspace } = target;
  const latest = workspace.latest_build;
  const agentId = agentIdOf(argument);
  if (agentId !== undefined && hasEnded(latest)) {
    const agent = latest.resources.flatMap(({ agents }) => agents).find(({ id }) => id === agentId);
    return context.ui.showText(await logDocument(context, target, latest, agent?.name));
  }
  if (typeof buildId !== 'string') return showLogOf(context, target, latest);
  const build = latest.id === buildId ? latest : await builds.get(session.client.calls, buildId as BuildId, signal);
  await showLogOf(context, target, build, true);
}

/** Opens the log of `build`. `asDocument`: one that is over, although it may have been followed. */
export async function showLogOf(
  context: CommandContext,
  target: Target,
  build: Build,
  asDocument = false,
): Promise<void> {
  const { session, workspace, signal } = target;
  const { buildLogs, ui } = context;
  if (hasEnded(build) && (asDocument || !buildLogs.has(workspace, build))) {
    await ui.showText(await logDocument(context, target, build));
    return;
  }
  buildLogs.follow(workspace, build, (isShown) => followLog(session, build, signal, isShown));
  buildLogs.show(workspace);
}

/**
 * The log of a build as it is written, and then those of its agents. How it ended is a fact for the session: V0's watch
 * tells of no failure, and the next list may be seconds away.
 */
export async function* followLog(
  session: Session,
  build: Build,
  signal: AbortSignal,
  isShown?: Observable<boolean>,
): AsyncIterable<BuildLogEvent | LogRecord> {
  for await (const event of followBuildLog(session.client.calls, build.id, { signal, build })) {
    if (event.kind === 'ended') session.adopt(event.build);
    yield event;
    if (event.kind === 'ended') yield* followAgents(session, event.build, signal, isShown);
  }
}
