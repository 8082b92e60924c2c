import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLine } from '../../src/api/plainText.ts';
import { markdownText, plain, plainBeforeLink } from '../../src/host/escape.ts';
import { masked } from '../../src/host/mask.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import { commandLink } from '../../src/views/commandLink.ts';

const COMMAND_LINK = '[Show me](command:workbench.action.quit)';

test('A command link in server text is no link any more', () => {
  assert.equal(plain(COMMAND_LINK), '[Show me] (command:workbench.action.quit)');
});

test('A command link whose halves are held apart by invisible characters is no link either', () => {
  for (const between of ['\u200b', '\u202e', '\u0000', '\u2060', '\u{e0020}']) {
    assert.doesNotMatch(plain(`[x]${between}(command:x)`), /\]\(/);
  }
});

test('An icon in server text stays text', () => {
  assert.equal(plain('$(zap) dev'), '$ (zap) dev');
  assert.doesNotMatch(plain('$\u200b(zap)'), /\$\(/);
});

test('Control and bidirectional characters are gone, and line breaks are spaces', () => {
  assert.equal(plain('a\u0007b\u001b[31mc\u202ed\u2066e\u200ff\u061cg'), 'ab[31mcdefg');
  assert.equal(plain('one\r\ntwo\u2028three\tfour'), 'one two three four');
});

test('Two names that differ in nothing that can be seen are the same, and one of nothing else is empty', () => {
  for (const unseen of ['\u200c', '\u200d', '\ufe0f', '\ufe00', '\u034f', '\u3164', '\uffa0', '\u115f', '\u{e0101}']) {
    assert.equal(plain(`d${unseen}ev`), 'dev', JSON.stringify(unseen));
    assert.equal(plain(unseen), '', JSON.stringify(unseen));
    assert.equal(plainLine(`dev${unseen}`), 'dev', JSON.stringify(unseen));
  }
  assert.equal(plainLine('\u2800\u2800'), '');
});

test('Marks piled upon a letter, which would cover the lines above it, are as many as a script has', () => {
  assert.equal(plain(`a${'\u0301'.repeat(200)}b`), `a${'\u0301'.repeat(6)}b`);
  assert.equal(plainLine(`a${'\u0301'.repeat(200)}b`), `a${'\u0301'.repeat(6)}b`);
  assert.equal(plain('Việt é שָׁ'), 'Việt é \u2068שָׁ\u2069');
});

/** What VS Code makes links of in messages (`linkedText.ts`). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

test('A bracket that the server left open is no beginning of our own link', () => {
  const link = commandLink('Show Log', 'showLog', 'id' as WorkspaceId);
  for (const text of ['[Your session has ended. Sign in', '[a] [b', '[[', '[', 'a ] [ b [']) {
    const shown = `Starting ${plainBeforeLink(text)}: ${plainBeforeLink(text)} · ${link}`;
    assert.deepEqual(
      [...shown.matchAll(LINK)].map(([, label]) => label),
      ['Show Log'],
      shown,
    );
  }
  assert.equal(plainBeforeLink('module.dev[0] planned'), 'module.dev[0] planned');
});

test('An id from a server ends no link, whatever is in it', () => {
  const id = `x) (http://evil.example "t') ![i](j) \ud800` as WorkspaceId;
  const link = commandLink('Stop', 'stop', id);
  const [, argument = ''] = /^\[Stop\]\(command:coderWorkspaces\.stop\?([\w%.~-]+)\)$/.exec(link) ?? [];
  assert.deepEqual(JSON.parse(decodeURIComponent(argument)), [id]);
});

test('Letters, emoji sequences and joined scripts come through as they are', () => {
  for (const text of ['Zoë’s dev', '👩‍💻 ready', '❤️‍🔥', '1️⃣ © ®️', '日本語']) assert.equal(plain(text), text);
});

test('Words written from right to left are isolated, so that what follows them stays behind them', () => {
  const [name, arabic] = ['שלום עולם', 'مرحبا ١٢'];
  const isolated = (text: string): string => `\u2068${text}\u2069`;
  assert.equal(plain(`Stopped · ${name}, 2 days ago`), `Stopped · ${isolated(name)}, 2 days ago`);
  assert.equal(plain(`${arabic}: 3 of 5 (${name})`), `${isolated(arabic)}: 3 of 5 (${isolated(name)})`);
  assert.equal(plain(`Template: ${name} 2`), `Template: ${isolated(`${name} 2`)}`);
  assert.equal(plain(`${name} · api · ${arabic}`), `${isolated(name)} · api · ${isolated(arabic)}`);
  assert.equal(plain('می‌خواهم'), isolated('می‌خواهم'));
  assert.equal(plain(plain(name)), plain(name));
  assert.equal(markdownText(`By: ${name}!`), `By\\: ${isolated(name)}\\!`);
  // Marks of the server's own are still taken out, so that none is left open.
  assert.equal(plain(`\u2067${name}\u202e`), isolated(name));
  // What is copied or written to a document doesn't pass there.
  assert.equal(plainLine(name), name);
});

test('A long text of letters and spaces in turn is isolated as fast as any other', () => {
  const text = 'א '.repeat(500);
  assert.equal(plain(text), `\u2068${text}\u2069`);
  assert.equal(plain(`${' '.repeat(400)}א${' '.repeat(400)}x`), `${' '.repeat(400)}\u2068א\u2069${' '.repeat(400)}x`);
});

test('Text that looks harmless is not taken for it: a link, an icon, a control character, a long text', () => {
  assert.equal(plain('Running · stops 18:30…'), 'Running · stops 18:30…');
  for (const text of ['a](b', '$(zap)', 'a\u0007', 'a\u007f', 'a\u202eb', 'a\nb', 'x'.repeat(1_001)]) {
    assert.notEqual(plain(text), text);
  }
});

test('A lone surrogate becomes the replacement character and a pair stays', () => {
  assert.equal(plain('a\ud800b'), 'a\ufffdb');
  assert.equal(plain('😀'), '😀');
});

test('A text of any size ends after a thousand characters', () => {
  const text = plain('x'.repeat(200_000));
  assert.equal(text.length, 1_001);
  assert.ok(text.endsWith('…'));
});

test('Cutting in the middle of a pair leaves no half of it', () => {
  assert.doesNotMatch(plain(`${'x'.repeat(999)}😀😀`), /\p{Surrogate}/u);
});

test('In Markdown no character of server text has a meaning', () => {
  const hostile = `${COMMAND_LINK} <command:x> <img src=x> **b** \`c\` http://example.com $(zap) | a@b.c &lt;`;
  const escaped = markdownText(hostile);
  // Every punctuation mark stands behind a backslash, which CommonMark reads as the mark itself.
  assert.equal(/[!-/:-@[-`{-~]/.exec(escaped.replace(/\\[!-/:-@[-`{-~]/g, '')), null);
  assert.equal(escaped.replace(/\\([!-/:-@[-`{-~])/g, '$1'), plain(hostile));
});

test('In Markdown an indented line keeps its indentation and is no code', () => {
  assert.equal(markdownText('    on main.tf line 3:'), '\u00a0\u00a0\u00a0\u00a0on main\\.tf line 3\\:');
  assert.doesNotMatch(markdownText('\t\t\tx'), /^[ \t]/);
});

test('The log shows no token, no credentials of an address and no secret header', () => {
  const token = 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV';
  for (const line of [
    `GET https://x.test/?coder_session_token=${token}&a=1`,
    `Coder-Session-Token: ${token}`,
    `{"authorization": "Bearer s3cret"}`,
    'proxy http://user:s3cret@proxy.test:8080 refused',
    `the token ${token} was refused`,
    'https://x.test/cb?a=1&token=s3cret',
    `session_${token}`,
    `https://x.test/%22${token}%22`,
    `${token}x`,
    'proxy http://user:p@s3cret@proxy.test:8080 refused',
  ]) {
    assert.doesNotMatch(masked(line), /s3cret|ABCDEFGHIJ/, line);
  }
  assert.equal(masked('GET /api/v2/workspaces 200 in 12 ms'), 'GET /api/v2/workspaces 200 in 12 ms');
});

test('A line of any length is masked at once', () => {
  for (const part of ['a.', 'a-', 'a+', '://', 'x@', 'authorization']) {
    assert.equal(masked(part.repeat(200_000)).length > 0, true, part);
  }
});
