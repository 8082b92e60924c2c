import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/** Hands VS Code's translations to the rooms that do not see VS Code; without any, the English sentences stand. */
export function translate(): void {
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
}
