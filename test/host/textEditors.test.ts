import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { closeLeftTexts } from '../../src/host/tabs.ts';
import { TextEditors } from '../../src/host/textEditors.ts';
import { Dismissed } from '../../src/model/prompt.ts';
import { eventually } from './fixture.ts';

const isOurs = (uri: vscode.Uri | undefined) => uri?.scheme === 'coder-workspaces-text';

suite('A text in an editor', () => {
  const seen = new Set<string>();
  let texts: TextEditors;
  suiteSetup(() => (texts = new TextEditors()));
  suiteTeardown(() => texts.dispose());

  /** The editor in front, which was not there before. */
  const opened = () =>
    eventually('the editor', () => {
      const { document } = vscode.window.activeTextEditor ?? {};
      if (document === undefined || !isOurs(document.uri) || seen.has(document.uri.toString())) return undefined;
      seen.add(document.uri.toString());
      return document;
    });
  const closed = () => eventually('the editor to close', () => !isOurs(vscode.window.activeTextEditor?.document.uri));
  /** As from the keyboard, at the end. */
  const typed = async (document: vscode.TextDocument, text: string) => {
    const before = document.version;
    await eventually('the text to arrive', async () => {
      await vscode.commands.executeCommand('cursorBottom');
      await vscode.commands.executeCommand('default:type', { text });
      return document.version > before;
    });
  };

  test('that is used is the text as it was edited, trailing spaces and line breaks included', async () => {
    const edited = texts.edit({ title: 'Create', name: 'Startup/script', value: 'one\n  two  \n' });
    const document = await opened();
    assert.equal(document.getText(), 'one\n  two  \n');
    assert.equal(document.languageId, 'coderWorkspaces-text');
    assert.match(document.uri.path, /\/Startup script$/);
    await typed(document, 'three  \n\n');
    await eventually('it to be saved', () => !document.isDirty);
    texts.use();
    assert.equal(await edited, 'one\n  two  \nthree  \n\n');
    await closed();
  });

  test('that is used while VS Code still saves it is closed for good', async () => {
    for (let round = 0; round < 5; round += 1) {
      const edited = texts.edit({ title: 'Create', name: 'n', value: 'one ' });
      await opened();
      await vscode.commands.executeCommand('cursorBottom');
      await Promise.all(['t', 'w', 'o'].map((text) => vscode.commands.executeCommand('default:type', { text })));
      texts.use();
      assert.equal(await edited, 'one two');
    }
    // So long VS Code waits before it shows an unsaved text that is in no tab.
    await pause(1_500);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.ok(!tabs.some(({ input }) => input instanceof vscode.TabInputText && isOurs(input.uri)), 'one is back');
  });

  for (const [what, value] of Object.entries({
    'with line breaks of several kinds': 'one\r\ntwo\nthree\rfour',
    'with a byte order mark': '\ufeffbom',
    'that is empty': '',
    'of blanks': ' \t\n',
    'of other scripts': 'ä€😀',
  })) {
    test(`${what} is given back to the letter when it is used unchanged, and not at all when it is left`, async () => {
      const used = texts.edit({ title: 'Create', name: 'n', value });
      await opened();
      texts.use();
      assert.equal(await used, value);
      const left = texts.edit({ title: 'Create', name: 'n', value });
      await opened();
      await texts.leave();
      assert.equal(await left, undefined);
    });
  }

  test('is saved to memory as it is typed, so that VS Code has no reason to keep it on disk', async () => {
    const edited = texts.edit({ title: 'Create', name: 'n', value: '' });
    const document = await opened();
    for (const word of ['as', ' it', ' is', ' typed']) {
      await typed(document, word);
      await eventually('it to be saved', () => !document.isDirty);
    }
    const kept = await vscode.workspace.fs.readFile(document.uri);
    assert.equal(new TextDecoder().decode(kept), document.getText());
    texts.use();
    assert.equal(await edited, 'as it is typed');
  });

  test('closes with the session, and is no answer then', async () => {
    const end = new AbortController();
    const edited = texts.edit({ title: 'Create', name: 'n', value: 'x', signal: end.signal });
    await opened();
    end.abort();
    await assert.rejects(edited, Dismissed);
    await closed();
  });

  test('that an earlier window left open is closed', async () => {
    const edited = texts.edit({ title: 'Create', name: 'n', value: 'x' });
    await opened();
    await closeLeftTexts();
    await closed();
    assert.equal(await edited, undefined);
    await pause(0);
  });
});
