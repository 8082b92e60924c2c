import { build } from './build.ts';
import type { CommandContext } from './context.ts';
import { planStart } from './planBuild.ts';
import { findTarget } from './target.ts';

/** Starts the last version with the same values, unless automatic updates or the template require the active one. */
export async function start(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'start');
  const { act, form } = await planStart(context, target, { verb: 'start' });
  await build(context, target, act, form);
}

/** Starts after asking for all mutable parameters. */
export async function startWithParameters(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'startWithParameters');
  const { act, form } = await planStart(context, target, { verb: 'startWithParameters', asksForAll: true });
  await build(context, target, act, form);
}
