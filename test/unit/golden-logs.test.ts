import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { AgentLogEntry, AgentScripts } from '../../src/api/schemas/agents.ts';
import { Build, LogEntry } from '../../src/api/schemas/workspaces.ts';
import { agentEnding, agentEntries, groupedBySource } from '../../src/model/agentLog.ts';
import { beginLog, type LogOptions } from '../../src/model/buildLog.ts';
import type { LogRecord } from '../../src/model/logRecords.ts';
import { recorded } from './model-fixture.ts';
import { writtenAll } from './model-whole-log.ts';

// Recorded logs as they are written, held against test/golden. After a change that is meant: UPDATE_GOLDEN=1.

const PLAIN: LogOptions = { timeZone: 'UTC', timestamps: false };
const entriesOf = (name: string): LogEntry[] => (recorded(name) as unknown[]).map((each) => LogEntry.parse(each));

const whole = (name: string, options: LogOptions, records: readonly LogRecord[]): void => {
  const build = Build.parse(recorded('v2/build'));
  const begun = beginLog(build, 'dev', options);
  const text = begun.text + writtenAll(begun.state, records);
  const file = new URL(`../golden/${name}.log`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
};

const ended = (age: string, changes: object = {}): LogRecord => {
  const raw = recorded(`${age}/build`) as { readonly job: object };
  return { kind: 'ended', build: Build.parse({ ...raw, job: { ...raw.job, ...changes } }) };
};

for (const age of ['v0', 'v2']) {
  const entries = entriesOf(`${age}/logs`);
  const failed = entriesOf(`${age}/logs-failed`);
  const failure = ended(age, { status: 'failed', error: 'terraform apply: exit status 1' });
  const golden = (name: string, options: LogOptions, records: readonly LogRecord[]): void =>
    void test(`a recorded log of ${age} is written as in ${age}-${name}.log`, () =>
      whole(`${age}-${name}`, options, records));

  golden('plain', PLAIN, [{ kind: 'entries', entries }, ended(age)]);
  golden('timestamps', { ...PLAIN, timestamps: true, timeZone: 'Asia/Kolkata', showsZone: true }, [
    { kind: 'entries', entries },
    ended(age),
  ]);
  golden('failed', PLAIN, [{ kind: 'entries', entries: failed }, failure]);
  golden('failed-warnings', { ...PLAIN, level: 'warn' }, [{ kind: 'entries', entries: failed }, failure]);
  golden('overflowed', { ...PLAIN, level: 'error' }, [
    { kind: 'entries', entries },
    ended(age, { logs_overflowed: true }),
  ]);
}

test('the recorded log of an agent follows as in v2-agent.log', () => {
  const scripts = AgentScripts.parse(recorded('v2/agent'));
  const entries = (recorded('v2/agent-logs') as unknown[]).map((each) => AgentLogEntry.parse(each));
  whole('v2-agent', PLAIN, [
    ended('v2'),
    { kind: 'agentEntries', entries: groupedBySource(agentEntries(scripts, entries)) },
    ...agentEnding(scripts, true).map((text) => ({ kind: 'note' as const, text })),
  ]);
});

test('whatever a log holds is data: it is written as in hostile.log', () => {
  const outputs = [
    '\u001b[31mred\u001b[0m and \u001b]8;;command:x\u0007a link\u001b]8;;\u0007',
    'turned \u202egnp.exe\u202c around',
    '▸ Not a stage',
    '──── nor a line of ours ────',
    '[x](command:y) $(zap) https://example.com/?a=b /etc/passwd:1:2',
    'one\r\ntwo\rthree\u2028four\u0085five',
    'bell\u0007 null\u0000 delete\u007f',
    'x'.repeat(1_024),
    `cut sequence \u001b[38;5;`,
    '日本語 العربية עברית 👩‍👩‍👧 é',
    '',
    '   indented\ttabs\t',
  ];
  const entries = outputs.map((output, index) =>
    LogEntry.parse({
      id: index + 1,
      created_at: '2026-11-25T18:04:00Z',
      log_source: 'provisioner',
      log_level: ['info', 'warn', 'error', 'debug', 'trace', 'odd'][index % 6],
      stage: index < 6 ? 'Starting \u202eworkspace\u001b[1m' : 'Two\nlines',
      output,
    }),
  );
  whole('hostile', PLAIN, [{ kind: 'entries', entries }]);
});
