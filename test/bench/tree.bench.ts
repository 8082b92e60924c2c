// From the bytes of a list of 1,000 workspaces to rows, in both ages; then what a change and a quiet list cost.
import { performance } from 'node:perf_hooks';
import { decodeEach } from '../../src/api/decode.ts';
import { Workspace } from '../../src/api/schemas/workspaces.ts';
import { User } from '../../src/api/schemas/users.ts';
import type { EpochMs } from '../../src/api/units.ts';
import { adopted, listed, LOADING, type State } from '../../src/model/state.ts';
import { toNodes } from '../../src/model/tree.ts';
import { diffTrees } from '../../src/model/treeDiff.ts';
import type { TreeNode, TreeOptions } from '../../src/model/treeNode.ts';
import { exchange, type Age } from '../contract/replay.ts';
import { heapOf, longestBlock, megabytes, ms, ratio, report, time, timed } from './measure.ts';

const ROWS = 1000;
const NOW = Date.parse('2026-11-25T12:00:00Z') as EpochMs;
const OPTIONS: TreeOptions = {
  deploymentKey: 'coder.example.com',
  host: 'coder.example.com',
  displayLocale: { locale: 'en', typedLocale: 'en', timeZone: 'Europe/Paris', hourCycle: 'h23', showsZone: true },
  flattenAgents: true,
  showHiddenResources: false,
};
const user = User.parse({ id: 'u', username: 'owner' });

const listBytes = (age: Age): Buffer => {
  const { workspaces } = exchange(age, 'workspaces').response.body as { workspaces: Record<string, unknown>[] };
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const row = workspaces[index % workspaces.length] ?? {};
    return {
      ...row,
      name: `workspace-${index}`,
      id: `${String(row.id).slice(0, 24)}${String(index).padStart(12, '0')}`,
    };
  });
  return Buffer.from(JSON.stringify({ workspaces: rows, count: ROWS }));
};

const parse = (bytes: Buffer): unknown[] =>
  (JSON.parse(bytes.toString('utf8')) as { workspaces: unknown[] }).workspaces;

const stateOf = async (bytes: Buffer, before: State = LOADING): Promise<State> => {
  const workspaces = await decodeEach(Workspace, parse(bytes));
  return listed(before, { user, workspaces, skippedRows: workspaces.skippedRows, readAt: NOW });
};

const rowsOf = (state: State): readonly TreeNode[] => toNodes(state, OPTIONS, NOW);

for (const age of ['v0', 'v2'] as const) {
  const bytes = listBytes(age);
  const whole = async () => rowsOf(await stateOf(bytes));
  const began = performance.now();
  const rows = await whole();
  const cold = performance.now() - began;
  const state = await stateOf(bytes);
  const [first] = state.kind === 'ready' ? [...state.workspaces.values()] : [];
  const renamed = first === undefined ? state : adopted(state, { ...first, name: 'renamed' });
  const parsing = await time(() => parse(bytes));
  const drawing = await time(whole);
  console.log(`${age}: ${rows.length} workspaces, ${megabytes(bytes.length)} of JSON`);
  report('  reply to rows', timed(drawing), '300 ms');
  report('  the very first time', ms(cold), '300 ms');
  report('  ratio to JSON.parse', ratio(drawing, parsing));
  report('  rows alone', timed(await time(() => rowsOf(state))));
  report('  a list that says the same', timed(await time(() => stateOf(bytes, state))));
  report('  one changed row named', timed(await time(() => diffTrees(rows, rowsOf(renamed)))));
  report('  longest block', ms(await longestBlock(whole)));
  report('  heap held by the rows', megabytes(await heapOf(() => Promise.resolve(rowsOf(state)))));
}
