import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LogEntry } from '../../src/api/schemas/workspaces.ts';
import { KeptLog, type LogRecord, type Written } from '../../src/model/keptLog.ts';
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
  add(...records: LogRecord[]): void {
    for (const record of records) this.show(this.log.add(record));
  }
}

const entries = (...of: LogEntry[]): LogRecord => ({ kind: 'entries', entries: of });
const withoutSeconds = (text: string): string => text.replace(/ +\d+\.\d s$/gm, '');
const lines = (text: string): string[] => [...text.matchAll(/^ {2}(line \d+)$/gm)].map((match) => match[1] ?? '');

test('what V0 dropped on the way and hands in at the end stands where it belongs', () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS));
  screen.add(entries(entry(1), entry(2)), { kind: 'lost', at: at('2026-11-25T18:04:20Z') });
  screen.add({ kind: 'resumed', at: at('2026-11-25T18:04:31Z') }, entries(entry(5), entry(9)));
  screen.add(entries(entry(3), entry(7), entry(12)), { kind: 'ended', build: running });
  assert.deepEqual(lines(screen.text), ['line 1', 'line 2', 'line 3', 'line 5', 'line 7', 'line 9', 'line 12']);
  assert.equal(screen.text.match(/▸ s/g)?.length, 1);
  assert.match(screen.text, /connection lost at 18:04:20, resumed at 18:04:31/);
});

test('any cuts, and any order of the late ones, lead to the text of the whole log', () => {
  const all = Array.from({ length: 40 }, (_, index) => entry(index + 1, undefined, `stage ${Math.floor(index / 7)}`));
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), fc.array(fc.nat(12)), (dropped, cuts) => {
      const live = all.filter((_, index) => dropped[index] !== true);
      const late = all.filter((_, index) => dropped[index] === true);
      const screen = new Screen(new KeptLog(running, 'dev', OPTIONS));
      for (let from = 0, turn = 0; from < live.length; turn += 1) {
        const to = from + 1 + (cuts[turn % Math.max(1, cuts.length)] ?? 0);
        screen.add(entries(...live.slice(from, to)));
        from = to;
      }
      if (late.length > 0) screen.add(entries(...late));
      screen.add({ kind: 'ended', build: running });
      assert.equal(withoutSeconds(screen.text), withoutSeconds(wholeLog(running, 'dev', all, OPTIONS)));
      assert.equal(screen.log.anew(OPTIONS).text, wholeLog(running, 'dev', all, OPTIONS));
    }),
    propertyRuns(100),
  );
});

test('of a long log the newest lines are kept, and the first line says that there was more', () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS, { lines: 100, characters: 1_000_000 }));
  for (let id = 1; id <= 1_000; id += 3) {
    screen.add(entries(entry(id), entry(id + 1), entry(id + 2)));
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

test('a log of few but huge lines is bounded likewise, and a single one stays', () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS, { lines: 100, characters: 10_000 }));
  for (let id = 1; id <= 50; id += 1) screen.add(entries(entry(id, 'x'.repeat(1_000))));
  assert.ok(screen.text.length <= 12_100, String(screen.text.length));
  screen.add(entries(entry(51, 'y'.repeat(50_000))));
  assert.match(screen.text, /y{50000}\n$/);
});

test('other settings write what is there anew, and what comes then likewise', () => {
  const screen = new Screen(new KeptLog(running, 'dev', OPTIONS));
  const detail = entry(2, 'detail', 's', { log_level: 'debug' });
  screen.add(entries(entry(1), detail, entry(3)));
  screen.show(screen.log.anew({ ...OPTIONS, level: 'info', timestamps: true }));
  screen.add(entries(entry(4)));
  assert.equal(
    screen.text.split('\n').slice(1).join('\n'),
    '18:04:00 ▸ s\n18:04:00   line 1\n18:04:00   line 3\n18:04:00   line 4\n',
  );
  screen.show(screen.log.anew(OPTIONS));
  assert.match(screen.text, /▸ s\n {2}line 1\n {2}debug detail\n {2}line 3\n {2}line 4\n$/);
});

test('50,000 lines are written anew without holding anything up', () => {
  const log = new KeptLog(running, 'dev', { ...OPTIONS, timestamps: true });
  for (let from = 0; from < 50_000; from += 1_000)
    log.add(entries(...Array.from({ length: 1_000 }, (_, index) => entry(from + index + 1))));
  log.anew();
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    log.anew();
    return performance.now() - began;
  });
  // The bench holds the number; here it is only to be of that order, on a busy machine too.
  assert.ok(Math.min(...times) < 500, `${times.map(Math.round).join(', ')} ms`);
});
