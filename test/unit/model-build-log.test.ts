import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogEntry } from '../../src/api/schemas/workspaces.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import { restartEnding, versionEnding } from '../../src/model/actWords.ts';
import { appendLog, beginLog, remarkLog, settleLog, type LogOptions, type LogState } from '../../src/model/buildLog.ts';
import { outcomeOf, outcomeSentence } from '../../src/model/outcome.ts';
import { at, build, recorded } from './model-fixture.ts';
import { wholeLog } from './model-whole-log.ts';

const OPTIONS: LogOptions = { timeZone: 'UTC', timestamps: false };
const EMPTY: LogState = { options: OPTIONS };

let lastId = 0;
const entry = (stage: string, output: string, seconds: number, changes: object = {}): LogEntry =>
  LogEntry.parse({
    id: ++lastId,
    created_at: new Date(Date.parse('2026-11-25T18:04:00Z') + seconds * 1000).toISOString(),
    log_source: output === '' ? 'provisioner_daemon' : 'provisioner',
    log_level: 'info',
    stage,
    output,
    ...changes,
  });

const write = (entries: readonly LogEntry[], state: LogState = EMPTY): string => appendLog(state, entries).text;

test('a log reads as on the page that describes it', () => {
  const made = build('running', {
    build: { build_number: 4, initiator_name: 'owner', created_at: '2026-11-25T18:04:11Z' },
    job: { started_at: '2026-11-25T18:04:11Z', completed_at: '2026-11-25T18:04:54.100Z' },
  });
  const entries = [
    entry('Setting up', '', 11),
    entry('Starting workspace', '', 11.3),
    entry('Starting workspace', 'kubernetes_pod.dev: Creating...', 12),
    entry('Starting workspace', 'deprecated attribute', 13, { log_level: 'warn' }),
    entry('Cleaning Up', '', 54),
  ];
  assert.equal(
    wholeLog(made, 'dev', entries, OPTIONS),
    [
      '──── start #4 · dev @ clever_pike9 · by owner · 2026-11-25 18:04:11 ────',
      '▸ Setting up                                                       0.3 s',
      '▸ Starting workspace                                              42.7 s',
      '  kubernetes_pod.dev: Creating...',
      '  warn  deprecated attribute',
      '▸ Cleaning Up                                                      0.1 s',
      '──── started in 43 s ────',
      '',
    ].join('\n'),
  );
});

test('the first error of a log is the first entry of that level, or the first that Terraform calls one', () => {
  const firstError = (entries: readonly LogEntry[]): string | undefined => {
    const { text, errorAt } = appendLog(EMPTY, entries);
    return errorAt === undefined ? undefined : text.slice(errorAt).split('\n')[0];
  };
  const head = entry('s', '', 0);
  const retried = entry('s', 'error reading the state, trying again', 1);
  const fatal = entry('s', 'no', 2, { log_level: 'error' });
  assert.equal(firstError([head, retried, fatal]), '  error no');
  assert.equal(firstError([head, retried, entry('s', '╷\n│ Error: no capacity', 1)]), '  ╷');
  assert.equal(firstError([head, entry('s', 'an error', 1), entry('s', '    error here', 1)]), undefined);
  const failed = build('failed', { job: { error: 'terraform apply: exit status 1' } });
  const { text, errorAt } = remarkLog(EMPTY, { kind: 'ended', build: failed });
  assert.equal(text.slice(errorAt).split('\n')[0], '  error terraform apply: exit status 1');
});

test('what is not known yet is left out of the first line', () => {
  const fresh = build('pending', { build: { template_version_name: '', initiator_name: '' } });
  assert.equal(beginLog(fresh, 'dev', OPTIONS).text, '──── start #1 · dev · 2026-11-25 14:40:00 ────\n');
});

test('a stage without a line gets its seconds once it ends, one that begins to speak is shown without', () => {
  const first = appendLog(EMPTY, [entry('Setting up', '', 0)]);
  assert.equal(first.text, '');
  const second = appendLog(first.state, [entry('Planning', '', 0.3)]);
  assert.match(second.text, /^▸ Setting up +0\.3 s\n$/);
  const third = appendLog(second.state, [entry('Planning', 'a line', 1)]);
  assert.equal(third.text, '▸ Planning\n  a line\n');
});

test('a stage that says nothing for a moment is shown, and only once', () => {
  const held = appendLog(EMPTY, [entry('Starting workspace', '', 0)]);
  const settled = settleLog(held.state);
  assert.equal(settled.text, '▸ Starting workspace\n');
  assert.equal(settleLog(settled.state).text, '');
  assert.equal(write([entry('Starting workspace', 'x', 5)], settled.state), '  x\n');
});

test('a stage begins where its name changes, also without a head of its own', () => {
  const text = write([entry('Planning Infrastructure', 'Terraform 1.9', 0), entry('Commit quota', 'ok', 1)]);
  assert.equal(text, `▸ Planning Infrastructure${' '.repeat(42)}1.0 s\n  Terraform 1.9\n▸ Commit quota\n  ok\n`);
});

test('an empty line of the provisioner is an empty line, the daemon’s only names the stage', () => {
  const empty = entry('s', '', 1, { log_source: 'provisioner' });
  assert.equal(write([entry('s', '', 0), empty, entry('s', 'x', 2)]), '▸ s\n\n  x\n');
});

test('several lines in one entry stay several, a last line break does not make one more', () => {
  assert.equal(write([entry('s', 'one\r\ntwo\n\nfour\n', 0)]), '▸ s\n  one\n  two\n\n  four\n');
});

test('every level but the usual one is named', () => {
  const lines = ['trace', 'debug', 'info', 'warn', 'error', 'loud'].map((log_level) =>
    entry('s', 'x', 0, { log_level }),
  );
  assert.equal(write(lines), '▸ s\n  trace x\n  debug x\n  x\n  warn  x\n  error x\n  x\n');
});

test('escape sequences, control and bidirectional characters do not reach the log', () => {
  const hostile = '\u001b[31mred\u001b[0m \u202egnp.exe \u0007\u001b]0;title\u0007 [x](command:y) $(zap)';
  assert.equal(write([entry('\u001b[1mstage\u202e', hostile, 0)]), '▸ stage\n  red gnp.exe  [x](command:y) $(zap)\n');
});

test('with timestamps each line begins with its time', () => {
  const state: LogState = { options: { timeZone: 'Europe/Paris', timestamps: true } };
  assert.equal(
    write([entry('s', 'one\ntwo', 11), entry('s', 'none', 0, { created_at: 'never' })], state),
    '19:04:11 ▸ s\n19:04:11   one\n19:04:11   two\n           none\n',
  );
});

test('one line tells that the connection was lost and resumed', () => {
  const running = appendLog(EMPTY, [entry('s', 'x', 0)]).state;
  const lost = remarkLog(running, { kind: 'lost', at: at('2026-11-25T18:04:20Z') });
  assert.equal(lost.text, '');
  const again = remarkLog(lost.state, { kind: 'lost', at: at('2026-11-25T18:04:25Z') });
  const resumed = remarkLog(again.state, { kind: 'resumed', at: at('2026-11-25T18:04:31Z') });
  assert.equal(resumed.text, '──── connection lost at 18:04:20, resumed at 18:04:31 ────\n');
  assert.equal(write([entry('s', 'y', 1)], resumed.state), '  y\n');
  assert.equal(remarkLog(resumed.state, { kind: 'resumed', at: at('2026-11-25T18:04:32Z') }).text, '');
});

test('a log that is polled, and one of which nothing is heard, say so on a line of their own below what was held back', () => {
  const held = appendLog(EMPTY, [entry('Setting up', '', 11)]);
  assert.equal(
    held.text + remarkLog(held.state, { kind: 'polling', everyMs: 2_000 as Milliseconds }).text,
    '▸ Setting up\n──── WebSocket connections are blocked, so the log is read every 2 s ────\n',
  );
  const silent = remarkLog(EMPTY, { kind: 'silent', since: at('2026-11-25T18:04:20Z') });
  assert.equal(silent.text, '──── no word from the provisioner since 18:04:20 ────\n');
  assert.equal(settleLog(silent.state).text, '');
});

test('a failed build ends with what the job says, in full', () => {
  const failed = build('failed', { job: { error: 'Error: full\n\n  on main.tf\n', logs_overflowed: true } });
  assert.equal(
    remarkLog(EMPTY, { kind: 'ended', build: failed }).text,
    [
      '  warn  The deployment kept only the first part of this log.',
      '  error Error: full',
      '  error',
      '  error   on main.tf',
      '──── start failed after 1 min ────',
      '',
    ].join('\n'),
  );
});

test('an error of more lines than a call takes arguments ends the log, too', () => {
  const lines = Array.from({ length: 200_000 }, (_, index) => `line ${index}`);
  const { text } = remarkLog(EMPTY, {
    kind: 'ended',
    build: build('failed', { job: { error: lines.join('\n') } }),
  });
  assert.match(text.slice(-80), /line 199999\n──── start failed after 1 min ────\n$/);
});

test('a restart and an update whose end lies before their beginning are told without a time', () => {
  const early = build('running', { job: { completed_at: '2026-11-25T10:00:00Z' } });
  for (const ending of [restartEnding, versionEnding])
    assert.equal(ending('api-server', build('stopped'), early), 'api-server started.');
});

test('a cancelled build ends as cancelled, whatever its status is called', () => {
  const canceledAt = { canceled_at: '2026-11-25T14:40:30Z' };
  const asFailed = build('failed', { job: { ...canceledAt, error: 'signal: terminated' } });
  assert.equal(outcomeOf(asFailed), 'start canceled after 1 min');
  assert.equal(outcomeOf(build('canceled', { job: canceledAt })), 'start canceled after 1 min');
  const whileQueued = build('canceled', { job: { ...canceledAt, started_at: undefined, completed_at: undefined } });
  assert.equal(outcomeOf(whileQueued), 'start canceled');
  // V0 builds it all the same: it begins after its end.
  const builtYet = build('canceled', {
    job: { ...canceledAt, completed_at: canceledAt.canceled_at, started_at: '2026-11-25T14:40:45Z' },
  });
  assert.equal(outcomeOf(builtYet), 'start canceled');
});

test('a build of which nothing is heard has not failed yet', () => {
  const silent = build('failed', { job: { completed_at: undefined } });
  assert.equal(outcomeSentence('api-server', silent), 'The provisioner that builds api-server has stopped reporting.');
});

test('the last word of a verb is one sentence', () => {
  assert.equal(outcomeSentence('api-server', build('running')), 'api-server started in 1 min.');
  const failed = build('failed', { job: { error: '\nquota exceeded\nmore' } });
  assert.equal(outcomeSentence('api-server', failed), 'api-server failed to start: quota exceeded.');
  assert.equal(outcomeSentence('api-server', build('canceled')), 'The start of api-server was canceled.');
});

test('recorded logs of both ages become text, each line once and none of them hidden', () => {
  for (const age of ['v0', 'v2']) {
    const entries = (recorded(`${age}/logs`) as unknown[]).map((each) => LogEntry.parse(each));
    const text = write(entries);
    assert.doesNotMatch(text, /\u001b|undefined|\[object/);
    const printed = text.split('\n').length - 1;
    const stages = new Set(entries.map((each) => each.stage)).size;
    const lines = entries.filter((each) => each.output !== '' || each.log_source === 'provisioner');
    assert.ok(printed >= lines.length + stages - 1, `${age}: ${printed} lines of ${lines.length} entries`);
  }
});

test('the same entries in any cut give the same lines', () => {
  const entries = [entry('a', '', 0), entry('b', '', 1), entry('b', 'x', 2), entry('b', 'y\nz', 3), entry('c', '', 4)];
  const oneByOne = (): string => {
    let state = EMPTY;
    let text = '';
    for (const each of entries) {
      const step = appendLog(state, [each]);
      state = step.state;
      text += step.text;
    }
    return text;
  };
  const withoutSeconds = (text: string): string => text.replace(/ +\d+\.\d s$/gm, '');
  assert.equal(withoutSeconds(oneByOne()), withoutSeconds(write(entries)));
});

test('only lines of the lowest level that is to be seen or higher are written, and those whose level is not known', () => {
  const lines = ['trace', 'debug', 'info', 'warn', 'error', 'loud'].map((log_level) =>
    entry('s', log_level, 0, { log_level }),
  );
  const shown = (level: string): string => write(lines, { options: { ...OPTIONS, level } });
  assert.equal(shown('trace'), write(lines));
  assert.equal(shown('warn'), '▸ s\n  warn  warn\n  error error\n  loud\n');
  assert.equal(shown('error'), '▸ s\n  error error\n  loud\n');
  // A stage in which nothing is to be seen still is one.
  const quiet = appendLog({ options: { ...OPTIONS, level: 'warn' } }, [entry('s', 'x', 0), entry('t', 'y', 2)]);
  assert.equal(quiet.text + settleLog(quiet.state).text, `▸ s${' '.repeat(64)}2.0 s\n▸ t\n`);
});

test('the errors of a failed build stand once more below its last line, in a section that says so', () => {
  const failed = build('failed', { job: { error: 'terraform apply: exit status 1' } });
  const entries = [
    entry('Starting workspace', '', 0),
    entry('Starting workspace', 'Error: Invalid index', 1, { log_level: 'error' }),
    entry('Starting workspace', '  on main.tf line 3', 1, { log_level: 'error' }),
    entry('Starting workspace', '╷', 2),
    entry('Starting workspace', '│ Error: no capacity', 2),
    entry('Starting workspace', '│', 2),
    entry('Starting workspace', '│   with aws_instance.dev', 2),
    entry('Starting workspace', '╵', 2),
    entry('Starting workspace', 'Releasing state lock...', 3),
    entry('Cleaning Up', '', 3),
  ];
  const text = wholeLog(failed, 'dev', entries, OPTIONS);
  assert.equal(
    text.slice(text.indexOf('▸ Cleaning Up')).split('\n').slice(1).join('\n'),
    [
      '──── the errors in this log, repeated ────',
      '  error Error: Invalid index',
      '  error   on main.tf line 3',
      '  error │ Error: no capacity',
      '  error │',
      '  error │   with aws_instance.dev',
      '  error ╵',
      '  error terraform apply: exit status 1',
      '──── start failed after 1 min ────',
      '',
    ].join('\n'),
  );
  const succeeded = wholeLog(build('running'), 'dev', entries, OPTIONS);
  assert.doesNotMatch(succeeded, /repeated/);
});

test('an error that the job only says again is not written a third time', () => {
  const failed = build('failed', { job: { error: 'Error: full\n' } });
  const text = wholeLog(failed, 'dev', [entry('s', 'Error: full', 0, { log_level: 'error' })], OPTIONS);
  assert.equal(text.match(/Error: full/g)?.length, 2);
  const longer = build('failed', { job: { error: 'Error: full\n\n  on main.tf' } });
  const told = wholeLog(longer, 'dev', [entry('s', 'Error: full', 0, { log_level: 'error' })], OPTIONS);
  assert.equal(told.match(/Error: full/g)?.length, 2);
  assert.match(told, /repeated ────\n {2}error Error: full\n {2}error\n {2}error {3}on main\.tf\n/);
});

test('a level is the word that the server sent, whatever else objects have under that name', () => {
  for (const level of ['constructor', 'toString', '__proto__', 'fatal'])
    assert.equal(write([entry('Stage', 'output', 1, { log_level: level })]), '▸ Stage\n  output\n', level);
});
