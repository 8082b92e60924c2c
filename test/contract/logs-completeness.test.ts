import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { followBuildLog, type BuildLogEvent } from '../../src/api/logs.ts';
import { Build, LogEntry } from '../../src/api/schemas/workspaces.ts';
import type { BuildId, EpochMs } from '../../src/api/units.ts';
import { KeptLog } from '../../src/model/keptLog.ts';
import type { LogRecord } from '../../src/model/logRecords.ts';
import { propertyRuns } from '../propertyRuns.ts';
import { wholeLog } from '../unit/model-whole-log.ts';
import { quickPace, soon } from './client-fixture.ts';
import { chanceOf, serveHostileLog } from './hostileLogServer.ts';
import { bodyBytes, exchange, socketMoments } from '../recorded.ts';
import { startReplay } from './replay.ts';

const OPTIONS = { timeZone: 'UTC', timestamps: true };

/** What a channel shows of a log that is followed to its end. */
async function followed(url: string, build: Build): Promise<{ text: string; events: BuildLogEvent[] }> {
  const client = new CoderClient({ url, token: 'key-secret' });
  const log = new KeptLog(build, 'dev', OPTIONS);
  let { text } = log.anew();
  const events: BuildLogEvent[] = [];
  for await (const event of followBuildLog(client.calls, 'b' as BuildId, { signal: soon(), pace: quickPace })) {
    events.push(event);
    const record: LogRecord =
      event.kind === 'lost' || event.kind === 'resumed' ? { kind: event.kind, at: 0 as EpochMs } : event;
    let written = log.add(record);
    if (log.isStale) written = await log.rewrite();
    text = written.isAnew ? written.text : text + written.text;
  }
  return { text, events };
}

/** The log without what is ours: remarks, and how long stages took, which a live log does not always know. */
const theirs = (text: string): string =>
  text
    .replace(/ +\d+\.\d s$/gm, '')
    .replace(/^──── (connection lost|WebSocket).*\n/gm, '')
    .replace(/^──── the errors in this log, repeated ────\n(?: {2}error.*\n)*/gm, '');

for (const age of ['v0', 'v2'] as const) {
  describe(`a log of ${age} is complete, each line once and in its place`, () => {
    const build = exchange(age, 'build').response.body as Record<string, unknown>;
    const texts = socketMoments(age, 'logs-follow-live').flatMap(({ event, data }) =>
      event === 'text' ? [data ?? ''] : [],
    );
    const recorded = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
    // As many as make cuts likely everywhere, with gaps between their ids as a server of many builds has.
    const entries = Array.from({ length: 150 }, (_, index) => ({
      ...recorded[index % recorded.length],
      id: 1_000 + index * 3,
      stage: `Stage ${Math.floor(index / 20)}`,
      output: index % 7 === 0 ? `line ${index}\nand more ${'é'.repeat(index)}` : `line ${index}`,
      log_source: 'provisioner',
    }));

    for (let seed = 1; seed <= propertyRuns(5).numRuns; seed += 1) {
      test(`under random cuts between and inside of frames${age === 'v0' ? ', reorderings, duplicates and drops' : ''} (${seed})`, async () => {
        const server = await serveHostileLog(age, build, entries, chanceOf(seed));
        const { text, events } = await followed(server.url, Build.parse(build));
        const ids = events.flatMap((event) => (event.kind === 'entries' ? event.entries.map(({ id }) => id) : []));
        assert.equal(new Set(ids).size, ids.length, 'an entry came twice');
        assert.deepEqual(
          [...ids].sort((one, other) => one - other),
          entries.map(({ id }) => id),
        );
        const parsed = entries.map((entry) => LogEntry.parse(entry));
        assert.equal(theirs(text), theirs(wholeLog(Build.parse(build), 'dev', parsed, OPTIONS)));
        assert.ok(server.cuts().between + server.cuts().inside > 0, 'nothing was cut');
      });
    }

    for (const where of ['between', 'inside'] as const) {
      test(`under a cut at every frame, ${where === 'inside' ? 'in its middle' : 'behind it'}`, async () => {
        const few = entries.slice(0, 25);
        const server = await serveHostileLog(age, build, few, chanceOf(1), where);
        const { text, events } = await followed(server.url, Build.parse(build));
        const ids = events.flatMap((event) => (event.kind === 'entries' ? event.entries.map(({ id }) => id) : []));
        assert.deepEqual(
          ids,
          few.map(({ id }) => id),
        );
        const parsed = few.map((entry) => LogEntry.parse(entry));
        assert.equal(theirs(text), theirs(wholeLog(Build.parse(build), 'dev', parsed, OPTIONS)));
        const { between, inside } = server.cuts();
        // Behind the last frame there is no next one to cut.
        assert.ok(where === 'between' ? between === 26 : inside === 25, `${between} between, ${inside} inside`);
        assert.ok(!events.some(({ kind }) => kind === 'polling'), 'it was polled');
      });
    }

    for (const name of [
      'logs-follow-live',
      'logs-follow-complete',
      'logs-follow-canceled',
      'logs-follow-canceled-pending',
    ]) {
      test(`as in the recorded session ${name}, replayed byte for byte`, async () => {
        const replay = await startReplay();
        const moments = socketMoments(age, name);
        const sent = moments.flatMap(({ event, data }) => (event === 'text' ? [data ?? ''] : []));
        replay.speak(moments);
        replay.answer((request, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(
            (request.url ?? '').includes('/logs') ? `[${sent.join(',')}]` : bodyBytes(exchange(age, 'build')),
          );
        });
        const { text, events } = await followed(replay.url, Build.parse(build));
        const parsed = sent.map((each) => LogEntry.parse(JSON.parse(each)));
        assert.equal(theirs(text), theirs(wholeLog(Build.parse(build), 'dev', parsed, OPTIONS)));
        assert.equal(events.at(-1)?.kind, 'ended');
        for (const line of parsed
          .flatMap(({ output }) => output.split('\n'))
          .filter((each) => /^[\x21-\x7e][\x20-\x7e]*$/.test(each)))
          assert.ok(text.includes(line), `"${line}" is missing`);
      });
    }
  });
}

test('ten logs at once are each complete', async () => {
  const build = exchange('v2', 'build').response.body as Record<string, unknown>;
  const logs = await Promise.all(
    Array.from({ length: 10 }, async (_, log) => {
      const entries = Array.from({ length: 300 }, (__, index) => ({
        id: index + 1,
        created_at: '2026-11-25T18:04:00Z',
        log_source: 'provisioner',
        log_level: 'info',
        stage: 's',
        output: `line ${index} of ${log}`,
      }));
      return { entries, server: await serveHostileLog('v2', build, entries, chanceOf(100 + log)) };
    }),
  );
  await Promise.all(
    logs.map(async ({ entries, server }, log) => {
      const { text } = await followed(server.url, Build.parse(build));
      const lines = [...text.matchAll(/line \d+ of (\d+)$/gm)];
      assert.equal(lines.length, entries.length);
      assert.ok(
        lines.every((match) => match[1] === String(log)),
        'a line of another log',
      );
    }),
  );
});
