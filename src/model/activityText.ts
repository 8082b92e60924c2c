import { withFullStop } from '../api/sentences.ts';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import type { ReadKind } from './dueRead.ts';
import { outageOf, type State } from './state.ts';
import { clockTime, duration, type DisplayLocale } from './times.ts';

/** What a session is doing by itself. */
export interface Activity {
  /** Streams that tell of changes, and those that are to. */
  readonly openStreams: number;
  readonly wantedStreams: number;
  /** Time until streams are tried again, if none gets through; 0 otherwise. */
  readonly blockedForMs: Milliseconds;
  /** Single workspaces that are read again and again. */
  readonly polled: number;
  /** What is read next; undefined: nothing by itself. While the deployment is away that is the next try. */
  readonly next: { readonly kind: ReadKind; readonly inMs: Milliseconds } | undefined;
}

/** One line for the log, in English as all of it. `now` is local. */
export const activityText = (
  host: string,
  state: State,
  activity: Activity,
  displayLocale: DisplayLocale,
  now: EpochMs,
): string => {
  const { openStreams, wantedStreams, blockedForMs, polled, next } = activity;
  const wait = (ms: Milliseconds): string => (ms < 1_000 ? 'now' : `in ${duration(ms)}`);
  const outage = outageOf(state);
  const known = state.kind === 'ready' ? state.workspaces.size : 0;
  const sentences = [
    `${host}: workspaces: ${known}, live streams: ${openStreams} of ${wantedStreams}, polled workspaces: ${polled}.`,
    blockedForMs > 0 && `Live streams are blocked. Next attempt ${wait(blockedForMs)}.`,
    outage &&
      `Not up to date since ${clockTime(outage.since, now, displayLocale)}: ${withFullStop(outage.error.message)} Next attempt ${next === undefined ? 'when you refresh' : wait(next.inMs)}.`,
    outage === undefined && next && `Next read: ${next.kind}, ${wait(next.inMs)}.`,
    outage === undefined && next === undefined && 'No read is scheduled.',
  ];
  return sentences.filter((each) => typeof each === 'string').join(' ');
};
