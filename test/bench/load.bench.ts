// From signed in to all rows, beside the plain reference client; 0 and 50 ms away.
import { performance } from 'node:perf_hooks';
import { CoderClient } from '../../src/api/client.ts';
import { Session } from '../../src/model/session.ts';
import { drawStates } from './drawStates.ts';
import { startFarDeployment, type FarDeployment } from './farDeployment.ts';
import { longestBlock, megabytes, ms, report } from './measure.ts';
import { startReference } from './reference.ts';

interface Loaded {
  readonly firstMs: number;
  readonly allMs: number;
  readonly blockMs: number;
  readonly cpuMs: number;
}

const load = async ({ url, token }: FarDeployment, count: number): Promise<Loaded> => {
  const end = new AbortController();
  const began = performance.now();
  const cpu = process.cpuUsage();
  let firstMs = 0;
  const { longestMs: blockMs } = await longestBlock(async () => {
    const client = new CoderClient({ url, token });
    const session = new Session({ client, signal: end.signal });
    session.attend({ isVisible: true });
    await new Promise<void>((resolve) => {
      drawStates(session, end.signal, (state) => {
        if (state.kind !== 'ready') return;
        if (firstMs === 0) firstMs = performance.now() - began;
        if (state.workspaces.size >= count) resolve();
      });
    });
  }, 1);
  const allMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  end.abort();
  return { firstMs, allMs, blockMs, cpuMs: (user + system) / 1000 };
};

const loadReference = async ({ url, token }: FarDeployment): Promise<number> => {
  const began = performance.now();
  const reference = startReference(url, token);
  await new Promise<void>((resolve) => (reference.onRead = resolve));
  const allMs = performance.now() - began;
  reference.close();
  return allMs;
};

/** The quickest of some: what others did meanwhile is in none of them. */
const best = (runs: readonly Loaded[]): Loaded => ({
  firstMs: Math.min(...runs.map((run) => run.firstMs)),
  allMs: Math.min(...runs.map((run) => run.allMs)),
  blockMs: Math.min(...runs.map((run) => run.blockMs)),
  cpuMs: Math.min(...runs.map((run) => run.cpuMs)),
});

const ALLOWED_MS: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  0: { 20: 150, 200: 300, 1000: 1_000, 5000: 4_000 },
  50: { 20: 500, 200: 800, 1000: 1_500, 5000: 5_000 },
};

for (const distanceMs of [0, 50]) {
  for (const count of [20, 200, 1000, 5000]) {
    const far = await startFarDeployment({ age: 'v2', workspaces: count, running: count / 2, distanceMs });
    const runs: Loaded[] = [];
    for (let run = 0; run < (count < 5000 ? 4 : 2); run += 1) runs.push(await load(far, count));
    const { firstMs, allMs, blockMs, cpuMs } = best(runs);
    console.log(`${count} workspaces, ${distanceMs} ms away`);
    report('  first rows', ms(firstMs), '400 ms');
    report('  all rows', ms(allMs), `${ALLOWED_MS[distanceMs]?.[count]} ms`);
    report('  the reference client', ms(await loadReference(far)));
    report('  longest block', ms(blockMs), '50 ms');
    report('  processor', ms(cpuMs));
    far.close();
  }
}
const { rss, heapUsed } = process.memoryUsage();
report('memory at the end: whole process, heap', `${megabytes(rss)}, ${megabytes(heapUsed)}`);
process.exit(0);
