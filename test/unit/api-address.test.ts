import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AddressError,
  apiPath,
  cliAuthPage,
  deploymentCandidates,
  parseDeploymentUrl,
  route,
  workspacePage,
} from '../../src/api/address.ts';

test('an address is read as a person types it', () => {
  const addresses: Record<string, string> = {
    'coder.example.com': 'https://coder.example.com',
    ' https://coder.example.com/ ': 'https://coder.example.com',
    'https://Coder.Example.com///': 'https://coder.example.com',
    'coder.example.com:8443': 'https://coder.example.com:8443',
    'https://coder.example.com:443': 'https://coder.example.com',
    'http://coder.example.com:80/': 'http://coder.example.com',
    'https://example.com/coder/': 'https://example.com/coder',
    'https://example.com/a//b/?x=1#y': 'https://example.com/a/b',
    'localhost:3000': 'http://localhost:3000',
    '127.0.0.1:3000': 'http://127.0.0.1:3000',
    '[::1]:3000': 'http://[::1]:3000',
    'localhost.example.com': 'https://localhost.example.com',
    // As it stands in a message, and with a slip in its scheme.
    '<https://coder.example.com>': 'https://coder.example.com',
    '"https://coder.example.com/".': 'https://coder.example.com',
    '\u200Bhttps://coder.example.com\n': 'https://coder.example.com',
    'https//coder.example.com': 'https://coder.example.com',
    'http:/coder.example.com:3000': 'http://coder.example.com:3000',
    'https:\\\\coder.example.com': 'https://coder.example.com',
    'https://bücher.example/': 'https://xn--bcher-kva.example',
  };
  for (const [typed, href] of Object.entries(addresses)) assert.equal(parseDeploymentUrl(typed).href, href, typed);
});

test('a trailing slash makes no other deployment; another port, prefix or plain HTTP does', () => {
  const key = (typed: string): string => parseDeploymentUrl(typed).key;
  assert.equal(key('https://c.example.com/'), key('https://C.example.com'));
  const keys = [
    'https://c.example.com',
    'http://c.example.com',
    'https://c.example.com:3001',
    'https://c.example.com/x',
  ];
  assert.equal(new Set(keys.map(key)).size, keys.length);
});

test('what is no address is refused in a sentence', () => {
  for (const typed of [
    '',
    '   ',
    'https://',
    'two words',
    'ftp://c.example.com',
    'https://a:b@c.example.com',
    'http://[::1',
    'https://*.coder.example.com',
  ]) {
    assert.throws(
      () => parseDeploymentUrl(typed),
      (error) => error instanceof AddressError && /^[A-Z“].*\.$/.test(error.message),
      typed,
    );
  }
});

test('a token that is pasted for an address is refused without being repeated, since its host would be looked up', () => {
  const token = 'a1B2c3D4e5-' + 'f6G7h8I9j0'.repeat(2) + 'k1';
  for (const pasted of [token, ` "${token}"\n`]) {
    const refusal = { name: 'AddressError', message: 'Enter the address of a Coder deployment.' };
    assert.throws(() => parseDeploymentUrl(pasted), refusal, pasted);
  }
  for (const [pasted, said] of [
    [`CODER_SESSION_TOKEN=${token}`, 'CODER_SESSION_TOKEN=•••'],
    [`${'é'.repeat(60)}=${token}`, `${'é'.repeat(60)}=•••`],
  ] as const) {
    assert.throws(() => parseDeploymentUrl(pasted), { message: `“${said}” isn't a valid address.` }, pasted);
  }
  assert.equal(parseDeploymentUrl(`${token}.example.com`).host, `${token.toLowerCase()}.example.com`);
});

test('of a copied line the address in it is read', () => {
  for (const typed of [
    'coder login https://coder.example.com',
    '$ coder login https://coder.example.com/',
    'coder login coder.example.com',
    'coder login "https://coder.example.com" --token SECRET',
    'coder login coder.example.com --token SECRET',
    'export CODER_URL="https://coder.example.com"',
    'CODER_URL=https://coder.example.com',
    'CODER_AGENT_URL=https://coder.example.com/',
    'set CODER_URL=coder.example.com',
    '[Coder](https://coder.example.com)',
    'Ours is at https://coder.example.com, sign in there.',
    '«https://coder.example.com»',
    '„https://coder.example.com“',
  ]) {
    assert.equal(parseDeploymentUrl(typed).href, 'https://coder.example.com', typed);
  }
  for (const typed of [
    'https://a.example.com or https://b.example.com',
    'see https://a.example.com and https://b.example.com',
  ]) {
    assert.throws(() => parseDeploymentUrl(typed), AddressError, typed);
  }
  assert.throws(() => parseDeploymentUrl('coder login https://me:pw@coder.example.com'), /user name and password/);
});

test('what a search leaves behind the question mark may hold spaces, and full-width characters are those of ASCII', () => {
  for (const typed of [
    'https://coder.example.com?filter=owner:me name:dev',
    'coder.example.com/?filter=status:"running" dev',
    'https://coder.example.com/#a b',
    'ｈｔｔｐｓ：／／coder．example．com',
    'coder.example.com…',
  ]) {
    assert.equal(parseDeploymentUrl(typed).href, 'https://coder.example.com', typed);
  }
  assert.throws(() => parseDeploymentUrl('https://coder example.com?a'), AddressError);
});

test('a host whose name ends with a full stop is the same deployment', () => {
  for (const typed of [
    'https://coder.example.com./',
    'coder.example.com./workspaces',
    'https://coder.example.com.:443',
  ]) {
    assert.equal(parseDeploymentUrl(typed).host, 'coder.example.com', typed);
  }
});

test('an IPv6 host is connected to without its brackets', () => {
  assert.equal(parseDeploymentUrl('https://[2001:db8::1]:8443').hostname, '2001:db8::1');
});

test('API paths keep the prefix, escape values, send flags bare and leave out what has no value', () => {
  const base = parseDeploymentUrl('https://example.com/coder');
  assert.equal(
    apiPath(base, route`/users/${'a/b'}/workspace/${'ü?'}`),
    '/coder/api/v2/users/a%2Fb/workspace/%C3%BC%3F',
  );
  assert.equal(
    apiPath(base, '/x', { follow: true, after: 0, q: 'owner:me name:dev', none: undefined }),
    '/coder/api/v2/x?follow&after=0&q=owner%3Ame%20name%3Adev',
  );
});

test('pages of the dashboard lie under the prefix', () => {
  const base = parseDeploymentUrl('https://example.com/coder/');
  assert.equal(cliAuthPage(base), 'https://example.com/coder/cli-auth');
  assert.equal(workspacePage(base, 'ann', 'dev box'), 'https://example.com/coder/@ann/dev%20box');
});

test('an address that was copied from the browser leads to its Coder: as typed, before the page, at the root', () => {
  const root = 'https://coder.example.com';
  const candidates: Readonly<Record<string, readonly string[]>> = {
    'coder.example.com': [root],
    'https://coder.example.com/?x=1#y': [root],
    'https://coder.example.com/workspaces?filter=owner%3Ame&page=2': [`${root}/workspaces`, root],
    'coder.example.com/workspaces/': [`${root}/workspaces`, root],
    'https://coder.example.com/@me/dev': [`${root}/@me/dev`, root],
    'https://coder.example.com/@me/dev/builds/3': [`${root}/@me/dev/builds/3`, root],
    'https://coder.example.com/@me/dev.main/apps/code-server/?folder=/x': [
      `${root}/@me/dev.main/apps/code-server`,
      root,
    ],
    'https://coder.example.com/api/v2': [`${root}/api/v2`, root],
    'https://coder.example.com/api/v2/buildinfo': [`${root}/api/v2/buildinfo`, root],
    'https://coder.example.com/templates/default/docker/workspace': [
      `${root}/templates/default/docker/workspace`,
      root,
    ],
    'https://coder.example.com/login?redirect=%2Fworkspaces': [`${root}/login`, root],
    'https://coder.example.com/cli-auth': [`${root}/cli-auth`, root],
    'https://coder.example.com/deployment/overview': [`${root}/deployment/overview`, root],
    'https://coder.example.com/Settings/Tokens': [`${root}/Settings/Tokens`, root],
    'https://coder.example.com/below/Settings/Tokens': [`${root}/below/Settings/Tokens`, `${root}/below`, root],
    'http://127.0.0.1:3000/workspaces': ['http://127.0.0.1:3000/workspaces', 'http://127.0.0.1:3000'],
    // An app's own host, of which Coder's may be the rest.
    'https://8080--main--dev--ann.coder.example.com/?x': ['https://8080--main--dev--ann.coder.example.com', root],
    'https://xn--bcher-kva.example/': ['https://xn--bcher-kva.example'],
    'https://example.com/coder/%40me/dev': [
      'https://example.com/coder/%40me/dev',
      'https://example.com/coder',
      'https://example.com',
    ],
    // A prefix that a proxy strips, with and without a page behind it.
    'https://example.com/coder': ['https://example.com/coder', 'https://example.com'],
    'https://example.com/dev/coder/workspaces?filter=x': [
      'https://example.com/dev/coder/workspaces',
      'https://example.com/dev/coder',
      'https://example.com',
    ],
    // A prefix that is called like a page.
    'https://example.com/ai/coder/@ann/web': [
      'https://example.com/ai/coder/@ann/web',
      'https://example.com/ai/coder',
      'https://example.com',
    ],
    'https://example.com/proxy/coder/templates': [
      'https://example.com/proxy/coder/templates',
      'https://example.com/proxy/coder',
      'https://example.com',
    ],
    'https://example.com/coder/reset-password?x': [
      'https://example.com/coder/reset-password',
      'https://example.com/coder',
      'https://example.com',
    ],
    'https://example.com/coder/@ann/web/terminal': [
      'https://example.com/coder/@ann/web/terminal',
      'https://example.com/coder',
      'https://example.com',
    ],
  };
  for (const [typed, hrefs] of Object.entries(candidates)) {
    assert.deepEqual(
      deploymentCandidates(typed).map(({ href }) => href),
      hrefs,
      typed,
    );
  }
});

test('a candidate is the deployment that its address would be typed as', () => {
  for (const candidate of deploymentCandidates('https://example.com:8443/coder/@ann/web')) {
    assert.deepEqual(candidate, parseDeploymentUrl(candidate.href));
  }
  assert.throws(() => deploymentCandidates('ftp://coder.example.com/workspaces'), AddressError);
});

test('a text that was pasted by mistake is no address, however long it is, and is not looked at for long', () => {
  for (const part of ['.', ')', ' ', 'h.', '/', '"']) {
    for (const text of [`https://h/${part.repeat(1_000_000)}x y`, `${part.repeat(1_000_000)}!`]) {
      assert.throws(() => parseDeploymentUrl(text), AddressError, part);
    }
  }
});

test('an id or a name leads to no other route, and half a character to none', () => {
  assert.equal(route`/workspaces/${'..'}/builds`, '/workspaces/%252E/builds');
  assert.equal(route`/workspaces/${'.'}`, '/workspaces/%252E');
  assert.equal(route`/users/${'a/../b'}`, '/users/a%2F..%2Fb');
  assert.equal(route`/users/${'a\ud800'}`, '/users/a%EF%BF%BD');
  for (const id of ['..', '.', '%2e%2e', 'a/..']) {
    const path = route`/workspaces/${id}/builds`;
    assert.equal(new URL(path, 'https://coder.example.com').pathname, path, id);
  }
});
