import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LogEntry } from '../../src/api/schemas/workspaces.ts';
import { KeptLog, type Written } from '../../src/model/keptLog.ts';
import type { LogRecord } from '../../src/model/logRecords.ts';
import { propertyRuns } from '../propertyRuns.ts';
import { at, build } from './model-fixture.ts';
import { wholeLog } from './model-whole-log.ts';

const OPTIONS = { timeZone: 'UTC', timestamps: false };

const entry = (id: number, output = `line ${id}`, stage = 's', changes: object = {}): LogEntry =>
  LogEntry.parse({
    id,
    created_at: new Date(Date.parse('2026-11-25T18:04:00Z') + id * 100).toISOString(),
    log_source: 'provisioner',
    log_level: 'info',
    stage,
    output,
    ...changes,
  });

const running = build('running');

/** What a channel would show. */
class Screen {
  text = '';
  readonly log: KeptLog;
  constructor(log: KeptLog) {
    this.log = log;
    this.show(log.anew());
  }
  show({ text, isAnew }: Written): void {
    this.text = isAnew ? text : this.text + text;
  }
  async add(...records: LogRecord[]): Promise<void> {
    for (const record of records) {
      this.show(this.log.add(record));
      if (this.log.isStale) this.show(await this.log.rewrite());
    }
  }
}

const entries = (...of: LogEntry[]): LogRecord => ({ kind: 'entries', entries: of });
const withoutSeconds = (text: string): string => text.replace(/ +\d+\.\d s$/gm, '');
const lines = (text: string): string[] => [...text.matchAll(/^ {2}(line \d+)$/gm)].map((match) => match[1] ?? '');

test('what V0 dropped on the way and hands in at the end stands where it belongs', async () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS));
  await screen.add(entries(entry(1), entry(2)), { kind: 'lost', at: at('2026-11-25T18:04:20Z') });
  await screen.add({ kind: 'resumed', at: at('2026-11-25T18:04:31Z') }, entries(entry(5), entry(9)));
  await screen.add(entries(entry(3), entry(7), entry(12)), { kind: 'ended', build: running });
  assert.deepEqual(lines(screen.text), ['line 1', 'line 2', 'line 3', 'line 5', 'line 7', 'line 9', 'line 12']);
  assert.equal(screen.text.match(/▸ s/g)?.length, 1);
  assert.match(screen.text, /connection lost at 18:04:20, resumed at 18:04:31/);
});

test('any cuts, and any order of the late ones, lead to the text of the whole log', async () => {
  const all = Array.from({ length: 40 }, (_, index) => entry(index + 1, undefined, `stage ${Math.floor(index / 7)}`));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      fc.array(fc.nat(12)),
      async (dropped, cuts) => {
        const live = all.filter((_, index) => dropped[index] !== true);
        const late = all.filter((_, index) => dropped[index] === true);
        const screen = new Screen(new KeptLog(running, 'dev', OPTIONS));
        for (let from = 0, turn = 0; from < live.length; turn += 1) {
          const to = from + 1 + (cuts[turn % Math.max(1, cuts.length)] ?? 0);
          await screen.add(entries(...live.slice(from, to)));
          from = to;
        }
        if (late.length > 0) await screen.add(entries(...late));
        await screen.add({ kind: 'ended', build: running });
        assert.equal(withoutSeconds(screen.text), withoutSeconds(wholeLog(running, 'dev', all, OPTIONS)));
        assert.equal((await screen.log.rewrite()).text, wholeLog(running, 'dev', all, OPTIONS));
      },
    ),
    propertyRuns(100),
  );
});

test('of a long log the newest lines are kept, and the first line says that there was more', async () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS, { lines: 100, characters: 1_000_000 }));
  for (let id = 1; id <= 1_000; id += 3) {
    await screen.add(entries(entry(id), entry(id + 1), entry(id + 2)));
    assert.ok(screen.text.split('\n').length <= 125, 'the channel grows without an end');
  }
  const kept = lines(screen.log.anew().text);
  assert.ok(kept.length > 90 && kept.length <= 120, String(kept.length));
  assert.equal(kept.at(-1), 'line 1002');
  assert.deepEqual(
    kept,
    Array.from({ length: kept.length }, (_, index) => `line ${1003 - kept.length + index}`),
  );
  assert.match(screen.text, /^──── start #1 .*\n──── the beginning is omitted; .*\n▸ s\n {2}line /);
});

test('a log of few but huge lines is bounded likewise, and a single one stays', async () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS, { lines: 100, characters: 10_000 }));
  for (let id = 1; id <= 50; id += 1) await screen.add(entries(entry(id, 'x'.repeat(1_000))));
  assert.ok(screen.text.length <= 12_100, String(screen.text.length));
  await screen.add(entries(entry(51, 'y'.repeat(50_000))));
  assert.match(screen.text, /y{50000}\n$/);
});

test('other settings write what is there anew, and what comes then likewise', async () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS));
  const detail = entry(2, 'detail', 's', { log_level: 'debug' });
  await screen.add(entries(entry(1), detail, entry(3)));
  screen.show(await screen.log.rewrite({ ...OPTIONS, level: 'info', timestamps: true }));
  await screen.add(entries(entry(4)));
  assert.equal(
    screen.text.split('\n').slice(1).join('\n'),
    '18:04:00 ▸ s\n18:04:00   line 1\n18:04:00   line 3\n18:04:00   line 4\n',
  );
  screen.show(await screen.log.rewrite(OPTIONS));
  assert.match(screen.text, /▸ s\n {2}line 1\n {2}debug detail\n {2}line 3\n {2}line 4\n$/);
});

test('while a log of 50,000 lines is written anew the host gets its turn, and what comes meanwhile is not lost', async () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS));
  for (let from = 0; from < 50_000; from += 1_000)
    await screen.add(entries(...Array.from({ length: 1_000 }, (_, index) => entry(from + index + 1))));
  let turns = 0;
  const rewritten = screen.log.rewrite({ ...OPTIONS, timestamps: true }).then((written) => {
    screen.show(written);
    return true;
  });
  const more = (async () => {
    for (; turns < 3; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      screen.show(screen.log.add(entries(entry(50_001 + turns))));
    }
  })();
  assert.equal(await Promise.race([rewritten, more]), undefined, `written at once, after ${turns} turns`);
  await rewritten;
  assert.equal(screen.text, screen.log.anew().text);
  const written = [...screen.text.matchAll(/^\d\d:\d\d:\d\d {3}line (\d+)$/gm)].map((match) => Number(match[1]));
  assert.deepEqual(
    written,
    Array.from({ length: 50_003 }, (_, index) => index + 1),
  );
});

test('of two changes of settings in a row, the later one is written', async () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS));
  for (let from = 0; from < 5_000; from += 500)
    await screen.add(entries(...Array.from({ length: 500 }, (_, index) => entry(from + index + 1))));
  const changes = [true, false].map(async (timestamps) =>
    screen.show(await screen.log.rewrite({ ...OPTIONS, timestamps })),
  );
  await Promise.all(changes);
  assert.equal(lines(screen.text).length, 5_000);
  assert.equal(screen.text, screen.log.anew().text);
});

test('a stage that waits for its first line keeps its head when the log is written anew', async () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS));
  await screen.add(entries(entry(1, '', 'Setting up', { log_source: 'provisioner_daemon' })));
  screen.show({ text: screen.log.settle(), isAnew: false });
  assert.match(screen.text, /▸ Setting up\n$/);
  screen.show(await screen.log.rewrite({ ...OPTIONS, level: 'info' }));
  assert.match(screen.text, /▸ Setting up\n$/);
  await screen.add(entries(entry(2, 'first', 'Setting up')));
  assert.equal(screen.text.match(/▸ Setting up/g)?.length, 1);
  assert.match(screen.text, /▸ Setting up\n {2}first\n$/);
});
