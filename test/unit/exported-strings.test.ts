import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { getL10nJson } from '@vscode/l10n-dev';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Lines that are the same in many files. */
const IMPORT = /^import .* from '(?:@vscode\/l10n|vscode)';$/gm;

test('The exported strings are those of the code', async () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(join('src', file)));
  // As one text in which each import stands once: the tool takes a tenth of a second for each import that it sees.
  const imports = new Set(files.flatMap((text) => text.match(IMPORT) ?? []));
  const contents = [...imports, ...files.map((text) => text.replace(IMPORT, ''))].join('\n');
  const found = await getL10nJson([{ contents, extension: '.ts' }]);
  assert.deepEqual(JSON.parse(read('l10n/bundle.l10n.json')), found, 'run `npm run l10n`');
});
