import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { endingSentence } from '../../src/model/endingSentence.ts';

const url = parseDeploymentUrl('https://coder.example.com');
const stored = { url, source: 'stored' } as const;
const environment = { url, source: 'environment' } as const;

test('a session that ends says the server’s reason, as a sentence', () => {
  assert.equal(
    endingSentence(stored, 'expired', 'API key expired at "2026-11-25 18:00"'),
    'You were signed out of coder.example.com: API key expired at "2026-11-25 18:00".',
  );
  assert.equal(
    endingSentence(stored, 'refused', 'API key is invalid.'),
    'coder.example.com rejected the saved token: API key is invalid.',
  );
  assert.equal(
    endingSentence(environment, 'expired', 'User is suspended.'),
    'coder.example.com rejected the token in CODER_SESSION_TOKEN: User is suspended.',
  );
});

test('a server that gives no reason gets a sentence without one', () => {
  for (const detail of [undefined, '', ' \n']) {
    assert.equal(
      endingSentence(stored, 'expired', detail),
      'You were signed out of coder.example.com because your token expired or was revoked.',
    );
    assert.doesNotMatch(endingSentence(stored, 'refused', detail), /:/);
    assert.doesNotMatch(endingSentence(environment, 'refused', detail), /:/);
  }
});

test('another window that signed out is named, whatever the server said', () => {
  assert.equal(endingSentence(stored, 'elsewhere', 'x'), 'Another window signed you out of coder.example.com.');
});

test('a stored token that cannot be read is not called expired or signed out of', () => {
  assert.equal(
    endingSentence(stored, 'unreadable'),
    "VS Code couldn't read the stored token for coder.example.com. Unlock your keyring, then try again.",
  );
});

test('the server’s reason is one line of plain text', () => {
  assert.equal(
    endingSentence(stored, 'expired', 'gone\u001b[31m\nfor good\u202e'),
    'You were signed out of coder.example.com: gone for good.',
  );
});
