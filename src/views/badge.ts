import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

const SCHEME = 'coder-workspaces-badge';

/** The resource URI that carries the badge of a row; it can't be opened. */
export const badgeUri = (rowId: string, badge: string): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, path: `/${rowId}`, query: badge });

/** ★ of favorites, and U of workspaces whose template has a newer version. */
export const badges: vscode.FileDecorationProvider = {
  provideFileDecoration: ({ scheme, query }) => {
    if (scheme !== SCHEME) return undefined;
    const signs: [string, string][] = [];
    if (query.includes('favorite')) signs.push(['★', l10n.t('Favorite')]);
    if (query.includes('outdated')) signs.push(['U', l10n.t('A newer template version is active')]);
    const [letters, words] = [0, 1].map((part) => signs.map((sign) => sign[part]));
    return new vscode.FileDecoration(letters?.join(''), words?.join(' · '));
  },
};
