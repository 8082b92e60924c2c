import { followBuildLog, type BuildLogEvent } from '../api/logs.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import type { Session } from '../model/session.ts';
import type { CommandContext } from './context.ts';
import { findTarget } from './target.ts';

/** The log of the latest build, followed while it runs. */
export async function showLog(context: CommandContext, argument: unknown): Promise<void> {
  const { session, workspace } = await findTarget(context, argument, 'showLog');
  const build = workspace.latest_build;
  const { signal } = session;
  context.buildLogs.follow(workspace, build, () => followLog(session, build, signal));
  context.buildLogs.show(workspace);
}

/**
 * The log of a build as it is written. How it ended is a fact for the session: V0's watch tells of no failure, and the
 * next list may be seconds away.
 */
export async function* followLog(session: Session, build: Build, signal: AbortSignal): AsyncIterable<BuildLogEvent> {
  for await (const event of followBuildLog(session.client.calls, build.id, { signal, build })) {
    if (event.kind === 'ended') session.adopt(event.build);
    yield event;
  }
}
