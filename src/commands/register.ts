import * as vscode from 'vscode';
import { bounded } from './boundary.ts';
import type { CommandContext } from './context.ts';
import { COMMANDS } from './table.ts';

/** Makes the commands known, each within the boundary. */
export const registerCommands = (context: CommandContext): vscode.Disposable[] =>
  Object.entries(COMMANDS).map(([id, run]) =>
    vscode.commands.registerCommand(
      id,
      bounded(id, (...args) => run(context, ...args), context),
    ),
  );
