import assert from 'node:assert/strict';
import * as dns from 'node:dns/promises';
import * as vscode from 'vscode';
import type { Passed } from './deploymentProxy.ts';
import { eventually, named, shownClient, withSession } from './fixture.ts';

const passed = async (): Promise<Passed[]> =>
  (await (await fetch(`${process.env.CODER_TEST_PROXY ?? ''}/passed`)).json()) as Passed[];

// What is tested is the extension as it is bundled: whether its chunks get the modules that VS Code patches.
suite('The proxy of http.proxy', () => {
  test('is the only way to the deployment of the extension', async () => {
    await assert.rejects(dns.lookup(new URL(process.env.CODER_URL ?? '').hostname));
  });

  test('gets what is read, the event streams and the sockets of build logs', async () => {
    await vscode.commands.executeCommand('coderWorkspaces.workspaces.focus');
    await withSession(shownClient(), async (_, state) => {
      const { id } = named(state(), 'hung');
      await vscode.commands.executeCommand('coderWorkspaces.start', id);
      const went = (kind: Passed['kind'], path: RegExp) =>
        eventually(`${kind} through the proxy`, async () =>
          (await passed()).some((each) => each.kind === kind && path.test(each.path)),
        );
      await went('rest', /^\/api\/v2\/users\/me$/);
      await went('rest', /^\/api\/v2\/workspaces\?/);
      await went('events', /^\/api\/v2\/workspaces\/[^/]+\/watch$/);
      await went('socket', /^\/api\/v2\/workspacebuilds\/[^/]+\/logs\?.*follow/);
    });
  });
});
