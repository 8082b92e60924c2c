import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds, TemplateId } from '../../src/api/units.ts';
import { drawTree, NOTHING_DRAWN, tellsOldTimes, type DrawnTree } from '../../src/model/drawnTree.ts';
import { adopted, listed, LOADING, removed, SIGNED_OUT, type Ready, type State } from '../../src/model/state.ts';
import type { TreeNode, TreeOptions } from '../../src/model/treeNode.ts';
import { Rows } from '../../src/views/rows.ts';
import { agent, fromNow, MEMBER, NOW, PLACE, resource, treeOptions, workspace } from './model-fixture.ts';
import { toNodes } from '../toNodes.ts';

const named = (name: string, status = 'stopped', changes: object = {}): Workspace =>
  workspace(status, { workspace: { id: `w-${name}`, name, ...changes } });

const ready = (...workspaces: Workspace[]): Ready =>
  listed(LOADING, { user: MEMBER, workspaces, skippedRows: 0, readAt: NOW });

const many = (count: number): Workspace[] =>
  Array.from({ length: count }, (_, index) => named(`n${String(index).padStart(4, '0')}`));

interface Draw {
  readonly now?: EpochMs;
  readonly options?: Partial<TreeOptions>;
  readonly redraws?: 'changes' | 'times';
}

/** The tree, and how many rows were built for it. */
const draw = (before: DrawnTree, state: State, { now = NOW, options = {}, redraws = 'changes' }: Draw = {}) => {
  const steps = drawTree(before, { state, options: treeOptions(options), now }, redraws);
  for (let built = 0; ; built += 1) {
    const step = steps.next();
    if (step.done === true) return { tree: step.value, built };
  }
};

const MINUTE = 60_000;
const later = (ms: number): EpochMs => (NOW + ms) as EpochMs;

test('one change among 5,000 workspaces builds one row, and all others stay the very same', () => {
  const state = ready(...many(5000));
  const { tree, built } = draw(NOTHING_DRAWN, state);
  assert.equal(built, 5000);
  const changed = adopted(state, named('n0042', 'stopped', { outdated: true }));
  const next = draw(tree, changed);
  assert.equal(next.built, 1);
  const fresh = next.tree.nodes.filter((node, index) => node !== tree.nodes[index]);
  assert.deepEqual(
    fresh.map(({ id, badge }) => [id, badge]),
    [['coder.example.com/w-n0042', 'outdated']],
  );
});

test('a state that says the same builds nothing', () => {
  const state = ready(...many(50));
  const { tree } = draw(NOTHING_DRAWN, state);
  const again = draw(tree, { ...state, workspaces: new Map(state.workspaces) });
  assert.equal(again.built, 0);
  const rows = new Rows();
  rows.show(tree.nodes);
  assert.deepEqual(rows.show(again.tree.nodes), []);
});

test('what is below a row is built when it is asked for, and once', () => {
  const subject = workspace('running', { build: { resources: [resource('box', { agents: [agent('main')] })] } });
  const [row] = draw(NOTHING_DRAWN, ready(subject)).tree.nodes;
  assert.ok(row !== undefined);
  assert.equal(row.hasChildren, true);
  assert.equal(row.builtChildren, undefined);
  const children = row.children;
  assert.deepEqual(
    children.map(({ label }) => label),
    ['main'],
  );
  assert.equal(row.children, children);
  assert.equal(row.builtChildren, children);
});

test('a change below a row is named only where somebody has opened it', () => {
  const subject = (status: string): Workspace =>
    workspace('running', {
      build: { resources: [resource('box', { agents: [agent('main', { status, health: { healthy: true } })] })] },
    });
  const state = ready(subject('connected'));
  const { tree } = draw(NOTHING_DRAWN, state);
  const { tree: next } = draw(tree, adopted(state, subject('connecting')));
  const [closed, open] = [new Rows(), new Rows()];
  closed.show(tree.nodes);
  assert.deepEqual(closed.show(next.nodes), []);
  open.show(tree.nodes);
  const [agentRow] = open.roots.flatMap((row) => open.childrenOf(row));
  assert.deepEqual(open.show(next.nodes), [agentRow]);
  assert.equal(agentRow?.node.description, 'connecting · linux/amd64');
});

test('rows in transition are built each time; the times of the others only in another minute, when that is asked for', () => {
  const state = ready(named('at-rest'), named('moves', 'starting'));
  const { tree } = draw(NOTHING_DRAWN, state);
  assert.equal(draw(tree, state, { now: later(5_000) }).built, 1);
  assert.equal(draw(tree, state, { now: later(90 * MINUTE) }).built, 1);
  assert.equal(tellsOldTimes(tree, later(59_999)), false);
  assert.equal(tellsOldTimes(tree, later(MINUTE)), true);
  const sameMinute = draw(tree, state, { now: later(30_000), redraws: 'times' });
  assert.equal(sameMinute.built, 1);
  const told = draw(tree, state, { now: later(90 * MINUTE), redraws: 'times' });
  assert.equal(told.built, 2);
  assert.equal(tellsOldTimes(told.tree, later(90 * MINUTE)), false);
  assert.deepEqual(
    [tree, told.tree].map(({ nodes }) => nodes.find(({ label }) => label === 'at-rest')?.description),
    ['Stopped · 59 minutes ago', 'Stopped · 2 hours ago'],
  );
});

test('another setting or language builds all rows; how long builds usually take only those in transition', () => {
  const state = ready(named('a'), named('b'), named('moves', 'starting'));
  const { tree } = draw(NOTHING_DRAWN, state);
  assert.equal(draw(tree, state, { options: { flattenAgents: false } }).built, 3);
  assert.equal(draw(tree, state, { options: { displayLocale: { ...PLACE, locale: 'de' } } }).built, 3);
  const usualTimes = new Map([['t-1' as TemplateId, { start: 62_000 as Milliseconds }]]);
  assert.equal(draw(tree, state, { options: { usualTimes } }).built, 1);
});

test('while signed out nothing is left of the rows', () => {
  const { tree } = draw(NOTHING_DRAWN, ready(named('a')));
  assert.equal(draw(tree, SIGNED_OUT).tree, NOTHING_DRAWN);
});

test('drawn change by change the tree is the same as drawn at once', () => {
  // A linear congruential generator: the same changes in each run.
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const statuses = ['stopped', 'running', 'starting', 'failed', 'pending'];
  const whole = (node: TreeNode): unknown => [Object.entries(node), node.children.map(whole)];
  let state: State = ready(...many(10));
  let { tree } = draw(NOTHING_DRAWN, state);
  const rows = new Rows();
  for (let round = 0; round < 300; round += 1) {
    const name = `n${String(random(15)).padStart(4, '0')}`;
    const changed = named(name, statuses[random(statuses.length)], {
      last_used_at: fromNow(-random(3000)),
      favorite: random(4) === 0,
      is_prebuild: random(10) === 0,
    });
    const build = { ...changed.latest_build, build_number: round + 2 };
    state = random(6) === 0 ? removed(state, changed.id) : adopted(state, { ...changed, latest_build: build });
    const now = later(round * 20_000);
    ({ tree } = draw(tree, state, { now }));
    ({ tree } = draw(tree, state, { now, redraws: 'times' }));
    rows.show(tree.nodes);
    if (random(3) === 0) rows.roots.forEach((row) => rows.childrenOf(row));
    const expected: unknown[] = toNodes(state, treeOptions(), now).map(whole);
    assert.deepEqual(tree.nodes.map(whole), expected, `round ${round}`);
    assert.deepEqual(
      rows.roots.map(({ node }) => node),
      tree.nodes,
    );
  }
});

test('a row is the same object as long as it is there, and forgotten with all below it when it is gone', () => {
  const subject = workspace('running', { build: { resources: [resource('box', { agents: [agent('main')] })] } });
  const state = ready(subject, named('other'));
  const { tree } = draw(NOTHING_DRAWN, state);
  const rows = new Rows();
  rows.show(tree.nodes);
  const row = rows.get('coder.example.com/w-1');
  assert.ok(row !== undefined);
  const [child] = rows.childrenOf(row);
  assert.ok(child !== undefined);
  const { tree: stopped } = draw(tree, adopted(state, workspace('stopped', { build: { build_number: 2 } })));
  assert.notEqual(rows.show(stopped.nodes), undefined);
  assert.equal(rows.get('coder.example.com/w-1'), row);
  assert.equal(rows.has(child), false);
  assert.deepEqual(
    rows.childrenOf(row).map(({ node }) => node.label),
    ['Stopped: no resources'],
  );
  const { tree: without } = draw(stopped, removed(state, subject.id));
  assert.equal(rows.show(without.nodes), 'root');
  assert.equal(rows.has(row), false);
});
