import { isUseless } from '../api/logRetries.ts';
import { followBuildLog, type BuildLogEvent } from '../api/logs.ts';
import { hasEnded } from '../api/buildEnd.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import type { LogRecord } from '../model/logRecords.ts';
import type { Observable } from '../model/observable.ts';
import { agentName } from '../model/agentNames.ts';
import { agentsOf } from '../model/status.ts';
import { followAgents } from './agentLogs.ts';
import { elsewhere, logDocument } from './buildDocument.ts';
import type { CommandContext } from './context.ts';
import { readBuild } from './findBuild.ts';
import { agentIdOf, findTarget, type Target } from './target.ts';

/**
 * Shows the log of the latest build: in its output channel if it is running or was followed in this window, otherwise as a
 * document. With `buildId`: the log of that build at its first error. For an agent's row: at that agent's output.
 */
export async function showLog(context: CommandContext, argument: unknown, buildId?: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'showLog');
  const { workspace } = target;
  const latest = workspace.latest_build;
  const agentId = agentIdOf(argument);
  if (agentId !== undefined && hasEnded(latest)) {
    const agent = agentsOf(workspace).find(({ id }) => id === agentId);
    return context.ui.showText(await logDocument(context, target, latest, agent && agentName(agent, workspace)));
  }
  if (typeof buildId !== 'string') return showLogOf(context, target, latest);
  await showLogOf(context, target, await readBuild(target, buildId), true);
}

/** Opens the log of `build`. `asDocument`: one that is over, although it may have been followed. */
export async function showLogOf(
  context: CommandContext,
  target: Target,
  build: Build,
  asDocument = false,
): Promise<void> {
  const { workspace } = target;
  const { buildLogs, ui } = context;
  if (hasEnded(build) && (asDocument || !buildLogs.has(workspace, build))) {
    await ui.showText(await logDocument(context, target, build));
    return;
  }
  buildLogs.follow(workspace, build, (isShown) => followLog(target, build, isShown));
  buildLogs.show(workspace);
}

/**
 * Follows the log of a build and then the logs of its agents. The end of the build is passed to the session, because V0's
 * watch stream doesn't report failures and the next list may be seconds away.
 */
export async function* followLog(
  target: Target,
  build: Build,
  isShown?: Observable<boolean>,
): AsyncIterable<BuildLogEvent | LogRecord> {
  const { session, signal } = target;
  try {
    for await (const event of followBuildLog(session.calls, build.id, { signal, build })) {
      if (event.kind === 'ended') session.adopt(event.build);
      yield event;
      if (event.kind === 'ended') yield* followAgents(session, event.build, signal, isShown);
    }
  } catch (error) {
    throw isUseless(error) ? new Error(elsewhere(error, target, build)) : error;
  }
}
