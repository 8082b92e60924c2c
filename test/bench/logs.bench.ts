// 50,000 lines of a build log: frames to entries, and from a socket to whoever reads them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { CoderClient } from '../../src/api/client.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import { decodeEntries } from '../../src/api/logSocket.ts';
import { Build } from '../../src/api/schemas/workspaces.ts';
import type { BuildId } from '../../src/api/units.ts';
import { appendLog, beginLog } from '../../src/model/buildLog.ts';
import { exchange, type Age } from '../contract/replay.ts';
import { LINES, logFrames } from './logFrames.ts';
import { heapOf, longestBlock, megabytes, ms, ratio, report, time, timed } from './measure.ts';

const never = new AbortController().signal;

const build = Build.parse(exchange('v2', 'build').response.body);

const decode = async (texts: readonly string[]): Promise<number> => {
  let count = 0;
  for await (const entries of decodeEntries(texts)) count += entries.length;
  return count;
};

/** A sender in a process of its own. */
const startSender = async (age: Age): Promise<{ readonly url: string; readonly stop: () => void }> => {
  const sender = fork(fileURLToPath(new URL('logSender.ts', import.meta.url)), [age], {
    execArgv: ['--import', 'tsx'],
  });
  const [port] = (await once(sender, 'message')) as [number];
  return { url: `http://127.0.0.1:${port}`, stop: () => sender.kill() };
};

const follow = async (url: string): Promise<{ lines: number; firstMs: number }> => {
  const client = new CoderClient({ url, token: 'key-secret' });
  const began = performance.now();
  let lines = 0;
  let firstMs = 0;
  let log = beginLog(build, 'slow', { timeZone: 'UTC', timestamps: true }).state;
  let length = 0;
  for await (const event of followBuildLog(client.calls, 'b' as BuildId, { signal: never })) {
    if (event.kind === 'entries') {
      if (lines === 0) firstMs = performance.now() - began;
      lines += event.entries.length;
      const step = appendLog(log, event.entries);
      log = step.state;
      length += step.text.length;
    }
    if (event.kind === 'ended') break;
  }
  if (lines !== LINES || length === 0) throw new Error(`${lines} of ${LINES} lines came`);
  return { lines, firstMs };
};

/** The same frames, counted by a socket without anything of ours. */
const bare = (url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/logs`, { perMessageDeflate: false });
    let count = 0;
    socket.on('message', () => (count += 1));
    socket.on('close', () => (count === LINES ? resolve() : reject(new Error(`${count} frames came`))));
    socket.on('error', reject);
  });

for (const age of ['v0', 'v2'] as const) {
  const texts = logFrames(age);
  console.log(`${age}: ${LINES} lines, ${megabytes(texts.reduce((sum, text) => sum + text.length, 0))} of JSON`);
  const parsing = await time(() => texts.map((text): unknown => JSON.parse(text)), { warmUp: 2, runs: 5 });
  const decoding = await time(() => decode(texts), { warmUp: 2, runs: 5 });
  report('  frames to entries', timed(decoding), '250 ms');
  report('  JSON.parse alone', timed(parsing));
  report('  ratio', ratio(decoding, parsing));
  report('  longest block of it', ms(await longestBlock(() => decode(texts))), '50 ms');
  const held = await heapOf(async () => {
    const all: unknown[] = [];
    for await (const entries of decodeEntries(texts)) all.push(...entries);
    return all;
  });
  report('  heap held by the entries', megabytes(held));

  const { url, stop } = await startSender(age);
  const socket = await time(() => follow(url), { warmUp: 1, runs: 3 });
  const counted = await time(() => bare(url), { warmUp: 1, runs: 3 });
  report('  socket to written text', timed(socket), '1,500 ms');
  report('  a bare socket that only counts', timed(counted));
  report('  ratio', ratio(socket, counted));
  let first = 0;
  const block = await longestBlock(async () => (first = (await follow(url)).firstMs));
  report('  longest block of it', ms(block), '50 ms');
  report('  until the first line', ms(first));
  stop();
}
