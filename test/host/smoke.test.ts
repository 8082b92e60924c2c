import assert from 'node:assert/strict';
import * as vscode from 'vscode';

suite('The extension host', () => {
  test('has the extension, and it activates', async () => {
    const extension = vscode.extensions.getExtension('coder-workspaces.coder-workspaces');
    assert.ok(extension, 'coder-workspaces.coder-workspaces is not installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  test('was handed a deployment of each age', async () => {
    for (const age of ['V0', 'V2']) {
      const response = await fetch(`${process.env[`CODER_TEST_URL_${age}`] ?? ''}/api/v2/users/me`, {
        headers: { 'Coder-Session-Token': process.env[`CODER_TEST_TOKEN_${age}`] ?? '' },
      });
      assert.equal(response.status, 200, age);
    }
  });
});
