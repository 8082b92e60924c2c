import * as vscode from 'vscode';

/** Names that all windows share; the newest first. */
export interface SharedNames {
  read(): Promise<readonly string[]>;
  add(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/**
 * Empty files below `folder`, of which the newest `kept` stay. On disk at once: globalState is written seconds later in a
 * browser, and a window that closes loses it. @throws what VS Code's file system throws, from `add` and `remove`
 */
export function createSharedNames(folder: vscode.Uri, kept: number): SharedNames {
  const { fs } = vscode.workspace;
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, encodeURIComponent(name));
  const read = async (): Promise<readonly string[]> => {
    // There is none before the first is added.
    const files = await Promise.resolve(fs.readDirectory(folder)).catch(() => []);
    const dated = await Promise.all(
      files.map(async ([name]) => {
        const uri = vscode.Uri.joinPath(folder, name);
        return {
          name: decodeURIComponent(name),
          at: await Promise.resolve(fs.stat(uri)).then(
            ({ mtime }) => mtime,
            () => 0,
          ),
        };
      }),
    );
    return dated.sort((one, other) => other.at - one.at).map(({ name }) => name);
  };
  const remove = async (name: string): Promise<void> => {
    // Another window may have removed it.
    if ((await read()).includes(name)) await fs.delete(at(name));
  };
  return {
    read,
    remove,
    add: async (name) => {
      await fs.createDirectory(folder);
      await fs.writeFile(at(name), new Uint8Array());
      for (const old of (await read()).slice(kept)) await remove(old);
    },
  };
}
