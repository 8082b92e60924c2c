// What is shipped: the bundle that VS Code loads, and the package that people download.
import { stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { bytesOf, makeProductionBundle } from '../productionBundle.ts';
import { extensionVsix } from '../workbench/vsix.ts';
import { report } from './measure.ts';

const written = (bytes: number): string => bytes.toLocaleString('en');

const bundle = makeProductionBundle();
const all = [...bundle.files.keys()];
report('bytes at activation, minified', written(bytesOf(bundle, bundle.atActivation)), written(108_000));
report('bytes of all, minified', written(bytesOf(bundle, all)), written(275_000));
report(
  'bytes of all, compressed',
  written(all.reduce((sum, name) => sum + gzipSync(bundle.files.get(name) ?? '').length, 0)),
);
for (const name of all.filter((each) => !bundle.atActivation.includes(each))) {
  report(`bytes of ${name}, when asked for`, written(bytesOf(bundle, [name])));
}
report('bytes of the package', written((await stat(await extensionVsix())).size));
