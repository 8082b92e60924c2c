import * as l10n from '@vscode/l10n';
import { plainLine, plainLines } from '../api/plainText.ts';
import type { Build, LogEntry } from '../api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import { outcomeOf } from './outcome.ts';
import { logTime } from './times.ts';

/** How a log is written. */
export interface LogOptions {
  readonly timeZone: string;
  /** The time in the log's head names its zone. */
  readonly showsZone?: boolean;
  /** Each line begins with its time. */
  readonly timestamps: boolean;
}

/** Where a log stands: what has been written says the rest. */
export interface LogState {
  readonly options: LogOptions;
  readonly stage?: string;
  /** The stage's head, not written yet: it gets its seconds if the stage ends without a line. */
  readonly heldBack?: { readonly at: EpochMs | undefined };
  readonly stageAt?: EpochMs | undefined;
  readonly lostAt?: EpochMs;
}

/** What to write, always whole lines with their line ends, and where the log stands then. */
export interface LogStep {
  readonly state: LogState;
  readonly text: string;
}

/** `──── start #4 · dev @ clever_pike9 · by owner · 2026-11-25 18:04:11 ────`. */
export const beginLog = (build: Build, templateName: string, options: LogOptions): LogStep => {
  const template = plainLine(templateName, 64);
  const version = plainLine(build.template_version_name, 64);
  // Right after its creation a build does not say the version's name (contract 7.39).
  const made = [template, version].filter((part) => part !== '').join(' @ ');
  const parts = [
    `${transitionWord(build)} #${build.build_number}`,
    made,
    build.initiator_name === '' ? '' : l10n.t('by {0}', plainLine(build.initiator_name, 64)),
    build.created_at === undefined
      ? ''
      : logTime(build.created_at, { ...options, showsZone: options.showsZone === true }),
  ];
  return { state: { options }, text: rule(parts.filter((part) => part !== '').join(' · ')) };
};

/** Entries in the order of their ids, each handed in once. The last stage's head may be held back: see `settleLog`. */
export const appendLog = (state: LogState, entries: readonly LogEntry[]): LogStep => {
  let at = state;
  const text: string[] = [];
  entries.forEach((entry, index) => {
    const begins = entry.stage !== at.stage;
    if (begins) {
      text.push(head(at, entry.created_at));
      const { heldBack: _, ...rest } = at;
      at = { ...rest, stage: entry.stage, stageAt: entry.created_at, heldBack: { at: entry.created_at } };
    }
    if (isStageHead(entry)) return;
    if (at.heldBack !== undefined) text.push(head(at, endOfStage(entries, index)));
    const { heldBack: _, ...written } = at;
    at = written;
    text.push(linesOf(entry, at.options));
  });
  return { state: at, text: text.join('') };
};

/** Writes what is held back: no line has come for a moment, and a person should see which stage is running. */
export const settleLog = (state: LogState): LogStep => {
  const { heldBack: _, ...rest } = state;
  return { state: rest, text: head(state, undefined) };
};

/** The connection was lost. Nothing is written yet: one line will say that it was lost and resumed. */
export const loseLog = (state: LogState, now: EpochMs): LogStep => ({
  state: { ...state, lostAt: state.lostAt ?? now },
  text: '',
});

export const resumeLog = (state: LogState, now: EpochMs): LogStep => {
  const { lostAt, ...rest } = state;
  if (lostAt === undefined) return { state, text: '' };
  const [lost, resumed] = [lostAt, now].map((each) => clock(each, state.options));
  return remark(rest, l10n.t('connection lost at {0}, resumed at {1}', lost ?? '', resumed ?? ''));
};

/** No socket gets through: a line says why the log comes in steps. */
export const pollLog = (state: LogState, every: Milliseconds): LogStep =>
  remark(state, l10n.t('WebSocket connections are blocked, so the log is read every {0} s', every / 1000));

/** V0 hears nothing of the provisioner; `since` by the server's clock. The build may go on (contract 5.2). */
export const silenceLog = (state: LogState, since: EpochMs): LogStep =>
  remark(state, l10n.t('no word from the provisioner since {0}', clock(since, state.options)));

/** A line of ours between the lines of the log. */
const remark = (state: LogState, text: string): LogStep => {
  const settled = settleLog(state);
  return { state: settled.state, text: settled.text + rule(text) };
};

/** The last lines: what the job says went wrong, and `──── running after 43 s ────`. `build` as read at the end. */
export const endLog = (state: LogState, build: Build): LogStep => {
  const resumed = resumeLog(state, build.job.completed_at ?? build.updated_at ?? (0 as EpochMs));
  const { heldBack: _, ...rest } = resumed.state;
  const lines = [resumed.text, head(resumed.state, build.job.completed_at)];
  if (build.job.logs_overflowed) lines.push(mark('warn', l10n.t('The server kept only the first part of this log.')));
  if (build.job.error !== undefined) {
    lines.push(...plainLines(build.job.error.trimEnd()).map((line) => mark('error', line)));
  }
  lines.push(rule(outcomeOf(build)));
  return { state: rest, text: lines.join('') };
};

/** The daemon's entry without output only names the stage; an empty one of the provisioner is an empty line (3.3). */
const isStageHead = (entry: LogEntry): boolean => entry.log_source === 'provisioner_daemon' && entry.output === '';

/** When the stage of `entries[index]` ended, if these entries tell. */
const endOfStage = (entries: readonly LogEntry[], index: number): EpochMs | undefined => {
  const stage = entries[index]?.stage;
  return entries.slice(index + 1).find((later) => later.stage !== stage)?.created_at;
};

const WIDTH = 72;

/** The held-back head, with its seconds at the right where the stage's end is known. */
const head = (state: LogState, endedAt: EpochMs | undefined): string => {
  if (state.heldBack === undefined || state.stage === undefined) return '';
  const beganAt = state.heldBack.at;
  const title = `${prefix(beganAt, state.options)}▸ ${plainLine(state.stage, 128)}`;
  if (beganAt === undefined || endedAt === undefined || endedAt < beganAt) return `${title}\n`;
  const seconds = l10n.t('{0} s', (between(beganAt, endedAt) / 1000).toFixed(1));
  return `${title.padEnd(WIDTH - seconds.length - 1)} ${seconds}\n`;
};

const linesOf = (entry: LogEntry, options: LogOptions): string => {
  const level = LEVELS[entry.log_level] ?? '';
  const before = `${prefix(entry.created_at, options)}  ${level}`;
  // A line break at the end of the output ends its line; it does not begin an empty one.
  return plainLines(entry.output.replace(/\r?\n$/, ''))
    .map((line) => `${before}${line}`.trimEnd() + '\n')
    .join('');
};

/** What stands in front of a line; information goes without saying. */
const LEVELS: Readonly<Record<string, string>> = {
  trace: 'trace ',
  debug: 'debug ',
  warn: 'warn  ',
  error: 'error ',
};

const mark = (level: 'warn' | 'error', line: string): string => `  ${LEVELS[level] ?? ''}${line}`.trimEnd() + '\n';

const prefix = (at: EpochMs | undefined, options: LogOptions): string => {
  if (!options.timestamps) return '';
  return at === undefined ? ' '.repeat(9) : `${clock(at, options)} `;
};

const clock = (at: EpochMs, { timeZone }: LogOptions): string => logTime(at, { timeZone, showsZone: false }).slice(11);

const rule = (text: string): string => `──── ${text} ────\n`;

/** The server's word, as in the log's first and last line: logs are read next to the server's own. */
const transitionWord = (build: Build): string => plainLine(build.transition, 32);
