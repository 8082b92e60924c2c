import { buildStart } from './build.ts';
import type { CommandContext } from './context.ts';
import { findTarget } from './target.ts';

/** Starts the last version with the same values, unless automatic updates or the template require the active one. */
export async function start(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'start');
  await buildStart(context, target, { verb: 'start' });
}

/** Starts after asking for all mutable parameters. */
export async function startWithParameters(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'startWithParameters');
  await buildStart(context, target, { verb: 'startWithParameters', asksForAll: true });
}
