// Where things are: the project, what a run leaves behind, and what is installed once per machine.
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Screenshots, packages and logs of a run. Ignored by git. */
export const resultsDir = path.join(projectDir, 'test-results');

/** What is too large for a clone and the same for every clone: a VS Code, a Node. One folder per name and version. */
export const cacheDir = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'coder-workspaces');
