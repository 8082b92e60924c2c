import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment, readWorkspaceEnvironment } from '../../src/host/environment.ts';
import { connectedWorkspace, type DeploymentOfWindow, type WindowPlace } from '../../src/model/connectedWorkspace.ts';
import { workspace } from './model-fixture.ts';

const OWN = [
  workspace('running', { workspace: { id: 'w-web', name: 'web', owner_name: 'dana' } }),
  workspace('running', { workspace: { id: 'w-api', name: 'api', owner_name: 'dana' } }),
  workspace('running', { workspace: { id: 'w-erin', name: 'web', owner_name: 'erin' } }),
];

const DEPLOYMENT: DeploymentOfWindow = {
  hostname: 'coder.example.com',
  sshNames: () => ({ prefix: 'coder.', suffix: 'coder' }),
  username: 'dana',
  workspaces: OWN,
};

const connected = (place: Partial<WindowPlace>, deployment = DEPLOYMENT): string | undefined =>
  connectedWorkspace({ authorities: [], ...place }, deployment);

test('The workspace of this deployment that the address names is this window’s', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    'ssh-remote+coder-vscode.coder.example.com--dana--web.main': 'w-web',
    'ssh-remote+coder-vscode.coder.example.com--erin--web': 'w-erin',
    'ssh-remote+coder-vscode.coder.example.com--Dana--API': 'w-api',
    'ssh-remote+coder-vscode--dana--api': 'w-api',
    'ssh-remote+coder.web': 'w-web',
    'ssh-remote+coder.erin--web': 'w-erin',
    'ssh-remote+main.web.erin.coder': 'w-erin',
    'ssh-remote+coder-vscode.coder.example.com--dana--gone': undefined,
    'ssh-remote+coder.gone': undefined,
  };
  for (const [authority, id] of Object.entries(cases))
    assert.equal(connected({ authorities: [authority] }), id, authority);
});

test('“me” in the name of a host is whoever is signed in, and a whole name may end with its dot', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    'ssh-remote+main.web.me.coder': 'w-web',
    'ssh-remote+project.api.ME.coder': 'w-api',
    'ssh-remote+coder.me--web': 'w-web',
    'ssh-remote+coder.me--web.main': 'w-web',
    'ssh-remote+web.coder.': 'w-web',
    'ssh-remote+root@main.web.erin.coder.:22': 'w-erin',
    // An agent of that name.
    'ssh-remote+web.me.coder': 'w-web',
  };
  for (const [authority, id] of Object.entries(cases))
    assert.equal(connected({ authorities: [authority] }), id, authority);
});

test('Another deployment’s workspace of the same name is not this window’s', () => {
  const authorities = ['ssh-remote+coder-vscode.other.example.com--dana--web'];
  assert.equal(connected({ authorities }), undefined);
  // Nor does anything else say more about it.
  assert.equal(connected({ authorities, environment: { id: 'w-web' } }), undefined);
  assert.equal(connected({ authorities }, { ...DEPLOYMENT, hostname: 'other.example.com' }), 'w-web');
});

test('The first folder counts before the workspace file, and before other folders', () => {
  const web = 'ssh-remote+coder-vscode.coder.example.com--dana--web';
  const api = 'ssh-remote+coder-vscode.coder.example.com--dana--api';
  assert.equal(connected({ authorities: [web, api] }), 'w-web');
  assert.equal(connected({ authorities: ['wsl+Ubuntu', api] }), 'w-api');
  assert.equal(connected({ authorities: ['ssh-remote+build-host', api] }), 'w-api');
});

test('Without an address that tells, the environment of the host does', () => {
  const told = (environment: WindowPlace['environment']) => connected({ authorities: ['localhost:8080'], environment });
  assert.equal(told({ id: 'w-api' }), 'w-api');
  // Ids are unique among deployments, so that a name says nothing more.
  assert.equal(told({ id: 'w-elsewhere', name: 'web', ownerName: 'dana' }), undefined);
  assert.equal(told({ name: 'web', ownerName: 'erin' }), 'w-erin');
  assert.equal(told({ name: 'web' }), 'w-web');
  assert.equal(told({ name: 'web', hostname: 'other.example.com' }), undefined);
  assert.equal(told({ name: 'web', hostname: 'coder.example.com' }), 'w-web');
  assert.equal(told({}), undefined);
  assert.equal(told(undefined), undefined);
});

test('A process in a V2 workspace is told which one it is in; one in a V0 workspace only that it is in one', () => {
  const v2 = {
    CODER: 'true',
    CODER_WORKSPACE_ID: 'w-web',
    CODER_WORKSPACE_NAME: 'web',
    CODER_WORKSPACE_OWNER_NAME: 'dana',
    CODER_WORKSPACE_AGENT_NAME: 'main',
    CODER_AGENT_URL: 'https://coder.example.com/',
  };
  assert.deepEqual(readWorkspaceEnvironment(v2), {
    id: 'w-web',
    name: 'web',
    ownerName: 'dana',
    hostname: 'coder.example.com',
  });
  assert.equal(connected({ environment: readWorkspaceEnvironment(v2) }), 'w-web');
  assert.equal(
    connected({ environment: readWorkspaceEnvironment({ CODER: 'true', CODER_AGENT_TOKEN: 'x' }) }),
    undefined,
  );
  assert.equal(readWorkspaceEnvironment({ ...v2, CODER: undefined }), undefined);
  assert.equal(readWorkspaceEnvironment({ CODER: 'true', CODER_URL: 'no address' })?.hostname, undefined);
});

test('The agent’s own token is never read', () => {
  const read: PropertyKey[] = [];
  const env = new Proxy<Record<string, string | undefined>>(
    { CODER: 'true', CODER_AGENT_TOKEN: 'agent-secret', CODER_WORKSPACE_NAME: 'web' },
    {
      get: (target, key) => {
        read.push(key);
        return target[String(key)];
      },
      ownKeys: () => assert.fail('the environment is not listed'),
    },
  );
  assert.doesNotMatch(JSON.stringify([readWorkspaceEnvironment(env), readEnvironment(env)]), /agent-secret/);
  assert.ok(!read.includes('CODER_AGENT_TOKEN'));
});

test('The deployment of the environment is told by its host as the address names it: without brackets and full stop', () => {
  for (const [address, hostname] of [
    ['https://[2001:db8::1]:8443/', '2001:db8::1'],
    ['https://coder.example.com.', 'coder.example.com'],
    ['http://10.0.0.5:3000', '10.0.0.5'],
  ] as const) {
    assert.equal(readWorkspaceEnvironment({ CODER: 'true', CODER_URL: address })?.hostname, hostname, address);
  }
});
