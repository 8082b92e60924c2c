import * as l10n from '@vscode/l10n';
import type { Build, LogEntry } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import {
  appendLog,
  beginLog,
  remarkLog,
  rule,
  settleLog,
  type LogOptions,
  type LogRemark,
  type LogState,
  type LogStep,
} from './buildLog.ts';

/** What a log is made of, in the order in which it came. */
export type LogRecord =
  | { readonly kind: 'entries'; readonly entries: readonly LogEntry[] }
  /** Of the build's agents, each a stage; behind the end of the build. */
  | { readonly kind: 'agentEntries'; readonly entries: readonly LogEntry[] }
  | LogRemark;

/** What is kept of a log; a record that was cut has lost its first entries. */
export interface Limits {
  readonly lines: number;
  /** UTF-16 code units. */
  readonly characters: number;
}

const LIMITS: Limits = { lines: 50_000, characters: 8_000_000 };
/** More than is kept may be written by this factor: cutting means to write all anew. */
const SLACK = 1.2;

/** Text that goes behind what is there, or takes the place of all of it. */
export interface Written {
  readonly text: string;
  readonly isAnew: boolean;
}

/**
 * The log of one build as it is being written: its records are kept, so that it can be written anew, in other words or
 * under another name, and only the newest lines of a long one.
 */
export class KeptLog {
  readonly build: Build;
  readonly #templateName: string;
  readonly #limits: Limits;
  #options: LogOptions;
  #records: LogRecord[] = [];
  #state: LogState;
  #lines = 0;
  #characters = 0;
  #isCut = false;
  #lastId = 0;

  constructor(build: Build, templateName: string, options: LogOptions, limits: Limits = LIMITS) {
    this.build = build;
    this.#templateName = templateName;
    this.#options = options;
    this.#limits = limits;
    this.#state = { options };
  }

  /** The stage that the build is in; '' before the first. */
  get stage(): string {
    return this.#state.stage ?? '';
  }

  /** The build has ended, or nobody follows it any more; its agents may go on. */
  get isOver(): boolean {
    return this.#records.some(({ kind }) => kind === 'ended' || kind === 'stopped');
  }

  get isLost(): boolean {
    return this.#state.lostAt !== undefined;
  }

  /** Whether the head of the stage is held back: see `settle`. */
  get isHeldBack(): boolean {
    return this.#state.heldBack !== undefined;
  }

  add(record: LogRecord): Written {
    if (record.kind === 'entries' && this.#isLate(record.entries)) {
      this.#insert(record.entries);
      return this.anew();
    }
    this.#records.push(record);
    const text = this.#count(written(this.#state, record));
    return this.#isTooLong(SLACK) ? this.anew() : { text, isAnew: false };
  }

  settle(): string {
    return this.#count(settleLog(this.#state));
  }

  /** All that is kept, from the first line; `options`: in these from now on. */
  anew(options = this.#options): Written {
    this.#options = options;
    let text = this.#writeAll();
    while (this.#isTooLong(1) && this.#cut()) text = this.#writeAll();
    return { text, isAnew: true };
  }

  #writeAll(): string {
    this.#lines = this.#characters = 0;
    const begun = beginLog(this.build, this.#templateName, this.#options);
    let text = this.#count(begun);
    if (this.#isCut) {
      const [first] = this.#records.flatMap(entriesOf);
      // When that stage began is not known any more.
      const state = first === undefined ? begun.state : { ...begun.state, stage: first.stage, heldBack: NO_TIME };
      text += this.#count({
        state,
        text: rule(l10n.t('the beginning is left out here; Show Build History opens all of it')),
      });
    }
    return text + this.#count(writtenAll(this.#state, this.#records));
  }

  #count({ state, text }: LogStep): string {
    this.#state = state;
    this.#characters += text.length;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#lines += 1;
    return text;
  }

  #isTooLong(factor: number): boolean {
    const { lines, characters } = this.#limits;
    return this.#lines > lines * factor || this.#characters > characters * factor;
  }

  /** Leaves out the first entries, about as many as there are too many; false: there is nothing to leave out. */
  #cut(): boolean {
    const { lines, characters } = this.#limits;
    const all = this.#records.flatMap(entriesOf);
    const share = Math.max(1 - lines / this.#lines, 1 - characters / this.#characters);
    let left = Math.min(Math.ceil(all.length * share), all.length - 1);
    if (left <= 0) return false;
    this.#isCut = true;
    this.#records = this.#records.flatMap((record): LogRecord[] => {
      if (left === 0 || record.kind === 'ended') return [record];
      if (!('entries' in record)) return [];
      const rest = record.entries.slice(left);
      left -= record.entries.length - rest.length;
      return rest.length === 0 ? [] : [{ ...record, entries: rest }];
    });
    return true;
  }

  /** What V0 dropped on the way comes at the end (contract 3.3). */
  #isLate(entries: readonly LogEntry[]): boolean {
    const [first] = entries;
    const isLate = first !== undefined && first.id < this.#lastId;
    this.#lastId = Math.max(this.#lastId, entries.at(-1)?.id ?? 0);
    return isLate;
  }

  #insert(late: readonly LogEntry[]): void {
    let at = 0;
    this.#records = this.#records.map((record) => {
      if (record.kind !== 'entries') return record;
      const from = at;
      const lastId = record.entries.at(-1)?.id ?? 0;
      while ((late[at]?.id ?? Infinity) < lastId) at += 1;
      if (at === from) return record;
      const entries = [...record.entries, ...late.slice(from, at)].sort((one, other) => one.id - other.id);
      return { kind: 'entries', entries };
    });
    if (at < late.length) this.#records.push({ kind: 'entries', entries: late.slice(at) });
  }
}

const NO_TIME: { readonly at: EpochMs | undefined } = { at: undefined };

const entriesOf = (record: LogRecord): readonly LogEntry[] => ('entries' in record ? record.entries : []);

const written = (state: LogState, record: LogRecord): LogStep =>
  'entries' in record ? appendLog(state, record.entries) : remarkLog(state, record);

/** What is written at once of a long log, so that it never holds up the host for long. */
const ENTRIES_AT_ONCE = 1_000;

/** Records behind a log that stands at `state`. All entries are known, so that each stage says how long it took. */
export function* writtenParts(state: LogState, records: readonly LogRecord[]): Generator<LogStep> {
  const all = records.flatMap(entriesOf);
  let step: LogStep = { state, text: '' };
  let at = 0;
  for (const record of records) {
    if (!('entries' in record)) {
      yield (step = remarkLog(step.state, record));
      continue;
    }
    const end = at + record.entries.length;
    for (; at < end; at = Math.min(at + ENTRIES_AT_ONCE, end))
      yield (step = appendLog(step.state, all, at, Math.min(at + ENTRIES_AT_ONCE, end)));
  }
}

export const writtenAll = (state: LogState, records: readonly LogRecord[]): LogStep => {
  let text = '';
  for (const step of writtenParts(state, records)) {
    text += step.text;
    state = step.state;
  }
  return { state, text };
};
