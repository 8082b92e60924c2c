import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRemoteAuthority, type AddressedWorkspace, type KnownDeployment } from '../../src/model/remoteAuthority.ts';

const known = (hostname: string, prefix = 'coder.', suffix = 'coder'): KnownDeployment => ({
  hostname,
  sshNames: () => ({ prefix, suffix }),
});
const EXAMPLE = known('coder.example.com');

/** `host · owner/workspace.agent`, with `-` for what the address does not tell. */
const shown = (read: AddressedWorkspace | undefined): string =>
  read === undefined
    ? 'none'
    : `${read.hostname ?? '-'} · ${read.ownerName ?? '-'}/${read.name}${read.agentName === undefined ? '' : `.${read.agentName}`}`;

const holds = (cases: Readonly<Record<string, string>>, deployment = EXAMPLE): void => {
  for (const [authority, text] of Object.entries(cases)) {
    assert.equal(shown(readRemoteAuthority(authority, deployment)), text, authority);
  }
};

const hex = (text: string): string => Buffer.from(text).toString('hex');

test('A window that is connected to a workspace is known by its address, with or without host and agent', () => {
  for (const authority of [
    'ssh-remote+coder-vscode--dana--api-server',
    'ssh-remote+coder-vscode.my-coder.example.com--dana--api-server',
    'ssh-remote+coder-vscode.coder.example.com--dana--api-server.main',
    'ssh-remote+coder-vscode.coder.example.com--dana--api-server--main',
  ]) {
    const { ownerName, name } = readRemoteAuthority(authority, EXAMPLE) ?? {};
    assert.deepEqual({ ownerName, name }, { ownerName: 'dana', name: 'api-server' }, authority);
  }
});

test('Any other window is connected to no workspace', () => {
  for (const authority of [
    '',
    'localhost:8080',
    'wsl+Ubuntu',
    'tunnel+my-box',
    'codespaces+octocat-x7',
    'ssh-remote+',
    'ssh-remote+build-host',
    'ssh-remote+coder-vscode',
    'ssh-remote+coder-vscode--dana',
    'ssh-remote+coder-vscode.coder.example.com',
    'ssh-remote+coder-vscode.coder.example.com--dana',
    'ssh-remote+coder-vscode.coder.example.com--a--b--c--d',
    'ssh-remote+coder-vscodex--dana--web',
    'ssh-remote+coder-vscodex.example.com--dana--web',
    'ssh-remote+deadbeef',
    'dev-container+7b22',
    'attached-container+7b22@wsl+Ubuntu',
  ]) {
    assert.equal(readRemoteAuthority(authority, EXAMPLE), undefined, authority);
  }
});

test('The official extension’s windows say deployment, owner, workspace and agent', () => {
  holds({
    'ssh-remote+coder-vscode.coder.example.com--dana--web': 'coder.example.com · dana/web',
    'ssh-remote+coder-vscode.coder.example.com--dana--web.main': 'coder.example.com · dana/web.main',
    'ssh-remote+coder-vscode.Coder.Example.com--Dana--Web': 'coder.example.com · dana/web',
    'ssh-remote+coder-vscode.other.example.com--dana--web.main': 'other.example.com · dana/web.main',
    'ssh-remote+coder-vscode.localhost--dana--web': 'localhost · dana/web',
    // More than one dot is ambiguous: the workspace ends at the first.
    'ssh-remote+coder-vscode.coder.example.com--dana--web.main.x': 'coder.example.com · dana/web.main.x',
  });
});

test('Windows of its older releases are known, too', () => {
  holds({
    'ssh-remote+coder-vscode--dana--web': '- · dana/web',
    'ssh-remote+coder-vscode--dana--web--main': '- · dana/web.main',
    'ssh-remote+coder-vscode.coder.example.com--dana--web--main': 'coder.example.com · dana/web.main',
    'ssh-remote+coder-vscode.other.example.com--dana--web--main': 'other.example.com · dana/web.main',
  });
});

test('A deployment’s host may hold “--”, as each that is not ASCII does', () => {
  const cases: readonly [hostname: string, authority: string, text: string][] = [
    ['xn--bcher-kva.example', 'xn--bcher-kva.example--dana--web', 'xn--bcher-kva.example · dana/web'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example--dana--web.main', 'xn--bcher-kva.example · dana/web.main'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example--dana--web--main', 'xn--bcher-kva.example · dana/web.main'],
    ['coder.xn--e1afmkfd.xn--p1ai', 'coder.xn--e1afmkfd.xn--p1ai--dana--web', 'coder.xn--e1afmkfd.xn--p1ai · dana/web'],
    [
      'coder.xn--e1afmkfd.xn--p1ai',
      'coder.xn--e1afmkfd.xn--p1ai--dana--web--main',
      'coder.xn--e1afmkfd.xn--p1ai · dana/web.main',
    ],
    ['xn--80ak6aa92e', 'xn--80ak6aa92e--dana--web--main', 'xn--80ak6aa92e · dana/web.main'],
    ['my--coder.example.com', 'my--coder.example.com--dana--web', 'my--coder.example.com · dana/web'],
    ['my--coder', 'my--coder--dana--web', 'my--coder · dana/web'],
    // Unknown deployments, read from the right.
    ['coder.example.com', 'xn--bcher-kva.example--dana--web', 'xn--bcher-kva.example · dana/web'],
    ['coder.example.com', 'coder.xn--p1ai--dana--web', 'coder.xn--p1ai · dana/web'],
    ['coder.example.com', 'my--coder.example.com--dana--web--main', 'my--coder.example.com · dana/web.main'],
    // The beginning of another host's name is not this host.
    ['coder', 'coder--eu.example.com--dana--web', 'coder--eu.example.com · dana/web'],
  ];
  for (const [hostname, host, text] of cases) {
    assert.equal(shown(readRemoteAuthority(`ssh-remote+coder-vscode.${host}`, known(hostname))), text, host);
  }
});

test('A container in a workspace belongs to the workspace', () => {
  const workspace = 'ssh-remote+coder-vscode.coder.example.com--dana--web.main';
  holds({
    [`dev-container+${hex('{"hostPath":"/home/coder/x"}')}@${workspace}`]: 'coder.example.com · dana/web.main',
    [`attached-container+${hex('{"containerName":"/x"}')}@${workspace}`]: 'coder.example.com · dana/web.main',
    'dev-container+7b7d@ssh-remote+web.coder': '- · -/web',
    'k8s-container+7b7d@ssh-remote+web.coder': '- · -/web',
  });
});

test('Remote - SSH writes hosts that are not plain in hexadecimal digits, and may name a user', () => {
  holds({
    [`ssh-remote+${hex('{"hostName":"coder-vscode.coder.example.com--Dana--Web"}')}`]: 'coder.example.com · dana/web',
    [`ssh-remote+${hex('{"hostName":"coder.dev","user":"me"}')}`]: '- · -/dev',
    'ssh-remote+me@coder.dev': '- · -/dev',
    'ssh-remote+me@coder.dev:22': '- · -/dev',
    [`ssh-remote+${hex('{"user":"me"}')}`]: 'none',
    [`ssh-remote+${hex('not JSON')}`]: 'none',
  });
});

test('Names of the CLI and of Coder Connect are read as the CLI reads them', () => {
  holds({
    'ssh-remote+coder.dev': '- · -/dev',
    'ssh-remote+coder.dev.main': '- · -/dev.main',
    'ssh-remote+coder.dana--dev': '- · dana/dev',
    'ssh-remote+coder.dana--dev--main': '- · dana/dev.main',
    'ssh-remote+coder.dana--dev.main': '- · dana/dev.main',
    'ssh-remote+coder.dana/dev': '- · dana/dev',
    'ssh-remote+dev.coder': '- · -/dev',
    'ssh-remote+dev.main.coder': '- · -/dev.main',
    'ssh-remote+main.dev.dana.coder': '- · dana/dev.main',
    'ssh-remote+dana--dev.main.coder': '- · dana/dev.main',
    'ssh-remote+a.b.c.d.coder': 'none',
    'ssh-remote+coder.a--b--c--d': 'none',
    'ssh-remote+coder.': 'none',
    'ssh-remote+.coder': 'none',
    'ssh-remote+devcoder': 'none',
  });
});

test('Prefix and suffix are the deployment’s own; an empty one fits nothing', () => {
  holds(
    {
      'ssh-remote+ws-dev': '- · -/dev',
      'ssh-remote+dev.corp.internal': '- · -/dev',
      'ssh-remote+coder.dev': 'none',
      'ssh-remote+dev.coder': 'none',
    },
    known('coder.example.com', 'ws-', '.corp.internal'),
  );
  holds({ 'ssh-remote+dev': 'none', 'ssh-remote+dev.': 'none' }, known('coder.example.com', '', ''));
});

test('What the CLI calls its hosts is asked for only where the address could be one', () => {
  let asked = 0;
  const asking: KnownDeployment = {
    hostname: 'coder.example.com',
    sshNames: () => {
      asked += 1;
      return { prefix: 'coder.', suffix: 'coder' };
    },
  };
  for (const authority of ['', 'wsl+Ubuntu', 'localhost:8080', 'ssh-remote+coder-vscode.x.example--dana--web']) {
    readRemoteAuthority(authority, asking);
  }
  assert.equal(asked, 0);
  readRemoteAuthority('ssh-remote+build-host', asking);
  assert.equal(asked, 1);
});

test('A deployment at an IPv6 address is known with and without brackets', () => {
  for (const host of ['[2001:db8::1]', '2001:db8::1']) {
    const read = readRemoteAuthority(`ssh-remote+coder-vscode.${host}--dana--web.main`, known('2001:db8::1'));
    assert.equal(shown(read), '2001:db8::1 · dana/web.main', host);
  }
});

test('A host that is named with a full stop at its end is the same one', () => {
  holds({ 'ssh-remote+coder-vscode.coder.example.com.--dana--web.main': 'coder.example.com · dana/web.main' });
});
