import type { LogEntry } from '../api/schemas/workspaces.ts';
import { appendLog, remarkLog, type LogRemark, type LogState, type LogStep } from './buildLog.ts';

/** The parts of a log, in the order of their arrival. */
export type LogRecord =
  | { readonly kind: 'entries'; readonly entries: readonly LogEntry[] }
  /** Of the build's agents, each a stage; behind the end of the build. */
  | { readonly kind: 'agentEntries'; readonly entries: readonly LogEntry[] }
  | LogRemark;

export const entriesOf = (record: LogRecord): readonly LogEntry[] => ('entries' in record ? record.entries : []);

/** What is written at once of a long log, so that it never holds up the host for long. */
const ENTRIES_AT_ONCE = 1_000;

interface Part {
  /** Of the record. */
  readonly index: number;
  readonly step: LogStep;
}

/** Formats records that follow a log in `state`. All entries are known, so each stage has its duration. */
export function* writtenParts(state: LogState, records: readonly LogRecord[]): Generator<Part> {
  const all = records.flatMap(entriesOf);
  let step: LogStep = { state, text: '' };
  let at = 0;
  for (const [index, record] of records.entries()) {
    if (!('entries' in record)) {
      yield { index, step: (step = remarkLog(step.state, record)) };
      continue;
    }
    const end = at + record.entries.length;
    for (; at < end; at = Math.min(at + ENTRIES_AT_ONCE, end))
      yield { index, step: (step = appendLog(step.state, all, at, Math.min(at + ENTRIES_AT_ONCE, end))) };
  }
}
