import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRemoteAuthority } from '../../src/host/remoteAuthority.ts';

test('A window that is connected to a workspace is known by its address, with or without host and agent', () => {
  for (const authority of [
    'ssh-remote+coder-vscode--dana--api-server',
    'ssh-remote+coder-vscode.my-coder.example.com--dana--api-server',
    'ssh-remote+coder-vscode.coder.example.com--dana--api-server.main',
    'ssh-remote+coder-vscode.coder.example.com--dana--api-server--main',
  ]) {
    assert.deepEqual(readRemoteAuthority(authority), { ownerName: 'dana', name: 'api-server' }, authority);
  }
});

test('Any other window is connected to no workspace', () => {
  for (const authority of [
    '',
    'localhost:8080',
    'wsl+Ubuntu',
    'ssh-remote+build-host',
    'ssh-remote+coder-vscode',
    'ssh-remote+coder-vscode--dana',
  ]) {
    assert.equal(readRemoteAuthority(authority), undefined, authority);
  }
});
