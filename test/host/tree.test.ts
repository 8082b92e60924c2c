import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ApiError } from '../../src/api/errors.ts';
import { listWorkspaces } from '../../src/api/operations.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs } from '../../src/api/units.ts';
import type { Ready, State } from '../../src/model/state.ts';
import { badges, badgeUri } from '../../src/views/badge.ts';
import { drawRow } from '../../src/views/row.ts';
import type { Row } from '../../src/views/rows.ts';
import { WorkspacesTree } from '../../src/views/workspacesTree.ts';
import { WorkspacesView } from '../../src/views/workspacesView.ts';
import { AGES, assertHarmless, clientOf, eventually, extension, HOSTILE, named, withSession } from './fixture.ts';

const options = { deploymentKey: 'd', host: 'd.test', flattenAgents: true, showHiddenResources: false };

/** Those of the test that runs. */
const trees: WorkspacesTree[] = [];
const newTree = (): WorkspacesTree => {
  const tree = new WorkspacesTree();
  trees.push(tree);
  return tree;
};

/** The view on a state that the test sets; every change that it fires is kept. */
function viewOn(initial: State) {
  let state = initial;
  // Time stands still, so that only what the test changes can change a row.
  const clock = { now: Date.now() as EpochMs };
  const tree = newTree();
  const view = new WorkspacesView(() => ({ state, options, now: clock.now }), tree, assert.ifError);
  const fired: (Row | Row[] | undefined)[] = [];
  tree.onDidChangeTreeData((change) => fired.push(change));
  const setState = (next: State) => {
    state = next;
    view.redraw();
  };
  /** Somebody looks. */
  const show = async (next: State) => {
    await vscode.commands.executeCommand('coderWorkspaces.workspaces.focus');
    await eventually('the view to be visible', () => view.view.visible);
    setState(next);
    await pause(300);
  };
  return { view, fired, show, setState, clock };
}

/** What stands at the end of a row with that badge. */
const drawnBadge = (badge: string): vscode.FileDecoration => {
  const drawn = badges.provideFileDecoration(badgeUri('row', badge), new vscode.CancellationTokenSource().token);
  assert.ok(drawn instanceof vscode.FileDecoration);
  return drawn;
};

/** What VS Code does when the pointer rests on a row. */
const hover = (view: WorkspacesView, row: Row): string => {
  const { tooltip } = view.resolveTreeItem(view.getTreeItem(row), row);
  assert.ok(tooltip instanceof vscode.MarkdownString);
  return tooltip.value;
};

const rowsBelow = (view: WorkspacesView, row?: Row): Row[] =>
  view.getChildren(row).flatMap((child) => [child, ...rowsBelow(view, child)]);

const withBuild = (state: Ready, workspace: Workspace, change: Partial<Workspace['latest_build']>): Ready => ({
  ...state,
  workspaces: new Map(state.workspaces).set(workspace.id, {
    ...workspace,
    latest_build: { ...workspace.latest_build, ...change },
  }),
});

suite('The tree', () => {
  teardown(() => {
    for (const tree of trees.splice(0)) tree.dispose();
  });

  // VS Code tells what is visible to whoever made the view last: the extension's own is to be there before a test's.
  suiteSetup(() => extension().activate());

  for (const age of AGES) {
    test(`has a row for each workspace of a deployment (${age})`, async () => {
      await withSession(clientOf(age), async (_, state) => {
        const { view, show } = viewOn(state());
        try {
          await show(state());
          const labels = view.getChildren().map((row) => view.getTreeItem(row).label);
          const names = [...state().workspaces.values()].filter((each) => !each.is_prebuild).map((each) => each.name);
          assert.deepEqual([...labels].sort(), names.sort());
        } finally {
          view.dispose();
        }
      });
    });

    test(`gives each row an id of its own, a parent and words for a screen reader (${age})`, async () => {
      await withSession(clientOf(age), async (_, state) => {
        const { view, show } = viewOn(state());
        try {
          await show(state());
          const rows = rowsBelow(view);
          assert.equal(new Set(rows.map((row) => row.id)).size, rows.length);
          for (const row of rows) {
            const item = view.getTreeItem(row);
            assert.ok(item.accessibilityInformation?.label, row.id);
            assert.equal(item.tooltip, undefined, 'tooltips are filled in on hover');
            const { parent } = row;
            assert.ok(view.getChildren(parent).includes(row), row.id);
          }
        } finally {
          view.dispose();
        }
      });
    });
  }

  test('fires nothing for a state that says the same', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, fired, show } = viewOn(state());
      try {
        await show(state());
        fired.length = 0;
        for (let times = 0; times < 3; times += 1) await show({ ...state(), workspaces: new Map(state().workspaces) });
        assert.deepEqual(fired, []);
      } finally {
        view.dispose();
      }
    });
  });

  test('fires the roots again until VS Code asks for them, which drops a refresh while its last request is in flight', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, fired, show } = viewOn(state());
      try {
        await show(state());
        const alone = (name: string): Ready => {
          const workspace = named(state(), name);
          return { ...state(), workspaces: new Map([[workspace.id, workspace]]) };
        };
        // VS Code's requests do not reach the view, as if each refresh were dropped.
        const asks = Object.getOwnPropertyDescriptor(WorkspacesView.prototype, 'getChildren')
          ?.value as typeof view.getChildren;
        view.getChildren = () => [];
        fired.length = 0;
        await show(alone('web'));
        await eventually('three refreshes of the roots', () => fired.filter((each) => each === undefined).length >= 3);
        view.getChildren = asks;
        const labels: unknown[] = [];
        view.getChildren = (row) => {
          const rows = asks.call(view, row);
          if (row === undefined) labels.push(rows.map(({ node }) => node.label));
          return rows;
        };
        await eventually('VS Code to ask for the present roots', () => labels.length > 0);
        assert.deepEqual(labels, [['web']]);
        fired.length = 0;
        await pause(2_500);
        assert.deepEqual(fired, [], 'then it is told no more');
      } finally {
        view.dispose();
      }
    });
  });

  test('fires only the row that changed, and it is the same row as before', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, fired, show } = viewOn(state());
      try {
        await show(state());
        const row = view.getChildren().find((each) => each.node.label === 'broken');
        assert.ok(row);
        fired.length = 0;
        await show(
          withBuild(state(), named(state(), 'broken'), {
            job: { ...named(state(), 'broken').latest_build.job, error: 'quota exceeded' },
          }),
        );
        assert.deepEqual(fired, [[row]]);
        assert.match(String(view.getTreeItem(row).description), /quota exceeded/);
      } finally {
        view.dispose();
      }
    });
  });

  test('gives the selection to the workspace when the selected agent is gone', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, show } = viewOn(state());
      try {
        await show(state());
        const web = view.getChildren().find(({ node }) => node.label === 'web');
        const agent = rowsBelow(view, web).find(({ node }) => node.kind === 'agent');
        assert.ok(web && agent);
        await view.view.reveal(agent, { select: true, focus: true });
        await eventually('the agent to be selected', () => view.selection.rows[0] === agent);
        const stops = named(state(), 'web');
        await show(withBuild(state(), stops, { status: 'stopped', transition: 'stop', resources: [] }));
        await eventually('the workspace to be selected', () => view.selection.rows[0] === web);
      } finally {
        view.dispose();
      }
    });
  });

  test('a key acts on the row with the focus, and on all that are selected if it is one of them', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, show } = viewOn(state());
      const list = (command: string) => vscode.commands.executeCommand(`list.${command}`);
      const labelsOfKey = async () => (await view.selection.rowsOfKey()).map(({ node }) => node.label);
      const selected = () => view.selection.rows.map(({ node }) => node.label);
      try {
        await show(state());
        const [first, second, third] = view.getChildren();
        assert.ok(first && second && third);
        const [one, two, three] = [first, second, third].map(({ node }) => node.label);
        await view.view.reveal(first, { select: true, focus: true });
        await eventually('the first row to be selected', () => view.selection.rows[0] === first);
        assert.deepEqual(await labelsOfKey(), [one]);
        await list('focusDown');
        assert.deepEqual(await labelsOfKey(), [two], 'the arrow keys move only the focus');
        assert.deepEqual(selected(), [one], 'the selection is as it was');
        await list('toggleSelection');
        await eventually('two rows to be selected', () => view.selection.rows.length === 2);
        assert.deepEqual(await labelsOfKey(), [two, one]);
        await list('focusDown');
        assert.deepEqual(await labelsOfKey(), [three], 'not what is selected elsewhere');
        await list('clear');
        await eventually('nothing to be selected', () => view.selection.rows.length === 0);
        assert.deepEqual(await labelsOfKey(), [three], 'the focus is where it was');
        assert.deepEqual(selected(), []);
      } finally {
        view.dispose();
      }
    });
  });

  test('draws by itself only what is in transition, and the rest once somebody comes to look', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const archive = named(state(), 'archive');
      const building = withBuild(state(), named(state(), 'web'), { status: 'starting' });
      // What goes on every five seconds goes on every tenth of one.
      const { setInterval } = globalThis;
      const quick = (tick: () => void, intervalMs = 0) => setInterval(tick, intervalMs / 50);
      globalThis.setInterval = Object.assign(quick as typeof setInterval, setInterval);
      const { view, fired, show, clock } = viewOn(building);
      try {
        await show(building);
        globalThis.setInterval = setInterval;
        fired.length = 0;
        clock.now = (clock.now + 90 * 86_400_000) as EpochMs;
        const labels = () => fired.flatMap((rows) => (Array.isArray(rows) ? rows.map(({ node }) => node.label) : []));
        await eventually('the row in transition to tick', () => labels().includes('web'));
        assert.ok(!labels().includes(archive.name), 'how long ago a stop was does not tick');
        await show(building);
        assert.ok(labels().includes(archive.name), 'and is true again when it is drawn');
      } finally {
        globalThis.setInterval = setInterval;
        view.dispose();
      }
    });
  });

  test('draws nothing while it is hidden, and what is true when it is shown', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, fired, show, setState } = viewOn(state());
      try {
        await show(state());
        const broken = named(state(), 'broken');
        await vscode.commands.executeCommand('workbench.view.explorer');
        await eventually('the view to be hidden', () => !view.view.visible);
        fired.length = 0;
        setState(withBuild(state(), broken, { job: { ...broken.latest_build.job, error: 'quota exceeded' } }));
        await pause(600);
        assert.deepEqual(fired, []);
        await vscode.commands.executeCommand('coderWorkspaces.workspaces.focus');
        const row = view.getChildren().find((each) => each.node.label === 'broken');
        await eventually('the row to be drawn', () => row?.node.description.includes('quota exceeded'));
        assert.deepEqual(fired, [[row]]);
      } finally {
        view.dispose();
      }
    });
  });

  test('fires a row that was hovered once its tooltip would read otherwise, and no other', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, fired, show, clock } = viewOn(state());
      // A row that says the same at any time, unlike its tooltip.
      const web = { ...named(state(), 'web'), last_used_at: (clock.now - 60_000) as EpochMs };
      const alone: Ready = { ...state(), workspaces: new Map([[web.id, web]]) };
      try {
        await show(alone);
        const [row] = view.getChildren();
        assert.ok(row);
        // A row whose own words change is drawn for that, which says nothing about its tooltip.
        const words = () => JSON.stringify([row.node.label, row.node.description, row.node.ariaLabel]);
        let wordsBefore = words();
        const firedForTooltip = () => {
          const rows = wordsBefore === words() ? [...fired] : [];
          fired.length = 0;
          wordsBefore = words();
          return rows;
        };
        await pause(600);
        fired.length = 0;
        assert.match(hover(view, row), /1 minute ago/);
        await pause(300);
        assert.deepEqual(firedForTooltip(), [], 'not from inside a hover');
        clock.now = (clock.now + 50_000) as EpochMs;
        await show(alone);
        assert.deepEqual(firedForTooltip(), [], 'not within a minute');
        clock.now = (clock.now + 300_000) as EpochMs;
        await show(alone);
        await eventually('the row to be fired', () => fired.length > 0);
        assert.deepEqual(new Set(fired.flat()), new Set([row]), 'that row, and no other');
        await pause(300);
        firedForTooltip();
        clock.now = (clock.now + 300_000) as EpochMs;
        await show(alone);
        assert.deepEqual(firedForTooltip(), [], 'a row that nobody has hovered since is left alone');
        assert.match(hover(view, row), /11 minutes ago/);
      } finally {
        view.dispose();
      }
    });
  });

  test('says that it cannot draw, logs it once, and draws when it can again', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      let isBroken = true;
      const errors: unknown[] = [];
      const broken: State = {
        ...state(),
        get workspaces(): Ready['workspaces'] {
          if (isBroken) throw new Error('cannot be drawn');
          return state().workspaces;
        },
      };
      const view = new WorkspacesView(
        () => ({ state: broken, options, now: Date.now() as EpochMs }),
        newTree(),
        (error) => errors.push(error),
      );
      try {
        await vscode.commands.executeCommand('coderWorkspaces.workspaces.focus');
        await eventually('the view to be visible', () => view.view.visible);
        view.redraw();
        await eventually('the view to say so', () => view.view.message?.includes("Couldn't show your workspaces"));
        view.redraw();
        await pause(500);
        assert.equal(errors.length, 1);
        isBroken = false;
        // Without a change it is drawn after 5 s or 10: that is `views-redrawing.test.ts`.
        view.redraw();
        await eventually('the rows', () => view.getChildren().length > 0);
        await eventually('the message to go', () => (view.view.message ?? '') === '');
      } finally {
        view.dispose();
      }
    });
  });

  test('makes one change of a burst', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, fired, show } = viewOn(state());
      try {
        await show(state());
        fired.length = 0;
        const archive = named(state(), 'archive');
        const states = ['autostop', 'dormancy', 'autostop', 'initiator', 'dormancy'].map((reason) =>
          withBuild(state(), archive, { reason }),
        );
        const shown = states.map((each) => show(each));
        await Promise.all(shown);
        assert.ok(fired.length <= 2, `${fired.length} changes for five states at once`);
      } finally {
        view.dispose();
      }
    });
  });

  test('keeps its rows while the deployment is away, and says since when', async () => {
    await withSession(clientOf('v2'), async (session, state) => {
      const { view, fired, show } = viewOn(state());
      try {
        await show(state());
        const count = view.getChildren().length;
        fired.length = 0;
        const since = session.now();
        const { host } = session.url;
        const error = new ApiError({ operation: listWorkspaces, host, kind: 'refused' });
        const stale = { error, since, retryAt: since + 8_000 } as unknown as NonNullable<Ready['stale']>;
        await show({ ...state(), stale });
        assert.match(view.view.message ?? '', /^Offline since .+, retrying in \d s\b/);
        assert.equal(view.getChildren().length, count);
        assert.deepEqual(fired, []);
        await show(state());
        assert.equal(view.view.message, '');
      } finally {
        view.dispose();
      }
    });
  });

  test('shows nothing while loading and after signing out', async () => {
    const { view, show } = viewOn({ kind: 'loading' });
    try {
      for (const state of [{ kind: 'loading' }, { kind: 'signedOut', reason: 'expired' }] as const) {
        await show(state);
        assert.deepEqual(view.getChildren(), []);
        assert.equal(view.view.message ?? '', '');
      }
    } finally {
      view.dispose();
    }
  });

  test('draws hostile text as nothing but text', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const web = named(state(), 'web');
      const hostile: Workspace = {
        ...web,
        name: HOSTILE,
        template_display_name: HOSTILE,
        outdated: true,
        latest_build: {
          ...web.latest_build,
          initiator_name: HOSTILE,
          template_version_name: HOSTILE,
          job: { ...web.latest_build.job, error: HOSTILE },
          resources: web.latest_build.resources.map((resource) => ({
            ...resource,
            name: HOSTILE,
            type: HOSTILE,
            metadata: [{ key: HOSTILE, value: HOSTILE, sensitive: false }],
            agents: resource.agents.map((agent) => ({
              ...agent,
              name: HOSTILE,
              apps: [...agent.apps, ...agent.apps].map((app) => ({ ...app, display_name: HOSTILE, slug: HOSTILE })),
            })),
          })),
        },
      };
      const { view, show } = viewOn(state());
      try {
        await show({ ...state(), workspaces: new Map([[hostile.id, hostile]]) });
        const rows = rowsBelow(view);
        assert.ok(rows.length >= 3);
        for (const row of rows) {
          const item = view.getTreeItem(row);
          for (const text of [item.label, item.description, item.accessibilityInformation?.label]) {
            assert.ok(typeof text === 'string');
            assertHarmless(text);
          }
          const tooltip = view.resolveTreeItem(item, row).tooltip;
          assert.ok(tooltip instanceof vscode.MarkdownString);
          assert.notEqual(tooltip.isTrusted, true);
          assert.notEqual(tooltip.supportHtml, true);
          assert.notEqual(tooltip.supportThemeIcons, true);
          // Every mark that Markdown could read stands behind a backslash, but those of the tooltip itself.
          const ours = tooltip.value.replaceAll('**', '').replaceAll(': ', ' ');
          assert.doesNotMatch(ours, /(?<!\\)[[\]()<>`$_]/, tooltip.value);
        }
      } finally {
        view.dispose();
      }
    });
  });

  test('shows the indented lines of an error as text, not as code', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, show } = viewOn(state());
      const broken = named(state(), 'broken');
      const error = 'terraform apply: exit status 1\n\n    on main.tf line 3:\n\n\t3: count = "a"';
      try {
        await show(withBuild(state(), broken, { job: { ...broken.latest_build.job, error } }));
        const row = view.getChildren().find((each) => each.node.label === 'broken');
        assert.ok(row);
        const tooltip = hover(view, row);
        assert.match(tooltip, /\u00a0{4}on main\\.tf line 3/);
        // Four spaces or a tab would begin a block of code, in which backslashes are shown.
        assert.doesNotMatch(tooltip, /^(?: {4}|\t)/m);
      } finally {
        view.dispose();
      }
    });
  });

  test('marks what is outdated by a badge that leaves label and icon alone', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const { view, show } = viewOn(state());
      try {
        await show(state());
        const row = view.getChildren().find((each) => each.node.badge === 'outdated');
        assert.ok(row, 'the seed data has an outdated workspace');
        const item = drawRow(row.node, row);
        assert.equal(item.label, row.node.label);
        assert.ok(item.iconPath instanceof vscode.ThemeIcon);
        assert.ok(item.resourceUri);
        const { badge, tooltip } = drawnBadge('favorite outdated');
        assert.deepEqual([badge, tooltip], ['★U', 'Favorite · A newer template version is active']);
        assert.equal(drawnBadge('favorite').badge, '★');
      } finally {
        view.dispose();
      }
    });
  });
});
