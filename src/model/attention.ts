import { isSilent } from '../api/buildEnd.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { Milliseconds, WorkspaceId } from '../api/units.ts';
import { minutes } from '../api/units.ts';
import { isActive } from './status.ts';

/** Why this window needs up-to-date data. */
export interface Attention {
  /** The tree is visible, or was within the grace period. */
  readonly isSeen: boolean;
  /** The window has focus. */
  readonly isFocused: boolean;
  /** Countdown, warnings, or autostop notifications are on. */
  readonly isTold: boolean;
  /** Workspaces whose builds a command follows. */
  readonly followed: ReadonlySet<WorkspaceId>;
  /** A command waits for the list itself. */
  readonly isAwaited: boolean;
  /** Workspaces with expanded or selected rows. */
  readonly opened: ReadonlySet<WorkspaceId>;
  /** Streams that may be open at the same time, those of commands included. */
  readonly maxStreams: number;
}

/** So many streams may be open unless the settings say otherwise, as the manifest tells. */
export const USUAL_STREAMS = 30;

/** Known facts on which the reads depend. */
export interface Known {
  readonly workspaces: readonly Workspace[];
  /** Whether a stream reports each change of the workspace. */
  readonly isWatched: (id: WorkspaceId) => boolean;
}

/** The periodic reads. */
export interface Reads {
  /** Interval of the whole list; `undefined`: only on request. */
  readonly listEveryMs?: Milliseconds;
  /** The search for what was changed elsewhere. */
  readonly search?: Search | undefined;
  /** After an outage, the whole list must be read. */
  readonly isListAwaited?: boolean;
  /** Single workspaces that are in transition. */
  readonly polls: readonly Poll[];
}

export interface Search extends Pick<Known, 'isWatched'> {
  readonly everyMs: Milliseconds;
  /** So many rows of the user's running workspaces are read, and nothing else; absent: changes of all that is shown. */
  readonly runningRows?: number;
}

export interface Poll {
  readonly id: WorkspaceId;
  readonly everyMs: Milliseconds;
}

/** The list corrects what streams and searches miss: each minute, but no more than 1,000 rows (3.4 MB) a minute. */
const LIST_EVERY = minutes(1);
const LIST_ROWS = 1_000;
/** With a stream for each workspace, the list only corrects lost changes and finds new workspaces. */
const WATCHED_LIST_EVERY = minutes(5);
/** Without streams, only the list detects an outage: within a minute, as its timeout is 25 s. */
const UNHEARD_EVERY = 30_000 as Milliseconds;
/** A change made elsewhere is seen within 5 s, the answer's time included. */
const CHANGES_EVERY = 4_000 as Milliseconds;
/** A workspace that was started elsewhere is counted down within a minute of running, or within five if the window isn't focused. */
const HIDDEN_STARTS_EVERY = 50_000 as Milliseconds;
const UNFOCUSED_STARTS_EVERY = 270_000 as Milliseconds;
/** Activity moves deadlines, and V0's streams do not tell (contract 3.1). 15 rows of 3.4 kB every 50 s are 3.7 MB an hour. */
const HIDDEN_ROWS = 15;
/** V0's streams do not tell of each build that fails (contract 3.1). */
const WATCHED_POLL_EVERY = 10_000 as Milliseconds;
const UNWATCHED_POLL_EVERY = 5_000 as Milliseconds;

/** The reads for `attention`; `undefined`: none are needed. */
export const wantedReads = (attention: Attention, known: Known): Reads | undefined => {
  const { isSeen, isTold, isAwaited, followed } = attention;
  if (isSeen) return { ...seenReads(attention, known), polls: polls(known, followed) };
  if (isTold)
    return { search: hiddenSearch(attention, known), isListAwaited: isAwaited, polls: polls(known, followed) };
  if (followed.size === 0 && !isAwaited) return undefined;
  return { polls: polls(known, followed).filter(({ id }) => followed.has(id)) };
};

const seenReads = ({ isFocused }: Attention, { workspaces, isWatched }: Known): Omit<Reads, 'polls'> => {
  const isHeard = workspaces.some(({ id }) => isWatched(id));
  const everyMs = isFocused ? CHANGES_EVERY : isHeard ? undefined : UNHEARD_EVERY;
  return {
    listEveryMs: listEvery(workspaces, isWatched),
    search: everyMs && { everyMs, isWatched },
  };
};

const listEvery = (workspaces: Known['workspaces'], isWatched: Known['isWatched']): Milliseconds => {
  if (workspaces.length === 0) return UNHEARD_EVERY;
  if (workspaces.every(({ id }) => isWatched(id))) return WATCHED_LIST_EVERY;
  const everyMs = LIST_EVERY * Math.max(1, workspaces.length / LIST_ROWS);
  return Math.min(everyMs, WATCHED_LIST_EVERY) as Milliseconds;
};

const hiddenSearch = ({ isFocused }: Attention, { isWatched }: Known): Search => ({
  everyMs: isFocused ? HIDDEN_STARTS_EVERY : UNFOCUSED_STARTS_EVERY,
  runningRows: HIDDEN_ROWS,
  isWatched,
});

/** What is in transition, also while V0 hears nothing of it (contract 5.2), and what a command waits for. */
const polls = ({ workspaces, isWatched }: Known, followed: ReadonlySet<WorkspaceId>): Poll[] =>
  workspaces
    .filter((workspace) => isActive(workspace) || isSilent(workspace.latest_build) || followed.has(workspace.id))
    .map(({ id }) => ({ id, everyMs: isWatched(id) ? WATCHED_POLL_EVERY : UNWATCHED_POLL_EVERY }));

/** Whether the change of attention requires an immediate read. */
export const hasComeBack = (before: Attention, after: Attention): boolean => {
  const isWanted = after.isSeen || after.isTold;
  const grew = (key: 'isSeen' | 'isFocused' | 'isTold'): boolean => after[key] && !before[key];
  return isWanted && (grew('isSeen') || grew('isFocused') || (grew('isTold') && !after.isSeen));
};
