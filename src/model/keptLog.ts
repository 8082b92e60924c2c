import * as l10n from '@vscode/l10n';
import type { Build, LogEntry } from '../api/schemas/workspaces.ts';
import { isSliceOver, nextSlice } from '../api/slices.ts';
import {
  appendLog,
  beginLog,
  remarkLog,
  rule,
  settleLog,
  type LogOptions,
  type LogState,
  type LogStep,
} from './buildLog.ts';
import { linesIn } from './logOutline.ts';
import { entriesOf, writtenParts, type LogRecord } from './logRecords.ts';

/** What is kept of a log. */
export interface Limits {
  readonly lines: number;
  /** UTF-16 code units. */
  readonly characters: number;
}

const LIMITS: Limits = { lines: 50_000, characters: 8_000_000 };
/** More than is kept may be written by this factor: leaving out the first lines means to write all anew. */
const SLACK = 1.2;

/** Text that goes behind what is there, or takes the place of all of it. */
export interface Written {
  readonly text: string;
  readonly isAnew: boolean;
}

const NOTHING: Written = { text: '', isAnew: false };

/** A record, and how it is written. */
interface Kept {
  readonly record: LogRecord;
  text: string;
}

/**
 * The log of one build as it is being written: its records are kept, so that it can be written anew, in other words or
 * under another name, and only the newest of a long one.
 */
export class KeptLog {
  readonly build: Build;
  readonly #templateName: string;
  readonly #limits: Limits;
  #options: LogOptions;
  /** What stands above the first record. */
  #head = '';
  #kept: Kept[] = [];
  #state: LogState;
  #lines = 0;
  #characters = 0;
  #lastId = 0;
  #isCut = false;
  #isOver = false;
  #isStale = false;

  constructor(build: Build, templateName: string, options: LogOptions, limits: Limits = LIMITS) {
    this.build = build;
    this.#templateName = templateName;
    this.#options = options;
    this.#limits = limits;
    this.#state = { options };
    this.#head = this.#count(this.#begin());
  }

  /** The build's current stage; '' before the first. */
  get stage(): string {
    return this.#state.stage ?? '';
  }

  /** The build has ended or is no longer followed; the logs of its agents may continue. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get isLost(): boolean {
    return this.#state.lostAt !== undefined;
  }

  /** Whether the stage heading isn't written yet: see `settle`. */
  get isHeldBack(): boolean {
    return this.#state.heldBack !== undefined;
  }

  add(record: LogRecord): Written {
    if (record.kind === 'entries' && this.#isLate(record.entries)) {
      this.#insert(record.entries);
      this.#isStale = true;
      return NOTHING;
    }
    if (record.kind === 'ended' || record.kind === 'stopped') this.#isOver = true;
    const text = this.#write(record);
    this.#kept.push({ record, text });
    return this.#isTooLong(SLACK) && this.#leaveOut() ? this.anew() : { text, isAnew: false };
  }

  settle(): string {
    const text = this.#count(settleLog(this.#state));
    const last = this.#kept.at(-1);
    if (last === undefined) this.#head += text;
    else last.text += text;
    return text;
  }

  /** Entries came that belong further up: `rewrite` brings them there. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** All that is kept, from the first line. */
  anew(): Written {
    return { text: this.#head + this.#kept.map(({ text }) => text).join(''), isAnew: true };
  }

  /**
   * The same written anew, each stage with its seconds, in slices between which more may be added; `options`: in these
   * from now on. Nothing where other options came meanwhile: then it is written in those.
   */
  async rewrite(options: LogOptions = this.#options): Promise<Written> {
    this.#options = options;
    for (;;) {
      this.#isStale = false;
      const first = this.#kept[0];
      const records = this.#kept.map(({ record }) => record);
      const head = this.#begin();
      const texts = records.map(() => '');
      let step = head;
      for (const part of writtenParts(head.state, records)) {
        texts[part.index] = `${texts[part.index] ?? ''}${part.step.text}`;
        step = part.step;
        if (isSliceOver()) await nextSlice();
      }
      if (options !== this.#options) return NOTHING;
      // Records were added or dropped meanwhile.
      if (this.isStale || this.#kept[0] !== first) continue;
      const { isHeldBack: wasHeldBack } = this;
      [this.#lines, this.#characters] = [0, 0];
      this.#head = this.#count(head);
      this.#state = step.state;
      this.#kept = this.#kept.map(({ record }, index) => ({
        record,
        text: index < texts.length ? this.#count({ ...step, text: texts[index] ?? '' }) : this.#write(record),
      }));
      if (!wasHeldBack && this.isHeldBack) this.settle();
      return this.anew();
    }
  }

  #write(record: LogRecord): string {
    return this.#count('entries' in record ? appendLog(this.#state, record.entries) : remarkLog(this.#state, record));
  }

  /** The first lines. */
  #begin(): LogStep {
    const begun = beginLog(this.build, this.#templateName, this.#options);
    const [first] = this.#kept;
    if (!this.#isCut || first === undefined) return begun;
    const text = begun.text + rule(l10n.t('the beginning is omitted; Show Build History opens the whole log'));
    const [entry] = entriesOf(first.record);
    if (entry === undefined || BEGINS_STAGE.test(first.text)) return { ...begun, text };
    // The stage goes on; when it began is not known any more.
    const head = settleLog({ ...begun.state, stage: entry.stage, heldBack: { at: undefined } });
    return { state: head.state, text: text + head.text };
  }

  #count({ state, text }: LogStep): string {
    this.#state = state;
    this.#characters += text.length;
    this.#lines += linesIn(text);
    return text;
  }

  #isTooLong(factor: number): boolean {
    const { lines, characters } = this.#limits;
    return this.#lines > lines * factor || this.#characters > characters * factor;
  }

  /** Leaves out the first records; false: there is but one. */
  #leaveOut(): boolean {
    const before = this.#kept.length;
    while (this.#isTooLong(1) && this.#kept.length > 1) this.#uncount(this.#kept.shift()?.text ?? '');
    if (this.#kept.length === before) return false;
    this.#isCut = true;
    this.#uncount(this.#head);
    const state = this.#state;
    this.#head = this.#count(this.#begin());
    this.#state = state;
    return true;
  }

  #uncount(text: string): void {
    this.#lines -= linesIn(text);
    this.#characters -= text.length;
  }

  /** V0 sends entries that it dropped from the stream at the end (contract 3.3). */
  #isLate(entries: readonly LogEntry[]): boolean {
    const [first] = entries;
    const isLate = first !== undefined && first.id < this.#lastId;
    this.#lastId = Math.max(this.#lastId, entries.at(-1)?.id ?? 0);
    return isLate;
  }

  #insert(late: readonly LogEntry[]): void {
    let at = 0;
    this.#kept = this.#kept.map((kept) => {
      const { record } = kept;
      if (record.kind !== 'entries') return kept;
      const from = at;
      const lastId = record.entries.at(-1)?.id ?? 0;
      while ((late[at]?.id ?? Infinity) < lastId) at += 1;
      if (at === from) return kept;
      const entries = [...record.entries, ...late.slice(from, at)].sort((one, other) => one.id - other.id);
      return { record: { kind: 'entries', entries }, text: kept.text };
    });
    if (at < late.length) this.#kept.push({ record: { kind: 'entries', entries: late.slice(at) }, text: '' });
  }
}

const BEGINS_STAGE = /^(?:\d\d:\d\d:\d\d )?▸ /;
