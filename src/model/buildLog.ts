import * as l10n from '@vscode/l10n';
import { joined, plainLine, plainLines } from '../api/plainText.ts';
import type { Build, LogEntry } from '../api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import { clock, isBelow, linesOf, lineWriter, mark, prefix } from './logLine.ts';
import { outcomeOf } from './outcome.ts';
import { logTime } from './times.ts';

/** How a log is written. */
export interface LogOptions {
  readonly timeZone: string;
  /** The time in the log's head names its zone. */
  readonly showsZone?: boolean;
  /** Each line begins with its time. */
  readonly timestamps: boolean;
  /** The lowest level shown; absent: all. */
  readonly level?: string;
}

/** State of the formatter between two calls. */
export interface LogState {
  readonly options: LogOptions;
  readonly stage?: string;
  /** The stage heading if not written yet: it includes the duration if the stage ends without output. */
  readonly heldBack?: { readonly at: EpochMs | undefined };
  readonly lostAt?: EpochMs;
  /** Lines of Terraform errors so far, at most `MOST_ERRORS`, repeated at the end. */
  readonly errors?: readonly string[];
  /** Inside a box that Terraform draws around an error. */
  readonly isInBox?: boolean;
}

/** Text to append, always whole lines with line ends, and the next state. */
export interface LogStep {
  readonly state: LogState;
  readonly text: string;
  /** Where in `text` its first error begins, if it has one. */
  readonly errorAt?: number | undefined;
}

/** `──── start #4 · dev @ clever_pike9 · by owner · 2026-11-25 18:04:11 ────`. */
export const beginLog = (build: Build, templateName: string, options: LogOptions): LogStep => {
  const template = plainLine(templateName, 64);
  const version = plainLine(build.template_version_name, 64);
  // A build just created has no version name (contract 7.39).
  const made = joined([template, version], ' @ ');
  const parts = [
    `${transitionWord(build)} #${build.build_number}`,
    made,
    build.initiator_name === '' ? '' : l10n.t('by {0}', plainLine(build.initiator_name, 64)),
    build.created_at === undefined
      ? ''
      : logTime(build.created_at, { ...options, showsZone: options.showsZone === true }),
  ];
  return { state: { options }, text: rule(joined(parts)) };
};

/**
 * Entries in the order of their ids, each handed in once: those of `entries` from `from` on, up to `to`; the ones behind
 * tell when a stage ended. The last stage's head may be held back: see `settleLog`.
 */
export const appendLog = (state: LogState, entries: readonly LogEntry[], from = 0, to = entries.length): LogStep => {
  let at = state;
  let { errors = [], isInBox = false } = state;
  const text: string[] = [];
  let errorAt: number | undefined;
  const lineOf = lineWriter(state.options);
  for (let index = from; index < to; index += 1) {
    const entry = entries[index];
    if (entry === undefined) break;
    if (entry.stage !== at.stage) {
      text.push(head(at, entry.created_at));
      // Agent scripts run concurrently: an entry of the next one doesn't end this one.
      const began = entry.log_source === AGENT ? undefined : entry.created_at;
      at = { ...at, stage: entry.stage, heldBack: { at: began } };
    }
    if (isStageHead(entry)) continue;
    const { output } = entry;
    const isError = entry.log_level === 'error' || ERROR_BEGINS.test(output) || (isInBox && /^[│╵]/.test(output));
    isInBox = isError && /^[╷│]/.test(output) && !output.includes('╵');
    if (isError && errors.length < MOST_ERRORS) errors = [...errors, ...linesOf(entry)];
    if (isBelow(entry.log_level, state.options.level)) continue;
    if (at.heldBack !== undefined) {
      text.push(head(at, endOfStage(entries, index)));
      const { heldBack: _, ...written } = at;
      at = written;
    }
    if (isError) errorAt ??= text.join('').length;
    text.push(lineOf(entry));
  }
  return { state: { ...at, ...(errors.length === 0 ? {} : { errors, isInBox }) }, text: text.join(''), errorAt };
};

/** The source of entries that are an agent's. */
export const AGENT = 'agent';

/** Maximum number of error lines repeated at the end; the first ones name the cause. */
const MOST_ERRORS = 200;
/** Terraform's error lines: V0 sends some of them without a level. */
const ERROR_BEGINS = /^(?:╷\r?\n)?(?:│ )?Error: /;

/** Writes the pending stage heading: no line has come for a moment, and the running stage should be visible. */
export const settleLog = (state: LogState): LogStep => {
  const { heldBack: _, ...rest } = state;
  return { state: rest, text: head(state, undefined) };
};

/** Events of a log other than entries. */
export type LogRemark =
  /** The connection was lost. Nothing is written until it resumes. */
  | { readonly kind: 'lost' | 'resumed'; readonly at: EpochMs }
  /** WebSockets are blocked: a line says that the log is polled. */
  | { readonly kind: 'polling'; readonly everyMs: Milliseconds }
  /** V0 gets no heartbeat of the provisioner since `since` (server's clock). The build may continue (contract 5.2). */
  | { readonly kind: 'silent'; readonly since: EpochMs }
  /** `build` as read at the end. */
  | { readonly kind: 'ended'; readonly build: Build }
  /** A line added by the extension. */
  | { readonly kind: 'note'; readonly text: string }
  /** The log is no longer followed; '': without a reason. */
  | { readonly kind: 'stopped'; readonly reason: string };

export const remarkLog = (state: LogState, remark: LogRemark): LogStep => {
  switch (remark.kind) {
    case 'lost':
      return { state: { ...state, lostAt: state.lostAt ?? remark.at }, text: '' };
    case 'resumed':
      return resumeLog(state, remark.at);
    case 'polling':
      return say(
        state,
        l10n.t('WebSocket connections are blocked, so the log is read every {0} s', remark.everyMs / 1000),
      );
    case 'silent':
      return say(state, l10n.t('no word from the provisioner since {0}', clock(remark.since, state.options)));
    case 'note':
      return say(state, remark.text);
    case 'ended':
      return endLog(state, remark.build);
    case 'stopped':
      return say(
        state,
        remark.reason === ''
          ? l10n.t('stopped following this build')
          : l10n.t("couldn't read the log: {0}", remark.reason),
      );
  }
};

const resumeLog = (state: LogState, now: EpochMs): LogStep => {
  const { lostAt, ...rest } = state;
  if (lostAt === undefined) return { state, text: '' };
  const [lost, resumed] = [lostAt, now].map((each) => clock(each, state.options));
  return say(rest, l10n.t('connection lost at {0}, resumed at {1}', lost ?? '', resumed ?? ''));
};

/** A line added by the extension between the log's lines. */
const say = (state: LogState, text: string): LogStep => {
  const settled = settleLog(state);
  return { state: settled.state, text: settled.text + rule(text) };
};

/** The last lines: what the job says went wrong, and `──── started in 43 s ────`. `build` as read at the end. */
const endLog = (state: LogState, build: Build): LogStep => {
  const resumed = resumeLog(state, build.job.completed_at ?? build.updated_at ?? (0 as EpochMs));
  const { heldBack: _, ...rest } = resumed.state;
  const lines = [resumed.text, head(resumed.state, build.job.completed_at)];
  if (build.job.logs_overflowed)
    lines.push(mark('warn', l10n.t('The deployment kept only the first part of this log.')));
  let errorAt: number | undefined;
  if (build.job.error !== undefined) {
    const { errors = [] } = state;
    if (errors.length > 0) lines.push(rule(l10n.t('the errors in this log, repeated')));
    const own = plainLines(build.job.error.trimEnd());
    // If one of two messages contains the other, the longer one.
    const [isOwnSaid, isSaidByOwn] = [isWithin(own, errors), isWithin(errors, own)];
    const said = isOwnSaid ? errors : isSaidByOwn ? own : [...errors, ...own];
    errorAt = lines.join('').length;
    lines.push(said.map((line) => mark('error', line)).join(''));
  }
  lines.push(rule(outcomeOf(build)));
  return { state: rest, text: lines.join(''), errorAt };
};

const isWithin = (lines: readonly string[], others: readonly string[]): boolean =>
  lines.every((line) => line === '' || others.includes(line));

/** The daemon's entry without output only names the stage; an empty one of the provisioner is an empty line (3.3). */
const isStageHead = (entry: LogEntry): boolean => entry.log_source === 'provisioner_daemon' && entry.output === '';

/** The end of the stage of `entries[index]`, if later entries show it. */
const endOfStage = (entries: readonly LogEntry[], index: number): EpochMs | undefined => {
  const stage = entries[index]?.stage;
  for (let later = index + 1; later < entries.length; later += 1) {
    const next = entries[later];
    if (next?.stage !== stage) return next?.log_source === AGENT ? undefined : next?.created_at;
  }
  return undefined;
};

const WIDTH = 72;

/** The held-back head, with its seconds at the right where the stage's end is known. */
const head = (state: LogState, endedAt: EpochMs | undefined): string => {
  if (state.heldBack === undefined || state.stage === undefined) return '';
  const beganAt = state.heldBack.at;
  const title = `${beganAt === undefined ? '' : prefix(beganAt, state.options)}▸ ${plainLine(state.stage, 128)}`;
  if (beganAt === undefined || endedAt === undefined || endedAt < beganAt) return `${title}\n`;
  const seconds = l10n.t('{0} s', (between(beganAt, endedAt) / 1000).toFixed(1));
  return `${title.padEnd(WIDTH - seconds.length - 1)} ${seconds}\n`;
};

export const rule = (text: string): string => `──── ${text} ────\n`;

/** The server's word, as in the log's first and last line: logs are read next to the server's own. */
const transitionWord = (build: Build): string => plainLine(build.transition, 32);
