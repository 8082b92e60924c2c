import * as vscode from 'vscode';
import type { ContextParts } from './createContext.ts';
import type { createRunner } from './run.ts';

/** What of the manifest is read. */
interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/**
 * Makes the commands of the manifest known. What they do, and what they ask and tell people with, is loaded when the
 * first of them is asked for: most windows never ask.
 */
export function registerCommands(
  { packageJSON }: Pick<vscode.Extension<unknown>, 'packageJSON'>,
  parts: ContextParts,
): vscode.Disposable[] {
  let run: ReturnType<typeof createRunner> | undefined;
  return (packageJSON as Manifest).contributes.commands.map(({ command: id }) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      const { createRunner } = await import('./run.ts');
      run ??= createRunner(parts);
      await run(id, args);
    }),
  );
}
