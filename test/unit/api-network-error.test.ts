import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiErrorKind } from '../../src/api/errors.ts';
import { networkError } from '../../src/api/networkError.ts';
import { getMe } from '../../src/api/operations.ts';

const withCode = (code: string): Error => Object.assign(new Error('text of Node'), { code });
const where = { operation: getMe, host: 'coder.example.com' } as const;

test("Node's codes are told apart by what can be done about them", () => {
  const kinds: Record<string, ApiErrorKind> = {
    ENOTFOUND: 'noHost',
    EAI_AGAIN: 'noHost',
    ECONNREFUSED: 'refused',
    ETIMEDOUT: 'timeout',
    ECONNRESET: 'unreachable',
    EPIPE: 'unreachable',
    ENETUNREACH: 'unreachable',
    SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate',
    CERT_HAS_EXPIRED: 'certificate',
    ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  };
  for (const [code, kind] of Object.entries(kinds)) {
    const error = networkError(withCode(code), where);
    assert.equal(error.kind, kind, code);
    assert.equal(error.code, code);
    assert.doesNotMatch(error.message, /text of Node|undefined/);
  }
});

test('several addresses that were all refused are one refusal', () => {
  const all = new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]);
  assert.equal(networkError(all, where).kind, 'refused');
});

test('what never reached the server was not done', () => {
  const sent = { ...where, maybeDone: true };
  assert.equal(networkError(withCode('ECONNREFUSED'), sent).maybeDone, false);
  assert.equal(networkError(withCode('ECONNRESET'), sent).maybeDone, true);
});

test('an https address of a server without TLS is told apart from a lost connection', () => {
  for (const code of ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'])
    assert.equal(
      networkError(withCode(code), where).message,
      "Couldn't connect to coder.example.com securely. Check whether its address begins with http://.",
    );
  assert.equal(networkError(withCode('ECONNRESET'), where).message, 'The connection to coder.example.com was lost.');
});
