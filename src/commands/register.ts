import * as vscode from 'vscode';
import type { ContextParts } from './createContext.ts';
import type { createRunner } from './run.ts';

/** What of the manifest is read. */
interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/**
 * Registers the commands of the manifest. Their code is loaded when the first command runs, which in most windows never
 * happens.
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
