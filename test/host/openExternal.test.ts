import assert from 'node:assert/strict';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { openInBrowser, openInExtension } from '../../src/host/openExternal.ts';
import { openQuery } from '../../src/commands/open.ts';
import { clientOf, named, withSession } from './fixture.ts';

const OWN_ID = 'coder-workspaces.coder-workspaces';

/** A page that tells the server where the browser finds itself. */
const PAGE = '<!doctype html><script>navigator.sendBeacon(location.pathname, location.href)</script>';

/** What the browser asks a server on this machine for, and the address that it then shows. */
async function withServer(
  use: (origin: string, seen: () => Promise<{ asked: string; shown: string }>) => Promise<void>,
) {
  let asked: string | undefined;
  let tell: (shown: string) => void = () => undefined;
  const server = http.createServer((request, response) => {
    if (request.method === 'GET') {
      if (!request.url?.includes('favicon')) asked = request.url;
      response.setHeader('content-type', 'text/html').end(PAGE);
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      response.end();
      tell(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const seen = () =>
    new Promise<{ asked: string; shown: string }>((resolve) => {
      tell = (shown) => resolve({ asked: asked ?? '', shown });
    });
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const PLACES = [
  '/?redirect=https%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D2&sum=1%2B1&frag=a%23b',
  '/@dana/api.main/terminal?command=make%20build%20%26%26%20make%20test',
  '/apps/%7Eme/a%2Fb/c%3Fd/?plus=a+b&percent=100%25&twice=%2525&u=%C3%A4&u=%E2%82%AC&empty=&bare#part%20two/%23?x',
  '/%2e%2E%2F/%7B%7D/?%7B%22a%22%3A%5B1%5D%7D&=&&x==#',
  '/no-slash-at-the-end?',
];

/** The proxy of the host encodes what the browser left as it is: what the server is asked for tells nothing of it. */
const UNENCODED = "/a;b=c,d/(e)!*'$&/=:@/trailing//?q={json}&a[]=1|2^`~&b=\\x&q=?/:@!$;,*()#frag?{}|[]&x";

suite('Opening in the browser', () => {
  for (const place of [...PLACES, UNENCODED]) {
    test(`the browser gets what was given: ${place}`, async function () {
      // There is no browser that could be looked at.
      if (vscode.env.uiKind === vscode.UIKind.Desktop) this.skip();
      await withServer(async (origin, seen) => {
        const arrived = seen();
        await openInBrowser(origin + place);
        const { asked, shown } = await arrived;
        if (place !== UNENCODED) assert.equal(asked, place.replace(/#.*/, ''));
        assert.ok(shown.endsWith(place), `${shown} is not at ${place}`);
      });
    });
  }

  test('only http and https are opened', async () => {
    for (const address of ['file:///etc/passwd', 'vscode://x.y/z', 'javascript:alert(1)', 'command:x', 'no address']) {
      await assert.rejects(openInBrowser(address), /Only http and https/, address);
    }
  });
});

suite('Opening in VS Code', () => {
  test('names workspace, agent and deployment, and never a token', async () => {
    await withSession(clientOf('v2'), async ({ url }, state) => {
      const workspace = named(state(), 'web');
      const agent = workspace.latest_build.resources.flatMap((resource) => resource.agents)[0];
      assert.ok(agent);
      const query = openQuery(workspace, { ...agent, expanded_directory: '/a b&c+d%2F#e' }, url.href);
      const uri = await handed('/open', query);
      assert.equal(uri.authority, OWN_ID);
      assert.equal(uri.path, '/open');
      assert.deepEqual(Object.fromEntries(new URLSearchParams(uri.query)), {
        owner: workspace.owner_name,
        workspace: 'web',
        agent: agent.name,
        url: url.href,
        folder: '/a b&c+d%2F#e',
      });
    });
  });
});

/** What the handler of an extension gets; our own stands for it. */
async function handed(path: string, query: string): Promise<vscode.Uri> {
  let handler: vscode.Disposable | undefined;
  try {
    const got = new Promise<vscode.Uri>((resolve) => {
      handler = vscode.window.registerUriHandler({ handleUri: resolve });
    });
    await openInExtension(OWN_ID, path, query);
    return await got;
  } finally {
    handler?.dispose();
  }
}
