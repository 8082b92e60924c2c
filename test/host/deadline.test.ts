import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs } from '../../src/api/units.ts';
import type { Ready, State } from '../../src/model/state.ts';
import { readDisplayLocale } from '../../src/host/displayLocale.ts';
import { realTiming } from '../../src/model/timing.ts';
import { DeadlineItem } from '../../src/views/deadlineItem.ts';
import { DeadlineStatus } from '../../src/views/deadlineStatus.ts';
import { AGES, assertHarmless, clientOf, HOSTILE, named, withSession } from './fixture.ts';

const MINUTE = 60_000;

function itemOn(state: State, now: EpochMs, show: 'always' | 'withinHour' | 'never' = 'always') {
  const status = new DeadlineStatus();
  const item = new DeadlineItem({
    timing: realTiming,
    source: () => ({ state, now, preference: {} }),
    show: () => show,
    displayLocale: readDisplayLocale,
    draw: (drawing) => status.draw(drawing),
    logError: (error) => {
      throw error;
    },
  });
  item.redraw();
  return {
    item: status.item,
    during: <T>(work: Promise<T>) => item.during(work),
    dispose: () => {
      item.dispose();
      status.dispose();
    },
  };
}

/** Only `workspace`, running until `deadlineAt`. */
const alone = (state: Ready, workspace: Workspace, deadlineAt: number, maxAt?: number): Ready => ({
  ...state,
  workspaces: new Map([
    [
      workspace.id,
      {
        ...workspace,
        latest_build: {
          ...workspace.latest_build,
          deadline: deadlineAt as EpochMs,
          max_deadline: maxAt as EpochMs | undefined,
        },
      },
    ],
  ]),
});

suite('The status bar', () => {
  for (const age of AGES) {
    test(`says how long the next workspace still runs (${age})`, async () => {
      await withSession(clientOf(age), (_, state) => {
        const now = Date.now() as EpochMs;
        const item = itemOn(alone(state(), named(state(), 'web'), now + 110 * MINUTE), now);
        try {
          assert.equal(item.item.text, '$(clock) 1 h 50 min');
          assert.equal(item.item.backgroundColor, undefined);
          assert.match(item.item.accessibilityInformation?.label ?? '', /^web stops .+, in 1 h 50 min\.$/);
          assert.equal(item.item.id, 'coderWorkspaces.deadline');
        } finally {
          item.dispose();
        }
      });
    });
  }

  test('warns by its background in the last quarter of an hour, and never counts below zero', async () => {
    await withSession(clientOf('v2'), (_, state) => {
      const now = Date.now() as EpochMs;
      for (const [left, text] of [
        [14 * MINUTE, '$(clock) 14 min'],
        [-5 * MINUTE, '$(clock) stopping soon'],
      ] as const) {
        const item = itemOn(alone(state(), named(state(), 'web'), now + left), now);
        try {
          assert.equal(item.item.text, text);
          assert.deepEqual(item.item.backgroundColor, new vscode.ThemeColor('statusBarItem.warningBackground'));
        } finally {
          item.dispose();
        }
      }
    });
  });

  test('says that it works while a deadline is being moved', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const now = Date.now() as EpochMs;
      const item = itemOn(alone(state(), named(state(), 'web'), now + 20 * MINUTE), now);
      try {
        let finish = (): void => undefined;
        const work = new Promise<void>((resolve) => (finish = resolve));
        const during = item.during(work);
        assert.match(item.item.text, /^\$\(sync~spin\)/);
        assert.match(item.item.accessibilityInformation?.label ?? '', /^Extending/, 'a screen reader hears it, too');
        finish();
        await during;
        assert.equal(item.item.text, '$(clock) 20 min');
      } finally {
        item.dispose();
      }
    });
  });

  test('offers only an earlier stop of one that is required', async () => {
    await withSession(clientOf('v2'), (_, state) => {
      const now = Date.now() as EpochMs;
      const at = now + 50 * MINUTE;
      const item = itemOn(alone(state(), named(state(), 'web'), at, at), now);
      try {
        const tooltip = item.item.tooltip as vscode.MarkdownString;
        assert.match(tooltip.value, /\[Stop Earlier\]\(command:coderWorkspaces\.extend/);
        assert.match(tooltip.value, /command:coderWorkspaces\.stop/);
        assert.match(item.item.accessibilityInformation?.label ?? '', /required to stop/);
      } finally {
        item.dispose();
      }
    });
  });

  test('asks for a sign-in when the session has ended', () => {
    const item = itemOn({ kind: 'signedOut', reason: 'expired' }, Date.now() as EpochMs);
    try {
      assert.equal(item.item.command, 'coderWorkspaces.signIn');
    } finally {
      item.dispose();
    }
  });

  test('draws hostile names as text, and only its own commands run from the tooltip', async () => {
    await withSession(clientOf('v2'), (_, state) => {
      const now = Date.now() as EpochMs;
      const web = { ...named(state(), 'web'), name: HOSTILE };
      const other = named(state(), 'notebook');
      const both = alone(state(), web, now + 20 * MINUTE);
      const item = itemOn(
        { ...both, workspaces: new Map([...both.workspaces, [other.id, { ...other, name: HOSTILE }]]) },
        now,
      );
      try {
        assertHarmless(item.item.text.replace('$(clock) ', ''));
        assertHarmless(item.item.accessibilityInformation?.label ?? '');
        const tooltip = item.item.tooltip as vscode.MarkdownString;
        assert.deepEqual(tooltip.isTrusted, {
          enabledCommands: ['coderWorkspaces.extend', 'coderWorkspaces.stop', 'coderWorkspaces.showLog'],
        });
        const links = [...tooltip.value.matchAll(/(?<!\\)\]\(command:([\w.]+)/g)].map((match) => match[1] ?? '');
        assert.ok(links.length >= 3);
        for (const link of links) assert.match(link, /^coderWorkspaces\.(extend|stop|showLog)$/);
        assert.doesNotMatch(tooltip.value, /(?<!\\)<|(?<!\\)\$\(/);
      } finally {
        item.dispose();
      }
    });
  });
});
