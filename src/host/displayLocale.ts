import * as vscode from 'vscode';

/**
 * Where and how this person reads times: VS Code's language and the zone of the machine, read anew each time because
 * people travel. The zone waits until it is wanted: the first one takes Node ten milliseconds, which activation has not.
 */
export function readDisplayLocale(): { readonly locale: string; readonly timeZone: string } {
  let timeZone: string | undefined;
  return {
    locale: vscode.env.language,
    get timeZone() {
      timeZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
      return timeZone;
    },
  };
}
