import * as vscode from 'vscode';
import { createFile } from './createFile.ts';

export interface SharedFile {
  readonly name: string;
  /** When it was last written; 0 if it has gone since. */
  readonly atMs: number;
}

/**
 * Empty files with names of any form, which all windows share. On disk at once: in globalState, which a browser writes
 * seconds later, windows overwrite each other's. @throws what VS Code's file system throws, from each but `has` and `list`
 */
export class SharedFolder {
  readonly #folder: vscode.Uri;
  readonly #fs = vscode.workspace.fs;

  constructor(folder: vscode.Uri) {
    this.#folder = folder;
  }

  async has(name: string): Promise<boolean> {
    return (await this.#writtenAt(name)) > 0;
  }

  /** The newest first; none before the first is written. */
  async list(): Promise<SharedFile[]> {
    const found = await Promise.resolve(this.#fs.readDirectory(this.#folder)).catch(() => []);
    const names = found.flatMap(([name]) => nameOf(name));
    const files = await Promise.all(names.map(async (name) => ({ name, atMs: await this.#writtenAt(name) })));
    return files.sort((one, other) => other.atMs - one.atMs);
  }

  /** @returns whether this window made it: of windows that ask at the same moment one does. @throws as `createFile`, too */
  async create(name: string): Promise<boolean> {
    await this.#fs.createDirectory(this.#folder);
    return createFile(this.#at(name).fsPath);
  }

  async write(name: string): Promise<void> {
    await this.#fs.createDirectory(this.#folder);
    await this.#fs.writeFile(this.#at(name), new Uint8Array());
  }

  /** Another window may have removed it. */
  async remove(name: string): Promise<void> {
    try {
      await this.#fs.delete(this.#at(name));
    } catch (error) {
      if (await this.has(name)) throw error;
    }
  }

  #at(name: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, encodeURIComponent(name));
  }

  #writtenAt(name: string): Promise<number> {
    return Promise.resolve(this.#fs.stat(this.#at(name))).then(
      ({ mtime }) => mtime,
      () => 0,
    );
  }
}

/** What a file there is called; nothing where somebody else has put it there. */
const nameOf = (file: string): string[] => {
  try {
    const name = decodeURIComponent(file);
    return encodeURIComponent(name) === file ? [name] : [];
  } catch {
    return [];
  }
};
