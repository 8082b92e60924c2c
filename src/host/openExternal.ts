import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/** Opens `address` in the browser. Only http and https: a server's word must not start another program. */
export async function openInBrowser(address: string): Promise<void> {
  const url = webAddress(address);
  if (url === undefined) throw new Error(l10n.t('Only http and https addresses are opened.'));
  await vscode.env.openExternal(vscode.Uri.parse(url.href, true));
}

export function webAddress(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
