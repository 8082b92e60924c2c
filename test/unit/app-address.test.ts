import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Workspace } from '../../src/api/schemas/workspaces.ts';
import { appAddress, needsApplicationHost, type LocatedApp } from '../../src/commands/appAddress.ts';

const URL_OF_CODER = 'https://coder.test/prefix';

function located(app: object, agent: object = { lifecycle_state: 'ready' }): LocatedApp {
  const workspace = Workspace.parse({
    id: 'w',
    name: 'api',
    owner_name: 'dana',
    latest_build: {
      id: 'b',
      workspace_id: 'w',
      job: { id: 'j' },
      resources: [
        { id: 'r', agents: [{ id: 'a', name: 'main', ...agent, apps: [{ id: 'p', slug: 'code', ...app }] }] },
      ],
    },
  });
  const [first] = workspace.latest_build.resources[0]?.agents ?? [];
  const [only] = first?.apps ?? [];
  assert.ok(first && only);
  return { workspace, agent: first, app: only };
}
const address = (at: LocatedApp, host = '') => appAddress(at, URL_OF_CODER, host);

test('An app on a path is below its agent', () => {
  assert.equal(address(located({})), 'https://coder.test/prefix/@dana/api.main/apps/code/');
});

test('An app on a subdomain has the name that V2 gives, or the one that V0 would', () => {
  const v2 = located({ subdomain: true, subdomain_name: 'code--api--dana' });
  assert.equal(address(v2, '*.apps.test:8443'), 'https://code--api--dana.apps.test:8443/');
  assert.equal(address(located({ subdomain: true }, {}), '*.apps.test'), 'https://code--main--api--dana.apps.test/');
  assert.equal(needsApplicationHost(v2), true);
});

test('Without a host for apps an app on a subdomain cannot be opened, and the reason says so', () => {
  assert.throws(() => address(located({ subdomain: true, display_name: 'Code' })), /Code needs a wildcard access URL/);
});

test('A command opens in the terminal: V0 takes the command, V2 the name of the app', () => {
  assert.equal(
    address(located({ command: 'htop -d 5&x' }, {})),
    'https://coder.test/prefix/@dana/api.main/terminal?command=htop%20-d%205%26x',
  );
  assert.equal(address(located({ command: 'htop' })), 'https://coder.test/prefix/@dana/api.main/terminal?app=code');
});

test('An external app opens at its own address', () => {
  assert.equal(address(located({ external: true, url: 'https://docs.test/x' })), 'https://docs.test/x');
  const asGiven = 'https://Docs.test?next=https://x.test/%2f&q=a b';
  assert.equal(address(located({ external: true, url: asGiven })), asGiven, 'to the letter');
  assert.throws(() => address(located({ external: true })), /has no address/);
});

test('What a server names cannot leave its place in the path', () => {
  const odd = located({ slug: '../../x?y#z' });
  assert.equal(address(odd), 'https://coder.test/prefix/@dana/api.main/apps/..%2F..%2Fx%3Fy%23z/');
});
