import type { CommandContext } from './context.ts';
import { build } from './makeBuild.ts';
import { findTarget } from './target.ts';

/** The same version with the same values: a start never updates by itself. */
export async function start(context: CommandContext, argument: unknown): Promise<void> {
  await build(context, await findTarget(context, argument, 'start'), { transition: 'start' });
}
