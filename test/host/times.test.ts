import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EpochMs } from '../../src/api/units.ts';
import { readWindowPlace } from '../../src/host/connectedWorkspace.ts';
import { readDisplayLocale } from '../../src/host/displayLocale.ts';
import { parseClock } from '../../src/model/clockInput.ts';
import { absoluteAndRelative, clockTime } from '../../src/model/times.ts';

const EVENING = Date.parse('2026-11-25T18:30:00Z') as EpochMs;
const NOON = Date.parse('2026-11-25T12:00:00Z') as EpochMs;

const shown = (): string => clockTime(EVENING, NOON, readDisplayLocale()).replaceAll('\u202f', ' ');

async function withSettings(values: Readonly<Record<string, unknown>>, look: () => void): Promise<void> {
  const settings = vscode.workspace.getConfiguration('coderWorkspaces');
  const set = async (key: string, value: unknown) => settings.update(key, value, vscode.ConfigurationTarget.Global);
  try {
    for (const [key, value] of Object.entries(values)) await set(key, value);
    look();
  } finally {
    for (const key of Object.keys(values)) await set(key, undefined);
  }
}

suite('Times', () => {
  test('follow the settings, and an unknown zone counts as none', async () => {
    await withSettings({ timeZone: 'Asia/Kolkata', timeFormat: '24h' }, () => assert.equal(shown(), 'Thu 00:00'));
    await withSettings({ timeZone: 'Europe/Paris', timeFormat: '12h' }, () => assert.equal(shown(), '7:30 PM'));
    await withSettings({ timeZone: 'Europe/Nowhere', timeFormat: 'nonsense' }, () => assert.match(shown(), /\d:\d\d/));
  });

  test('name their zone in a browser, where it may not be the reader’s', async () => {
    const isBrowser = vscode.env.uiKind === vscode.UIKind.Web;
    await withSettings({ timeFormat: '24h' }, () => {
      const { showsZone, timeZone } = readDisplayLocale();
      assert.equal(showsZone, isBrowser || timeZone === '');
      assert.match(shown(), showsZone ? /^\S* ?\d\d:\d\d \S+$/ : /^\S* ?\d\d:\d\d$/);
    });
    await withSettings({ timeZone: 'UTC', timeFormat: '24h' }, () => assert.equal(shown(), '18:30'));
  });

  test('are understood as they are shown', () => {
    const displayLocale = readDisplayLocale();
    const input = parseClock(absoluteAndRelative(EVENING, NOON, displayLocale), NOON, displayLocale);
    assert.equal(input, EVENING);
  });
});

suite('The window', () => {
  test('without a workspace of Coder names none', () => {
    const { authorities } = readWindowPlace();
    assert.equal(authorities.filter((authority) => authority.startsWith('ssh-remote')).length, 0);
  });
});
