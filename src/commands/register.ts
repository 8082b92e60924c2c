import * as vscode from 'vscode';
import { errorBoundary } from './errorBoundary.ts';
import type { CommandContext } from './context.ts';

/** What of the manifest is read. */
interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/**
 * Makes the commands of the manifest known, each within the boundary. What they do is loaded when the first of them is
 * asked for: most windows never ask.
 */
export const registerCommands = (
  { packageJSON }: Pick<vscode.Extension<unknown>, 'packageJSON'>,
  context: CommandContext,
): vscode.Disposable[] =>
  (packageJSON as Manifest).contributes.commands.map(({ command: id }) => {
    const run = async (...args: unknown[]): Promise<void> => {
      const { COMMANDS } = await import('./table.ts');
      await COMMANDS[id]?.(context, ...args);
    };
    return vscode.commands.registerCommand(id, errorBoundary(id, run, context));
  });
