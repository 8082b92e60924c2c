import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { Secret } from '../../src/api/secret.ts';

test('a secret shows its mask to everything but reveal()', () => {
  const secret = new Secret('hunter2');
  const shown = [
    String(secret),
    secret.toString(),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 5, showHidden: true }),
    format('%s %o %j', secret, secret, secret),
    Object.values(secret).join(),
  ].join('\n');
  assert.doesNotMatch(shown, /hunter2/);
  assert.match(shown, /\[secret\]/);
  assert.equal(secret.reveal(), 'hunter2');
});
