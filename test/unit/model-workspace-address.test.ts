import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { readWorkspaceAddress } from '../../src/model/workspaceAddress.ts';

const HERE = parseDeploymentUrl('https://coder.example.com');
const BELOW = parseDeploymentUrl('https://example.com/coder');
const ID = '0b7ac1de-3b5f-4a2a-9c0a-1234567890ab';

test('a workspace is named by owner and name, by its name, by an id, and by each of its pages', () => {
  const dev = { kind: 'named', owner: 'dana', name: 'dev' };
  for (const typed of [
    'dana/dev',
    '@dana/dev',
    ' dana/dev.main ',
    'https://coder.example.com/@dana/dev',
    'https://coder.example.com/@dana/dev.main/terminal?x=1',
    'https://coder.example.com/@dana/dev/builds/3#log',
    'HTTPS://CODER.example.com/@dana/dev/',
    'coder.example.com/@dana/dev',
  ]) {
    assert.deepEqual(readWorkspaceAddress(typed, HERE), dev, typed);
  }
  assert.deepEqual(readWorkspaceAddress('dev', HERE), { kind: 'named', owner: 'me', name: 'dev' });
  assert.deepEqual(readWorkspaceAddress(ID.toUpperCase(), HERE), { kind: 'id', id: ID });
  assert.deepEqual(readWorkspaceAddress('https://example.com/coder/@dana/dev', BELOW), dev);
});

test('the address of another deployment is said to be one', () => {
  assert.deepEqual(readWorkspaceAddress('https://other.example.com/@dana/dev', HERE), {
    kind: 'elsewhere',
    host: 'other.example.com',
  });
  assert.deepEqual(readWorkspaceAddress('https://coder.example.com:8443/@dana/dev', HERE), {
    kind: 'elsewhere',
    host: 'coder.example.com:8443',
  });
  assert.deepEqual(readWorkspaceAddress('https://example.com/@dana/dev', BELOW), {
    kind: 'elsewhere',
    host: 'example.com',
  });
  assert.deepEqual(readWorkspaceAddress('https://coder.example.com/below/@dana/dev', BELOW), {
    kind: 'elsewhere',
    host: 'coder.example.com/below',
  });
});

test('what names no workspace names none', () => {
  for (const typed of [
    '',
    '/',
    'a b',
    'dana/',
    '/dev',
    'a/b/c',
    'https://coder.example.com/templates',
    'https://coder.example.com/@dana',
    'https://',
    'dana/dev_1',
    // A host of Coder Connect begins with its agent.
    'main.dev.me.coder',
    'javascript:alert(1)',
  ]) {
    assert.equal(readWorkspaceAddress(typed, HERE), undefined, typed);
  }
});

test('what stands around a copied address, and how the browser writes it, does not matter', () => {
  for (const typed of [
    '<https://coder.example.com/@dana/dev>',
    '"https://coder.example.com/@dana/dev"',
    'https://coder.example.com/%40dana/dev',
    'https://coder.example.com./@dana/dev/',
    ' @dana/dev/',
    '“dana/dev”',
  ]) {
    assert.deepEqual(readWorkspaceAddress(typed, HERE), { kind: 'named', owner: 'dana', name: 'dev' }, typed);
  }
});

test('a text of any length that was pasted by mistake names no workspace, and takes no time', () => {
  for (const part of ['a', '/', ' ', '"', '-']) {
    assert.equal(readWorkspaceAddress(`${part.repeat(1_000_000)}!`, HERE), undefined, part);
  }
});
