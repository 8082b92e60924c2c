import * as vscode from 'vscode';

/**
 * The scheme of read-only documents about builds, and the first folder of their paths. The manifest knows both, for the
 * language of logs.
 */
export const DOCUMENT_SCHEME = 'coder-workspaces-build';

/** Closes the tabs of the texts for which `isIt` holds, as their buttons do; a comparison counts as its newer text. */
export async function closeTabs(isIt: (uri: vscode.Uri) => boolean): Promise<void> {
  const tabs = tabsOf(isIt);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

export const tabsOf = (isIt: (uri: vscode.Uri) => boolean): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) =>
        (input instanceof vscode.TabInputText && isIt(input.uri)) ||
        (input instanceof vscode.TabInputTextDiff && isIt(input.modified)),
    );

/** What the tab of a document shows, as a part of its path. */
export const fileName = (name: string): string =>
  name
    .replace(/[\u0000-\u001f\\/:*?"<>|]+/g, ' ')
    .trim()
    .slice(0, 60) || 'text';
