import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { enter, pick, toItems } from '../../src/host/quickInput.ts';
import { Dismissed, noteRow } from '../../src/model/prompt.ts';
import { contextKeysOf } from '../../src/views/contextKeysOf.ts';
import { assertHarmless, clientOf, HOSTILE, withSession } from './fixture.ts';

suite('Prompts', () => {
  test('draw hostile rows as text, with icons only of our own', () => {
    const items = toItems({
      label: HOSTILE,
      description: HOSTILE,
      detail: HOSTILE,
      heading: HOSTILE,
      icon: 'vm',
      value: 1,
    });
    assert.equal(items.length, 2);
    for (const item of items) {
      for (const text of [item.label, item.description, item.detail]) assertHarmless(text ?? '');
    }
    assert.deepEqual(items[1]?.iconPath, new vscode.ThemeIcon('vm'));
  });

  test('that are closed are no failure but Dismissed', async () => {
    const stop = new AbortController();
    const asked = pick({ title: 'Choose', rows: [{ label: 'a', value: 1 }], signal: stop.signal });
    stop.abort();
    await assert.rejects(asked, Dismissed);
    await assert.rejects(enter({ title: 'Type', signal: stop.signal }), Dismissed);
  });

  test('give back the row that was accepted', async () => {
    const asked = pick({
      title: 'Choose',
      rows: [
        { label: 'a', value: 1 },
        { label: 'b', value: 2 },
      ],
      active: (value) => value === 2,
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    assert.equal(await asked, 2);
  });

  test('stay open where a row that only informs is accepted', async () => {
    const stop = new AbortController();
    const asked = pick<number>({
      title: 'Choose',
      rows: [noteRow('Only this'), { label: 'a', value: 1 }],
      signal: stop.signal,
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    assert.equal(await asked, 1);
  });
});

suite('Context keys', () => {
  test('claim nothing while loading, and tell six states apart as far as welcomes need', async () => {
    await withSession(clientOf('v2'), (_, state) => {
      const unfiltered = { filtered: false, showsShared: false };
      const outage = { since: 0, retryAt: 0, error: new Error('away') } as never;
      assert.deepEqual(contextKeysOf({ kind: 'loading' }).loaded, false);
      assert.deepEqual(contextKeysOf({ kind: 'signedOut' }), {
        ...unfiltered,
        loaded: true,
        signedIn: false,
        hasWorkspaces: false,
      });
      assert.deepEqual(contextKeysOf({ kind: 'unreachable', ...(outage as object) } as never), {
        ...unfiltered,
        loaded: true,
        signedIn: true,
        hasWorkspaces: false,
      });
      assert.deepEqual(contextKeysOf(state()), { ...unfiltered, loaded: true, signedIn: true, hasWorkspaces: true });
      assert.deepEqual(contextKeysOf({ ...state(), workspaces: new Map() }), {
        ...unfiltered,
        loaded: true,
        signedIn: true,
        hasWorkspaces: false,
      });
    });
  });
});
