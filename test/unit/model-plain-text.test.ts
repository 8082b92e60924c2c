import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileName, firstLine, plainLine, plainLines, withoutTokens } from '../../src/api/plainText.ts';

test('colours, links and titles for terminals are taken out, the text stays', () => {
  assert.deepEqual(
    plainLines('\u001b[1;31mError\u001b[0m: \u001b]8;;https://x.example\u0007here\u001b]8;;\u0007 \u001b(Bok'),
    ['Error: here ok'],
  );
});

test('an escape sequence that the server cut off does not leave its rest behind', () => {
  for (const cut of ['text\u001b', 'text\u001b[', 'text\u001b[1;3', 'text\u001b]8;;https://x']) {
    assert.deepEqual(plainLines(cut), ['text']);
  }
});

test('every kind of line break breaks a line, and an empty line stays one', () => {
  assert.deepEqual(plainLines('a\r\nb\n\nc\rd\u2028e'), ['a', 'b', '', 'c', 'd', 'e']);
});

test('control, bidirectional and invisible characters are taken out; tabs and joined emoji stay', () => {
  assert.deepEqual(plainLines('a\u0000b\u202ec\u2066d\ufeffe\u0085f\tg 👩\u200d🚀'), ['abcde', 'f\tg 👩\u200d🚀']);
});

test('half of a character that takes two code units becomes a replacement', () => {
  assert.deepEqual(plainLines('a\ud83db'), ['a\ufffdb']);
});

test('one line holds no break and no more characters than allowed, and no half character at its end', () => {
  assert.equal(plainLine('  a\n\tb  '), 'a b');
  assert.equal(plainLine('abcdef', 4), 'abc…');
  assert.equal(plainLine('ab👍👍', 4), 'ab…');
});

test('the first line that says something is the reason', () => {
  assert.equal(firstLine('\n \u001b[31m\u001b[0m\n\u001b[31mError: full\u001b[0m\n\n  on main.tf'), 'Error: full');
});

test('a hundred thousand characters cost no more than what is shown', () => {
  assert.equal(plainLine('x'.repeat(100_000), 10), 'xxxxxxxxx…');
});

test('a name from a server is the name of a file, never a path, and cannot be turned around', () => {
  assert.equal(fileName('web #4.log'), 'web #4.log');
  assert.equal(fileName('../../.ssh/authorized_keys-4.tfstate'), 'ssh authorized_keys-4.tfstate');
  assert.equal(fileName('a\\b:c\n\u202egnp.exe'), 'a b c gnp.exe');
  assert.deepEqual(['..', '/', ' ', '\u202e'].map(fileName), ['text', 'text', 'text', 'text']);
  assert.equal(encodeURIComponent(fileName('👍'.repeat(40))).length > 0, true, 'no half character');
});

test('names that end in a hash or a time are shown in what a template prints', () => {
  for (const name of [
    'ghcr.io/acme/dev:production-3f2a9c0de1b2c3d4e5f60718293a4b5c6d7e8f90',
    'aws_launch_template.main: Creation complete after 6s [id=workspaces-20231101123456789000000001]',
    'gke-cluster/kubernetes-1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d',
  ]) {
    assert.deepEqual(plainLines(name), [name]);
  }
});

test('tokens are masked, whatever stands beside them, and what looks like one where a server may repeat what it was sent', () => {
  for (const token of ['Abcdefghij-0123456789abcdefghijkl', 'abcdefghij-0123456789abcdefghijkL']) {
    assert.deepEqual(plainLines(`x${token}x`), ['x•••x']);
    assert.equal(withoutTokens(`x${token}x`), 'x•••x');
    assert.equal(withoutTokens(`x${token.toLowerCase()}x`), 'x•••x');
  }
  for (const word of ['token', 'Token', 'CODER_AGENT_TOKEN']) {
    const [line] = plainLines(`${word}="9fee0b36-91dd-4a1c-8a8e-3e6b1f5f8a10"`);
    assert.equal(line, `${word}="•••"`);
    assert.equal(withoutTokens(`${word}="9fee0b36-91dd-4a1c-8a8e-3e6b1f5f8a10"`), line);
  }
});
