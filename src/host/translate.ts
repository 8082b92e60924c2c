import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/** Passes VS Code's translations to `@vscode/l10n`; without any, sentences stay English. */
export function translate(): void {
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
}
