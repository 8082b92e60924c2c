import * as vscode from 'vscode';
import { fileName } from '../api/plainText.ts';
import type { SavePlace } from '../model/prompt.ts';
import { writePrivateFile } from './privateFile.ts';

/** VS Code's dialog; `undefined`: it was closed. */
export async function askWhereToSave(name: string): Promise<SavePlace | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog(
    folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, fileName(name)) },
  );
  if (uri === undefined) return undefined;
  return { save: (bytes) => (uri.scheme === 'file' ? writePrivateFile(uri.fsPath, bytes) : writeThere(uri, bytes)) };
}

/** For file systems that only VS Code can access, whose permissions can't be set. */
async function writeThere(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
  const { fs } = vscode.workspace;
  const temporary = uri.with({ path: `${uri.path}.tmp` });
  try {
    await fs.writeFile(temporary, bytes);
    await fs.rename(temporary, uri, { overwrite: true });
  } catch (error) {
    await fs.delete(temporary).then(undefined, () => undefined);
    throw error;
  }
}
