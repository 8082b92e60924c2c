import { build } from './build.ts';
import type { CommandContext } from './context.ts';
import { planStart } from './planBuild.ts';
import { findTarget } from './target.ts';

/** The last version with the same values, unless the workspace's settings or its template want the active one. */
export async function start(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'start');
  const { act, form } = await planStart(context, target, { verb: 'start' });
  await build(context, target, act, form);
}

/** The same, asking for all that may be changed. */
export async function startWithParameters(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'startWithParameters');
  const { act, form } = await planStart(context, target, { verb: 'startWithParameters', asksForAll: true });
  await build(context, target, act, form);
}
