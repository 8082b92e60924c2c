import type { CommandContext } from './context.ts';
import { followLog } from './followLog.ts';
import { findTarget } from './target.ts';

/** The log of the latest build, followed while it runs. */
export async function showLog(context: CommandContext, argument: unknown): Promise<void> {
  const { session, workspace } = await findTarget(context, argument, 'showLog');
  const build = workspace.latest_build;
  const { signal } = session;
  context.buildLogs.follow(workspace, build, () => followLog(session, build, signal));
  context.buildLogs.show(workspace);
}
