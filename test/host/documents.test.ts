import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Documents } from '../../src/views/documents.ts';
import { eventually } from './fixture.ts';

const LOG = `──── start #4 · dev ────
▸ Setting up                                                       0.3 s
▸ Starting workspace                                              42.7 s
  kubernetes_pod.dev: Creating...
  error Error: full
──── start failed after 43 s ────
`;

const tabs = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs);

suite('Documents about builds', () => {
  let end: AbortController;
  let documents: Documents;
  setup(() => {
    end = new AbortController();
    documents = new Documents(end.signal);
  });
  teardown(async () => {
    await vscode.window.tabGroups.close(tabs());
    end.abort();
  });

  const path = ['coder.example.com', 'owner', 'web', 'web #4.log'];

  test('of a provisioner state are of no language whose server would fetch what the text names, or open it', async () => {
    const text = JSON.stringify({ $schema: 'http://127.0.0.1:1/state-of-somebody.json', version: 4 });
    await documents.show({ path: [...path.slice(0, -1), 'web #4 state.json'], text, refs: { buildId: 'b' } });
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.getText(), text);
    assert.equal(document.languageId, 'coderWorkspaces-text');
  });

  test('of a log are read-only, in the language of logs, outlined and folded by stage, at the line that is asked for', async () => {
    await documents.show({ path, text: LOG, line: 4, refs: { buildId: 'b' } });
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor, 'no editor is open');
    assert.equal(editor.document.getText(), LOG);
    assert.equal(editor.document.languageId, 'coderWorkspaces-build-log');
    assert.equal(editor.selection.active.line, 4);
    assert.equal(tabs()[0]?.label, 'web #4.log');
    await vscode.commands.executeCommand('type', { text: 'x' });
    assert.equal(editor.document.getText(), LOG);
    assert.equal(editor.document.isDirty, false);
    const { uri } = editor.document;
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      uri,
    );
    assert.deepEqual(
      // The extension itself may be asked, too.
      [...new Set(symbols.map(({ name, detail }) => `${name} ${detail}`.trim()))],
      ['start #4 · dev', 'Setting up 0.3 s', 'Starting workspace 42.7 s', 'start failed after 43 s'],
    );
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      uri,
    );
    assert.deepEqual(
      folds.map(({ start, end: last }) => [start, last]),
      [[2, 4]],
    );
  });

  test('are shown anew under the same name, and forgotten once they are closed', async () => {
    await documents.show({ path, text: LOG });
    await documents.show({ path, text: `${LOG}more\n` });
    await eventually('the new text', () => vscode.window.activeTextEditor?.document.getText() === `${LOG}more\n`);
    assert.equal(tabs().length, 1);
    const uri = vscode.window.activeTextEditor?.document.uri;
    assert.ok(uri, 'no editor is open');
    await vscode.window.tabGroups.close(tabs());
    await eventually('that it is forgotten', () => documents.count === 0);
  });

  test('are compared by VS Code, each side in full', async () => {
    const older = { path: [...path.slice(0, 3), 'web #3.log'], text: LOG.replace('#4', '#3') };
    await documents.compare('web: #3 ↔ #4', older, { path, text: LOG });
    const tab = await eventually('the comparison', () =>
      tabs().find(({ input }) => input instanceof vscode.TabInputTextDiff),
    );
    assert.equal(tab.label, 'web: #3 ↔ #4');
    await eventually('both texts', () =>
      [older.text, LOG].every((text) => vscode.workspace.textDocuments.some((document) => document.getText() === text)),
    );
  });
});
