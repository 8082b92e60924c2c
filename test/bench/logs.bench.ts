// 50,000 lines of a build log: frames to entries, and from a socket to whoever reads them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import * as builds from '../../src/api/builds.ts';
import { CoderClient } from '../../src/api/client.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import { decodeEntries } from '../../src/api/logSocket.ts';
import { Build } from '../../src/api/schemas/workspaces.ts';
import { isSliceOver, nextSlice } from '../../src/api/slices.ts';
import type { BuildId } from '../../src/api/units.ts';
import { KeptLog } from '../../src/model/keptLog.ts';
import { writtenParts, type LogRecord } from '../../src/model/logRecords.ts';
import { exchange, type Age } from '../recorded.ts';
import { LINES, logFrames } from './logFrames.ts';
import { blocked, heapOf, longestBlock, megabytes, ms, ratio, report, time, timed } from './measure.ts';

const OPTIONS = { timeZone: 'UTC', timestamps: true };

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

/** What a channel holds: text that is appended, or written anew. */
const follow = async (url: string): Promise<{ firstMs: number; lastMs: number; kept: KeptLog }> => {
  const client = new CoderClient({ url, token: 'key-secret' });
  const began = performance.now();
  let lines = 0;
  let firstMs = 0;
  let lastMs = 0;
  const kept = new KeptLog(build, 'slow', OPTIONS);
  let length = kept.anew().text.length;
  for await (const event of followBuildLog(client.calls, 'b' as BuildId, { signal: never })) {
    if (event.kind === 'entries') {
      if (lines === 0) firstMs = performance.now() - began;
      lines += event.entries.length;
      for (let from = 0; from < event.entries.length; from += 1_000) {
        if (isSliceOver()) await nextSlice();
        length += kept.add({ kind: 'entries', entries: event.entries.slice(from, from + 1_000) }).text.length;
        if (kept.isStale) length = (await kept.rewrite()).text.length;
      }
      lastMs = performance.now() - began;
    }
    if (event.kind === 'ended') break;
  }
  if (lines !== LINES || length === 0) throw new Error(`${lines} of ${LINES} lines came`);
  return { firstMs, lastMs, kept };
};

/** A finished log, read and written as the document that opens. */
const open = async (url: string): Promise<number> => {
  const { calls } = new CoderClient({ url, token: 'key-secret' });
  const records: LogRecord[] = [];
  for await (const entries of builds.logParts(calls, 'b' as BuildId, {}, never))
    records.push({ kind: 'entries', entries });
  let length = 0;
  for (const { step } of writtenParts({ options: OPTIONS }, records)) {
    length += step.text.length;
    if (isSliceOver()) await nextSlice();
  }
  return length;
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
  report('  longest block of it', blocked(await longestBlock(() => decode(texts))), '50 ms');
  const held = await heapOf(async () => {
    const all: unknown[] = [];
    for await (const entries of decodeEntries(texts)) all.push(...entries);
    return all;
  });
  report('  heap held by the entries', megabytes(held));

  const { url, stop } = await startSender(age);
  const untilLastMs: number[] = [];
  const socket = await time(async () => untilLastMs.push((await follow(url)).lastMs), { warmUp: 1, runs: 3 });
  const counted = await time(() => bare(url), { warmUp: 1, runs: 3 });
  report('  socket to the text of a channel, the last line, best', ms(Math.min(...untilLastMs)), '1,000 ms');
  report('  until the end is known, after one plain read of the log', timed(socket));
  report('  a bare socket that only counts', timed(counted));
  report('  ratio', ratio(socket, counted));
  let first = 0;
  const block = await longestBlock(async () => (first = (await follow(url)).firstMs));
  report('  longest block of it', blocked(block), '50 ms');
  report('  until the first line', ms(first));

  const { kept } = await follow(url);
  report(
    '  written anew in other settings',
    timed(await time(() => kept.rewrite({ ...OPTIONS }), { warmUp: 1, runs: 5 })),
  );
  report('  longest block of it', blocked(await longestBlock(() => kept.rewrite({ ...OPTIONS }))), '50 ms');
  const holding = await heapOf(async () => (await follow(url)).kept);
  report('  heap held by a channel', megabytes(holding));
  report('  a finished log opened', timed(await time(() => open(url), { warmUp: 1, runs: 3 })), '1,000 ms');
  report('  longest block of it', blocked(await longestBlock(() => open(url))), '50 ms');
  let tenMs = Infinity;
  const ofTen = await longestBlock(async () => {
    const began = performance.now();
    await Promise.all(Array.from({ length: 10 }, () => follow(url)));
    tenMs = Math.min(tenMs, performance.now() - began);
  });
  report('  ten logs at once', ms(tenMs), '10,000 ms');
  report('  longest block of it', blocked(ofTen), '50 ms');
  stop();
}
