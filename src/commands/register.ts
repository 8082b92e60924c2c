import * as vscode from 'vscode';
import { once } from '../model/once.ts';
import type { ContextParts } from './createContext.ts';

const PREFIX = 'coderWorkspaces.';

/** What of the manifest is read. */
interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      /** In the language of the window; beside the English one where it is translated. */
      readonly title: string | { readonly value: string };
    }[];
  };
}

/**
 * Registers the commands of the manifest. Their code is loaded when the first command runs, which in most windows never
 * happens. The argument `welcome` is that of links in the view's welcome texts, `key` that of the key bindings in the manifest.
 */
export function registerCommands(
  { packageJSON }: Pick<vscode.Extension<unknown>, 'packageJSON'>,
  parts: () => Promise<Omit<ContextParts, 'commandTitle'>>,
  rowsOfKey: () => Promise<readonly unknown[]>,
): vscode.Disposable[] {
  const load = once(async () => {
    const [{ createRunner }, given] = await Promise.all([import('./run.ts'), parts()]);
    return createRunner({ ...given, commandTitle: (id) => titles.get(id) ?? '' });
  });
  const titles = new Map(
    (packageJSON as Manifest).contributes.commands.map(({ command, title }) => [
      command.slice(PREFIX.length),
      typeof title === 'string' ? title : title.value,
    ]),
  );
  return [...titles.keys()].map((id) =>
    vscode.commands.registerCommand(PREFIX + id, async (...args: unknown[]) => {
      const run = await load();
      const isFromWelcome = args[0] === 'welcome';
      await run(id, isFromWelcome ? [] : args[0] === 'key' ? asFromMenu(await rowsOfKey()) : args);
      // The link has disappeared, and the keyboard focus with it.
      if (isFromWelcome) await vscode.commands.executeCommand('coderWorkspaces.workspaces.focus');
    }),
  );
}

/** What VS Code hands over for a row's menu: the row, and all that are selected with it. */
const asFromMenu = (rows: readonly unknown[]): unknown[] => (rows.length === 0 ? [] : [rows[0], rows]);
