import * as vscode from 'vscode';

/** Where and how this person reads times: VS Code's language and the zone of the machine. Read anew each time: people travel. */
export const readPlace = (): { readonly locale: string; readonly timeZone: string } => ({
  locale: vscode.env.language,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});
