// From the bytes of a list to rows, in both ages; then what a change, a quiet list and a new minute cost at 5,000
// workspaces. A view that is hidden draws nothing: what a change costs then is what the status bar and the warnings do.
import { performance } from 'node:perf_hooks';
import { decodeEach } from '../../src/api/decode.ts';
import { Workspace } from '../../src/api/schemas/workspaces.ts';
import { User } from '../../src/api/schemas/users.ts';
import type { EpochMs } from '../../src/api/units.ts';
import { drawTree, NOTHING_DRAWN, type DrawnTree } from '../../src/model/drawnTree.ts';
import { adopted, listed, LOADING, type State } from '../../src/model/state.ts';
import type { TreeNode } from '../../src/model/treeNode.ts';
import { Rows } from '../../src/views/rows.ts';
import { inSlices } from '../../src/views/slices.ts';
import { exchange, type Age } from '../recorded.ts';
import { blocked, heapOf, longestBlock, megabytes, ms, ratio, report, time, timed } from './measure.ts';
import { treeOptions } from './treeOptions.ts';
import { toNodes } from '../toNodes.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z') as EpochMs;
const NEXT_MINUTE = (NOW + 60_000) as EpochMs;
const user = User.parse({ id: 'u', username: 'owner' });

const listBytes = (age: Age, count: number): Buffer => {
  const { workspaces } = exchange(age, 'workspaces').response.body as { workspaces: Record<string, unknown>[] };
  const rows = Array.from({ length: count }, (_, index) => {
    const row = workspaces[index % workspaces.length] ?? {};
    return {
      ...row,
      name: `workspace-${index}`,
      id: `${String(row.id).slice(0, 24)}${String(index).padStart(12, '0')}`,
    };
  });
  return Buffer.from(JSON.stringify({ workspaces: rows, count }));
};

const parse = (bytes: Buffer): unknown[] =>
  (JSON.parse(bytes.toString('utf8')) as { workspaces: unknown[] }).workspaces;

const stateOf = async (bytes: Buffer, before: State = LOADING): Promise<State> => {
  const workspaces = await decodeEach(Workspace, parse(bytes));
  return listed(before, { user, workspaces, skippedRows: workspaces.skippedRows, readAt: NOW });
};

const rowsOf = (state: State): readonly TreeNode[] => toNodes(state, treeOptions, NOW);

for (const age of ['v0', 'v2'] as const) {
  const bytes = listBytes(age, 1000);
  const whole = async () => rowsOf(await stateOf(bytes));
  const began = performance.now();
  const rows = await whole();
  const cold = performance.now() - began;
  const state = await stateOf(bytes);
  const parsing = await time(() => parse(bytes));
  const drawing = await time(whole);
  console.log(`${age}: ${rows.length} workspaces, ${megabytes(bytes.length)} of JSON`);
  report('  reply to rows', timed(drawing), '300 ms');
  report('  the very first time', ms(cold), '300 ms');
  report('  ratio to JSON.parse', ratio(drawing, parsing));
  report('  a list that says the same', timed(await time(() => stateOf(bytes, state))));
  report('  heap held by the rows', megabytes(await heapOf(() => Promise.resolve(rowsOf(state)))));
}

const run = <T>(steps: Iterator<unknown, T>): T => {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
};

for (const age of ['v0', 'v2'] as const) {
  const state = await stateOf(listBytes(age, 5000));
  if (state.kind !== 'ready') throw new Error(state.kind);
  const from = (now: EpochMs, of: State = state) => ({ state: of, options: { ...treeOptions }, now });
  const drawn: DrawnTree = run(drawTree(NOTHING_DRAWN, from(NOW), 'changes'));
  const [first] = state.workspaces.values();
  if (first === undefined) throw new Error('no workspace');
  const draw = (rows: Rows, before: DrawnTree, of: State): DrawnTree => {
    const tree = run(drawTree(before, from(NOW, of), 'changes'));
    rows.show(tree.nodes);
    return tree;
  };
  const rows = new Rows();
  rows.show(drawn.nodes);
  let tree = drawn;
  let round = 0;
  const change = (changed: Partial<Workspace>): void => {
    round += 1;
    tree = draw(rows, tree, adopted(state, { ...first, ...changed }));
  };
  console.log(`${age}: ${drawn.nodes.length} workspaces`);
  report('  all rows, in slices', timed(await time(() => run(drawTree(NOTHING_DRAWN, from(NOW), 'changes')))));
  const all = () => inSlices(drawTree(NOTHING_DRAWN, from(NOW), 'changes'), AbortSignal.timeout(60_000));
  report('  longest block meanwhile', blocked(await longestBlock(all)), '50 ms');
  report('  nothing changed', timed(await time(() => draw(rows, drawn, state))), '5 ms');
  report('  one row changed', timed(await time(() => change({ outdated: round % 2 === 0 }))), '5 ms');
  report('  one row moved', timed(await time(() => change({ favorite: round % 2 === 0 }))), '5 ms');
  const minute = () => inSlices(drawTree(drawn, from(NEXT_MINUTE), 'times'), AbortSignal.timeout(60_000));
  report('  longest block of a new minute', blocked(await longestBlock(minute)), '50 ms');
}
