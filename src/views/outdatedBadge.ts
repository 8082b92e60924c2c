import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

const SCHEME = 'coder-workspaces-outdated';

/** The resource URI that carries the badge of a row; it can't be opened. */
export const outdatedUri = (rowId: string): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, path: `/${rowId}` });

/** The badge U of workspaces whose template has a newer version. */
export const outdatedBadge: vscode.FileDecorationProvider = {
  provideFileDecoration: (uri) =>
    uri.scheme === SCHEME ? new vscode.FileDecoration('U', l10n.t('A newer template version is active')) : undefined,
};
