import * as vscode from 'vscode';

interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly stat: vscode.FileStat;
}

/** Files that exist in memory only, each known by its address. */
export class MemoryFiles implements vscode.FileSystemProvider {
  readonly #files = new Map<string, MemoryFile>();
  /** Never: they change only by being written to. */
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  add(uri: vscode.Uri, text: string): void {
    this.writeFile(uri, new TextEncoder().encode(text));
  }

  delete(uri: vscode.Uri): void {
    this.#files.delete(uri.toString());
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    return this.#at(uri).stat;
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.#at(uri).bytes;
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    const before = this.#files.get(uri.toString())?.stat;
    const now = Date.now();
    const stat = {
      type: vscode.FileType.File,
      ctime: before?.ctime ?? now,
      // VS Code takes a file whose time did not grow for unchanged.
      mtime: Math.max(now, (before?.mtime ?? 0) + 1),
      size: bytes.length,
    };
    this.#files.set(uri.toString(), { bytes, stat });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  #at(uri: vscode.Uri): MemoryFile {
    const file = this.#files.get(uri.toString());
    if (file === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }
}
