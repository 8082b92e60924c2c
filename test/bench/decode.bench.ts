// From the bytes of a list of 1,000 workspaces to workspaces, in both ages; rows as large as the recorded ones.
import { performance } from 'node:perf_hooks';
import { decodeEach } from '../../src/api/decode.ts';
import { Workspace } from '../../src/api/schemas/workspaces.ts';
import { exchange, type Age } from '../recorded.ts';
import { blocked, heapOf, longestBlock, megabytes, ms, ratio, report, time, timed } from './measure.ts';

const ROWS = 1000;

const listBytes = (age: Age): Buffer => {
  const { workspaces } = exchange(age, 'workspaces').response.body as { workspaces: Record<string, unknown>[] };
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const row = workspaces[index % workspaces.length] ?? {};
    return { ...row, id: `${String(row.id).slice(0, 24)}${String(index).padStart(12, '0')}` };
  });
  return Buffer.from(JSON.stringify({ workspaces: rows, count: ROWS }));
};

const parse = (bytes: Buffer): unknown[] =>
  (JSON.parse(bytes.toString('utf8')) as { workspaces: unknown[] }).workspaces;

for (const age of ['v0', 'v2'] as const) {
  const bytes = listBytes(age);
  const whole = () => decodeEach(Workspace, parse(bytes));
  const began = performance.now();
  await whole();
  const cold = performance.now() - began;
  const parsing = await time(() => parse(bytes));
  const decoding = await time(whole);
  console.log(`${age}: ${ROWS} workspaces, ${megabytes(bytes.length)} of JSON`);
  report('  bytes to workspaces', timed(decoding), '60 ms');
  report('  the very first time', ms(cold));
  report('  JSON.parse alone', timed(parsing));
  report('  ratio', ratio(decoding, parsing));
  report('  longest block', blocked(await longestBlock(whole)), '50 ms');
  report('  heap held by the workspaces', megabytes(await heapOf(whole)));
  report('  heap held by the parsed JSON', megabytes(await heapOf(() => parse(bytes))));
}
