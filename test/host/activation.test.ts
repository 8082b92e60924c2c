import assert from 'node:assert/strict';
import { cp, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/commands/table.ts';
import { extension } from './fixture.ts';

suite('Activation', () => {
  test('registers exactly the commands of the manifest', async () => {
    const contributes = (extension().packageJSON as { contributes: { commands: { command: string }[] } }).contributes;
    await extension().activate();
    const registered = (await vscode.commands.getCommands(true)).filter(
      // VS Code itself makes commands for the view: focus, open, move …
      (id) => id.startsWith('coderWorkspaces.') && !id.startsWith('coderWorkspaces.workspaces.'),
    );
    const declared = contributes.commands.map((command) => command.command);
    assert.deepEqual(registered.sort(), declared.sort());
    assert.deepEqual(
      Object.keys(COMMANDS)
        .map((id) => `coderWorkspaces.${id}`)
        .sort(),
      declared.sort(),
    );
  });

  // `npm run bench -- activation` measures them: at most 100 ms each.
  test('and what is loaded later take at most a second a file, also on a busy machine', async () => {
    const { extensionPath } = extension();
    // None of the copies is loaded yet.
    const copies = path.join(extensionPath, 'test-results', 'host', 'dist');
    await cp(path.join(extensionPath, 'dist'), copies, { recursive: true });
    const load = createRequire(path.join(copies, 'all.cjs'));
    for (const name of await readdir(path.join(extensionPath, 'dist'))) {
      const began = performance.now();
      load(`./${name}`);
      const took = performance.now() - began;
      assert.ok(took < 1_000, `${name} took ${took} ms`);
    }
  });

  test('exports nothing', () => assert.equal(extension().exports, undefined));

  test('puts no token into settings', () => {
    const all = JSON.stringify(vscode.workspace.getConfiguration());
    for (const age of ['V0', 'V2']) {
      const token = process.env[`CODER_TEST_TOKEN_${age}`];
      assert.ok(token);
      assert.ok(!all.includes(token));
    }
  });

  test('lets each setting be written by the user', async () => {
    const { properties } = (
      extension().packageJSON as {
        contributes: { configuration: { properties: Record<string, { default: unknown }> } };
      }
    ).contributes.configuration;
    const configuration = vscode.workspace.getConfiguration();
    for (const [key, { default: value }] of Object.entries(properties)) {
      await configuration.update(key, value, vscode.ConfigurationTarget.Global);
      assert.deepEqual(vscode.workspace.getConfiguration().get(key), value, key);
      await configuration.update(key, undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
