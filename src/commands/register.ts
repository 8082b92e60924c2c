import * as vscode from 'vscode';
import { errorBoundary } from './errorBoundary.ts';
import type { CommandContext } from './context.ts';
import { COMMANDS } from './table.ts';

/** Makes the commands known, each within the boundary. */
export const registerCommands = (context: CommandContext): vscode.Disposable[] =>
  Object.entries(COMMANDS).map(([id, run]) =>
    vscode.commands.registerCommand(
      id,
      errorBoundary(id, (...args) => run(context, ...args), context),
    ),
  );
