import type { CommandContext } from './context.ts';

export function showOutput(context: CommandContext): Promise<void> {
  context.log.show();
  return Promise.resolve();
}
