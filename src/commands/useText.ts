import type { CommandContext } from './context.ts';

/** The text that is edited is the answer. */
export function useText({ texts }: CommandContext): Promise<void> {
  texts.use();
  return Promise.resolve();
}

/** The text that is edited stays as it was. */
export function leaveText({ texts }: CommandContext): Promise<void> {
  return texts.leave();
}
