// What is shipped: the bundle that VS Code loads, and the package that people download.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { projectDir } from '../../scripts/lib/paths.mjs';
import { extensionVsix } from '../workbench/vsix.ts';
import { report } from './measure.ts';

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;

const vsix = await extensionVsix();
const bundle = await readFile(path.join(projectDir, 'dist', 'extension.cjs'));
report('bundle, minified', kilobytes(bundle.length), '200 KB');
report('bundle, compressed', kilobytes(gzipSync(bundle).length));
report('package', kilobytes((await stat(vsix)).size));
