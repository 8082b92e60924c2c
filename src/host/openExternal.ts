import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { webAddress } from '../model/webAddress.ts';

/** Opens `address` in the browser as it is. @throws Error for anything but http and https */
export async function openInBrowser(address: string): Promise<void> {
  const url = webAddress(address);
  if (url === undefined) throw new Error(l10n.t('Only http and https links can be opened.'));
  await openString(await forwarded(url));
}

/** Hands `path` and `query` to the URI handler of another extension in this VS Code. */
export async function openInExtension(extensionId: string, path: string, query: string): Promise<void> {
  const uri = { scheme: vscode.env.uriScheme, authority: extensionId, path };
  if (vscode.env.uiKind === vscode.UIKind.Desktop) {
    await vscode.env.openExternal(vscode.Uri.from({ ...uri, query }));
    return;
  }
  // A browser does not know the scheme: VS Code's callback page takes its place, and decodes the query once more.
  const callback = await vscode.env.asExternalUri(vscode.Uri.from({ ...uri, query: encodeURIComponent(query) }));
  await openString(callback.toString(true));
}

/**
 * A `Uri` is decoded, and encoded anew when it is opened: `%26` becomes `&`, and `%2B` a space. A string is opened as it
 * is (ExtHostWindow.openUri, seen in 1.105 and 1.139), though the typings do not say so (microsoft/vscode#173239).
 */
async function openString(address: string): Promise<void> {
  await vscode.env.openExternal(address as unknown as vscode.Uri);
}

/**
 * In a browser a port of the host that VS Code runs on is reached at another address. VS Code would find that out when it
 * opens the address, and encode all of it anew: so only scheme, host and port are replaced here. No other address is
 * asked about: VS Code would then name that one, without its path, where it asks whether to open a website.
 */
async function forwarded({ href, origin, hostname }: URL): Promise<string> {
  if (vscode.env.uiKind === vscode.UIKind.Desktop || !LOOPBACK.test(hostname)) return href;
  const local = vscode.Uri.parse(origin);
  const external = await vscode.env.asExternalUri(local);
  if (external.toString() === local.toString() || external.query !== '') return href;
  return external.toString(true).replace(/\/$/, '') + href.slice(origin.length);
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])$/;
