import type { ApiError } from '../api/errors.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { User } from '../api/schemas/users.ts';
import type { EpochMs, WorkspaceId } from '../api/units.ts';
import type { Finding } from './finding.ts';
import { isOlderBuild, keepUnchanged, same } from './newer.ts';
import type { UnexpectedError } from './unexpectedError.ts';

export type Workspaces = ReadonlyMap<WorkspaceId, Workspace>;

/** The server cannot be read now. Times are local ones. */
export interface Outage {
  readonly error: ApiError | UnexpectedError;
  /** When it was first noticed. */
  readonly since: EpochMs;
  readonly retryAt: EpochMs;
}

export interface SignedOut {
  readonly kind: 'signedOut';
  /** `refused`: the token never worked; `expired`: it did until now; absent: nobody is signed in. */
  readonly reason?: 'refused' | 'expired';
  /** The server's own word on why: the `detail` of its 401. */
  readonly detail?: string;
}

export interface Loading {
  readonly kind: 'loading';
}

/** Nothing was ever read, and it cannot be read now. */
export interface Unreachable extends Outage {
  readonly kind: 'unreachable';
}

export interface Ready {
  readonly kind: 'ready';
  readonly user: User;
  /** All of one's own, and of others those that `finding` asks for. */
  readonly workspaces: Workspaces;
  /** Which of them are shown, and how; absent: all. */
  readonly finding?: Finding | undefined;
  /** Where only the server can tell, those that it found for `finding`. */
  readonly matched?: ReadonlySet<WorkspaceId> | undefined;
  /** The server's words, where it did not take what was to be shown. */
  readonly refused?: string | undefined;
  /** Of the very first list a part is known; the rest is being read. */
  readonly isPartial?: boolean | undefined;
  /** Rows of the list that could not be read. */
  readonly skippedRows: number;
  /** When the list was last read and differed, or, while `stale`, when it was last read at all; local time. */
  readonly readAt: EpochMs;
  readonly stale?: Outage | undefined;
}

/** What is known of one deployment. Only a `Session` assigns it. */
export type State = SignedOut | Loading | Unreachable | Ready;

export const SIGNED_OUT: SignedOut = { kind: 'signedOut' };
export const LOADING: Loading = { kind: 'loading' };

/** As far as it is known. */
export const workspaceIn = (state: State, id: WorkspaceId): Workspace | undefined =>
  state.kind === 'ready' ? state.workspaces.get(id) : undefined;

export const outageOf = (state: State): Outage | undefined =>
  state.kind === 'ready' ? state.stale : state.kind === 'unreachable' ? state : undefined;

/** A whole list, as read. */
export interface Listing {
  readonly user: User;
  readonly workspaces: readonly Workspace[];
  readonly skippedRows: number;
  readonly readAt: EpochMs;
  readonly finding?: Finding | undefined;
  readonly matched?: ReadonlySet<WorkspaceId> | undefined;
  readonly refused?: string | undefined;
  readonly isPartial?: boolean | undefined;
  /** The outage that it doesn't end. */
  readonly stale?: Outage | undefined;
  /** Heard of since the list was asked for: what is held of these is newer, unless the list has a newer build. */
  readonly fresher?: ReadonlySet<WorkspaceId>;
}

/** The list replaces what was known. Nothing changed: the very same state comes back. */
export const listed = (state: State, listing: Listing): Ready => {
  const before = state.kind === 'ready' ? state : undefined;
  const fresher = listing.fresher ?? new Set();
  const workspaces = new Map<WorkspaceId, Workspace>();
  for (const workspace of listing.workspaces) {
    const kept = keep(before?.workspaces.get(workspace.id), workspace, fresher.has(workspace.id));
    if (kept !== undefined) workspaces.set(workspace.id, kept);
  }
  for (const id of fresher) {
    const known = before?.workspaces.get(id);
    if (known !== undefined && !workspaces.has(id)) workspaces.set(id, known);
  }
  const user = before === undefined ? listing.user : keepUnchanged(before.user, listing.user);
  const unchanged =
    before?.stale === undefined &&
    listing.stale === undefined &&
    before?.isPartial !== true &&
    before?.skippedRows === listing.skippedRows &&
    before.user === user &&
    before.refused === listing.refused &&
    same(before.finding, listing.finding) &&
    same(before.matched, listing.matched) &&
    sameEntries(before.workspaces, workspaces);
  if (unchanged) return before;
  const { fresher: _, ...rest } = listing;
  return { ...rest, kind: 'ready', user, workspaces };
};

/** Which of the two to hold; `undefined`: the workspace was removed after the list was asked for, or is deleted. */
const keep = (known: Workspace | undefined, read: Workspace, knownIsFresher: boolean): Workspace | undefined => {
  if (isDeleted(read)) return undefined;
  if (known === undefined) return knownIsFresher ? undefined : read;
  // A response requested after `known` arrived is newer, whatever its build number: a database may have been restored.
  if (knownIsFresher && !isOlderBuild(known.latest_build, read.latest_build)) return known;
  return keepUnchanged(known, read);
};

/** Some rows, as read; the others stay as they are. `fresher`: heard of since they were asked for. */
export const found = (state: Ready, rows: readonly Workspace[], fresher: ReadonlySet<WorkspaceId>): Ready => {
  const changed = rows.flatMap((row) => {
    const known = state.workspaces.get(row.id);
    const kept = keep(known, row, fresher.has(row.id));
    return kept === undefined || kept === known ? [] : [[row.id, kept] as const];
  });
  return changed.length === 0 ? state : { ...state, workspaces: new Map([...state.workspaces, ...changed]) };
};

/** The same workspaces, shown otherwise: for what the server need not be asked. */
export const shownAs = (state: Ready, finding: Finding): Ready => ({ ...state, finding, refused: undefined });

/** The server finds these for what is shown. */
export const matching = (state: Ready, matched: ReadonlySet<WorkspaceId>): Ready =>
  state.matched === undefined || same(state.matched, matched) ? state : { ...state, matched };

/** The server answers again. */
export const recovered = (state: Ready): Ready => (state.stale === undefined ? state : { ...state, stale: undefined });

/** The server just said what `workspace` is. An older snapshot than the one at hand changes nothing (contract 3.1). */
export const adopted = (state: Ready, workspace: Workspace): Ready => {
  const known = state.workspaces.get(workspace.id);
  if (known !== undefined && isOlderBuild(workspace.latest_build, known.latest_build)) return state;
  if (isDeleted(workspace)) return removed(state, workspace.id);
  const kept = known === undefined ? workspace : keepUnchanged(known, workspace);
  return kept === known ? state : withWorkspace(state, kept);
};

/** The server just answered with a build: the latest one of its workspace, unless a later one is known. */
export const buildAdopted = (state: Ready, build: Build): Ready => {
  const known = state.workspaces.get(build.workspace_id);
  if (known === undefined || isOlderBuild(build, known.latest_build)) return state;
  if (build.status === 'deleted') return removed(state, build.workspace_id);
  const kept = keepUnchanged(known.latest_build, build);
  return kept === known.latest_build ? state : withWorkspace(state, { ...known, latest_build: kept });
};

/** The workspace is gone. */
export const removed = (state: Ready, id: WorkspaceId): Ready => {
  if (!state.workspaces.has(id)) return state;
  const workspaces = new Map(state.workspaces);
  workspaces.delete(id);
  return { ...state, workspaces };
};

/** A read failed. The last data stays and is marked with its age. */
export const failed = (state: State, outage: Outage, lastReadAt: EpochMs | undefined): State => {
  if (state.kind === 'signedOut') return state;
  if (state.kind !== 'ready') return { kind: 'unreachable', ...outage };
  return { ...state, readAt: lastReadAt ?? state.readAt, stale: outage };
};

/** The server no longer accepts the token; `detail` is its word on why. */
export const expired = (state: State, detail?: string): SignedOut => ({
  kind: 'signedOut',
  reason: state.kind === 'ready' ? 'expired' : 'refused',
  ...(detail === undefined || detail === '' ? {} : { detail }),
});

const withWorkspace = (state: Ready, workspace: Workspace): Ready => ({
  ...state,
  workspaces: new Map(state.workspaces).set(workspace.id, workspace),
});

const isDeleted = (workspace: Workspace): boolean => workspace.latest_build.status === 'deleted';

const sameEntries = (one: Workspaces, other: Workspaces): boolean =>
  one.size === other.size && [...other].every(([id, workspace]) => one.get(id) === workspace);
