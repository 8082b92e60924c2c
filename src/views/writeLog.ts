import { inBackground } from '../api/errors.ts';
import { isSliceOver, nextSlice } from '../api/slices.ts';
import { plain } from '../host/escape.ts';
import type { KeptLog, Written } from '../model/keptLog.ts';
import type { LogRecord } from '../model/logRecords.ts';
import type { LogChannel } from './logChannel.ts';

/** Who hears of a log that is being written. */
export interface LogListener {
  readonly onStage: (title: string) => void;
  /** The stage, the connection, or the end has changed. */
  readonly onChange: () => void;
  readonly logError: (error: unknown) => void;
}

/** Lines written at a time, so that long logs don't block the host. */
const ENTRIES_AT_ONCE = 1_000;
/** How long a stage heading waits for the first line or the end of the stage. */
const SETTLE_MS = 400;
/** So many times as long as it takes to put a log in order, nothing is put in order again: V0 may need it often. */
const REST = 10;

/** Writes `log` into its channel as its events come, until there are no more. Never rejects. */
export async function writeLog(
  channel: LogChannel,
  log: KeptLog,
  events: AsyncIterable<LogRecord>,
  { onStage, onChange, logError }: LogListener,
): Promise<void> {
  let told = '';
  let settling: NodeJS.Timeout | undefined;
  const write = (written: Written) => {
    channel.write(log, written);
    if (log.stage !== '') onStage(log.stage);
    const now = `${log.isOver} ${log.isLost} ${log.stage}`;
    if (now !== told) onChange();
    told = now;
    clearTimeout(settling);
    settling = log.isHeldBack || log.isStale ? setTimeout(settle, SETTLE_MS) : undefined;
  };
  const settle = () => {
    if (log.isStale) inBackground(putInOrder(), logError);
    else write({ text: log.settle(), isAnew: false });
  };
  let mayPutInOrderAt = 0;
  const putInOrder = async () => {
    const began = performance.now();
    write(await log.rewrite());
    const ended = performance.now();
    mayPutInOrderAt = ended + (ended - began) * REST;
  };
  channel.begin(log);
  try {
    for await (const event of events) {
      for (const record of recordsOf(event)) {
        if (isSliceOver()) await nextSlice();
        // What a machine says while the next build stops it belongs to that build's log.
        const { latest } = channel;
        if (record.kind === 'agentEntries' && latest !== undefined && latest !== log) {
          channel.write(latest, latest.add(record));
          continue;
        }
        write(log.add(record));
        if (log.isStale && (log.isOver || performance.now() > mayPutInOrderAt)) await putInOrder();
      }
    }
  } catch (error) {
    // It may be asked for again, and is then written from its beginning.
    channel.followed.delete(log.build.id);
    const reason = error instanceof Error && error.name !== 'AbortError' ? plain(error.message) : '';
    write(log.add({ kind: 'stopped', reason }));
  } finally {
    clearTimeout(settling);
  }
}

/** What is kept of an event, in parts that are written at once. */
function* recordsOf(event: LogRecord): Generator<LogRecord> {
  if (!('entries' in event)) {
    yield event;
    return;
  }
  for (let from = 0; from < event.entries.length; from += ENTRIES_AT_ONCE)
    yield { ...event, entries: event.entries.slice(from, from + ENTRIES_AT_ONCE) };
}
