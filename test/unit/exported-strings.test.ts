import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bundleFile, sentencesIn, sentencesOfCode } from '../../scripts/lib/sentences.mjs';

test('The exported strings are those of the code', async () => {
  const found = await sentencesOfCode();
  assert.ok(Object.keys(found).length > 800, `only ${Object.keys(found).length} are found`);
  assert.deepEqual(JSON.parse(readFileSync(bundleFile, 'utf8')), found, 'run `npm run l10n`');
});

test('A string is found however its call is written, and one that is not written out is refused', async () => {
  const text = [
    `const plain = l10n.t('Sign In');`,
    `const broken = l10n`,
    `  .t("Couldn't read {0}. {1}", name, l10n.t('Try Again'));`,
    `const escaped = l10n.t('It\\'s \\u2026');`,
    `const others = [t('a'), x.t('b'), l10n.config('b'), vscode.l10n.t('c'), "l10n.t('d')"]; // l10n.t('e')`,
  ].join('\n');
  assert.deepEqual(await sentencesIn('a.ts', text), ['Sign In', "Couldn't read {0}. {1}", 'Try Again', "It's …", 'c']);
  for (const refused of ['l10n.t(name)', 'l10n.t(`To ${name}`)', "l10n.t('a' + b)", 'l10n.t()'])
    await assert.rejects(sentencesIn('a.ts', `\nconst x = ${refused};`), /^Error: a\.ts:2: l10n\.t is not given/);
});
