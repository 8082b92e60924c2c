import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { webAddress } from '../model/webAddress.ts';

/** Opens `address` in the browser. @throws Error for anything but http and https */
export async function openInBrowser(address: string): Promise<void> {
  const url = webAddress(address);
  if (url === undefined) throw new Error(l10n.t('Only http and https addresses are opened.'));
  await vscode.env.openExternal(vscode.Uri.parse(url.href, true));
}

/** Hands `path` and `query` to the URI handler of another extension in this VS Code. */
export async function openInExtension(extensionId: string, path: string, query: string): Promise<void> {
  await vscode.env.openExternal(handlerUri(extensionId, path, query));
}

export const handlerUri = (extensionId: string, path: string, query: string): vscode.Uri =>
  vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: extensionId, path, query });
