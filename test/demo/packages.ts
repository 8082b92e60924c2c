// What the demo installs into its VS Code: the extension, and what opens its side bar.
import path from 'node:path';
import { projectDir, resultsDir } from '../../scripts/lib/paths.mjs';
import { packageExtension } from '../../scripts/lib/vsix.mjs';

export async function packageDemo(): Promise<string[]> {
  const extension = await packageExtension();
  const opener = await packageExtension({
    folder: path.join(projectDir, 'test', 'demo', 'opener'),
    file: path.join(resultsDir, 'demo-opener.vsix'),
  });
  return [extension, opener];
}
