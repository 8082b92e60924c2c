import * as vscode from 'vscode';

/**
 * The scheme of read-only documents about builds, and the first folder of their paths. The manifest knows both, for the
 * language of logs.
 */
export const DOCUMENT_SCHEME = 'coder-workspaces-build';

/** Closes the tabs of the texts for which `isIt` holds, as their buttons do. */
export async function closeTabs(isIt: (uri: vscode.Uri) => boolean): Promise<void> {
  const tabs = tabsOf(isIt);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

/** Closes the texts of an earlier window: what was in them was in its memory only. */
export const closeLeftTexts = (): Promise<void> => closeTabs(({ scheme }) => scheme.startsWith('coder-workspaces-'));

export const tabsOf = (isIt: (uri: vscode.Uri) => boolean): vscode.Tab[] =>
  vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => textsOf(tab).some(isIt));

/** What a tab shows: a text, or two that are compared. */
export const textsOf = ({ input }: vscode.Tab): vscode.Uri[] => {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
};
