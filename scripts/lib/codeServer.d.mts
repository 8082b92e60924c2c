/** The VS Code that tests and demo show, or the oldest that the extension supports. */
export type VscodeRelease = 'newest' | 'floor';
export declare const canInstallCodeServer: boolean;
export declare function ensureCodeServer(
  release?: VscodeRelease,
): Promise<{ node: string; entry: string; builtInExtensions: string }>;
export declare function installExtensions(
  vsixes: readonly string[],
  userDataDir: string,
  options?: { release?: VscodeRelease | undefined },
): Promise<void>;
export declare function foldersIn(userDataDir: string): string[];
