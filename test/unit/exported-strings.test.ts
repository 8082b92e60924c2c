import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { getL10nJson } from '@vscode/l10n-dev';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('The exported strings are those of the code', async () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const found = await getL10nJson(files.map((file) => ({ contents: read(join('src', file)), extension: '.ts' })));
  assert.deepEqual(JSON.parse(read('l10n/bundle.l10n.json')), found, 'run `npm run l10n`');
});
