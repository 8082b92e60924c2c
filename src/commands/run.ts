import { createContext, type ContextParts } from './createContext.ts';
import { errorBoundary } from './errorBoundary.ts';
import { COMMANDS } from './table.ts';

/** All commands with all that only they use, each within the boundary. `id`: as in the table. */
export const createRunner = (parts: ContextParts) => {
  const context = createContext(parts);
  return (id: string, args: readonly unknown[]): Promise<void> =>
    errorBoundary(id, async () => COMMANDS[id]?.(context, ...args), context);
};
