import type { Calls } from '../api/calls.ts';
import type { ApiError } from '../api/errors.ts';
import type { User } from '../api/schemas/users.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, MonotonicMs, WorkspaceId } from '../api/units.ts';
import { between, minutes } from '../api/units.ts';
import * as users from '../api/users.ts';
import { unreadableList } from '../api/workspaces.ts';
import { FIND_MINE, needsAnswer, type Finding } from './finding.ts';
import { FindingReader, type Found } from './findingReader.ts';
import { ownOnly, standingIn } from './found.ts';
import { LookUps, readListing, type LookUp, type Rows } from './listing.ts';
import type { SearchedSet } from './searchedSet.ts';
import { OWN } from './searchQuery.ts';
import type { StateStore } from './stateStore.ts';
import type { Timing } from './timing.ts';

export interface ListReaderOptions {
  readonly calls: Calls;
  readonly store: StateStore;
  readonly timing: Timing;
  /** Whose token it is, if that is known already. */
  readonly user: User | undefined;
  /** What is to be shown to begin with. */
  readonly finding: Finding | undefined;
  /** Workspaces whose builds are followed. */
  readonly followed: () => Iterable<WorkspaceId>;
  readonly log: (line: string) => void;
}

/** After this, a list also reads the user, whose name and roles may have changed. */
const USER_HOLDS_MS = minutes(5);

/** Reads the whole list: one's own workspaces, what was found beside them, and those whose builds are followed. */
export class ListReader {
  readonly finder: FindingReader;
  readonly #options: ListReaderOptions;
  #user: User | undefined;
  #userReadAt: MonotonicMs;
  #readAt: EpochMs | undefined;

  constructor(options: ListReaderOptions) {
    this.#options = options;
    this.#user = options.user;
    this.#userReadAt = options.timing.monotonicMs();
    this.finder = new FindingReader(options.calls, options.finding ?? FIND_MINE, options.log);
  }

  get user(): User | undefined {
    return this.#user;
  }

  /** When it was last read, by the local clock. */
  get readAt(): EpochMs | undefined {
    return this.#readAt;
  }

  /** What to search for changes: the user's own, and, if `isSeen`, what is shown beside them. */
  searchedSets(isSeen: boolean): readonly SearchedSet[] {
    const { store } = this.#options;
    const { isOwn } = standingIn(store.state.value);
    const own: SearchedSet = { q: OWN, takesStatus: true, holds: isOwn, onFound: () => undefined };
    const shown = isSeen ? this.finder.searched((ids) => store.match(ids)) : undefined;
    if (shown === undefined) return [own];
    return shown.q === '' ? [shown] : [own, shown];
  }

  /**
   * Resolves to the reason why some of what belongs to the list isn't up to date; `undefined`: all is.
   * @throws ApiError where the list itself can't be read
   */
  async read(stop: AbortSignal): Promise<ApiError | undefined> {
    const { calls, store, timing } = this.#options;
    const mark = store.mark();
    const known = new Set(ownWorkspaces(store).map((workspace) => workspace.id));
    const lookUps = new LookUps(calls, store, stop);
    const user = this.#readUser(lookUps, stop);
    const onFirstPage = (rows: Rows, count: number): void =>
      this.#showFirst(rows, count > rows.workspaces.length + rows.skippedRows, user, mark, stop);
    const [own, me] = await Promise.all([
      readListing({ calls, q: OWN, signal: stop, known, read: lookUps.read, onFirstPage }),
      user,
    ]);
    const found = await this.finder.read(own, me, stop, lookUps.read);
    if (isUnreadable(found)) throw unreadableList(calls);
    found.workspaces.push(...(await this.#readFollowed(found, lookUps.read)));
    await lookUps.attempt(
      () => this.#learnOrganizations(found, stop),
      () => undefined,
    );
    this.#readAt = timing.now();
    store.list(found, me, this.#readAt, mark, lookUps.problem === undefined);
    return lookUps.problem;
  }

  async #readUser(lookUps: LookUps, stop: AbortSignal): Promise<User> {
    const { calls, timing } = this.#options;
    const known = this.#user;
    const now = timing.monotonicMs();
    if (known !== undefined && between(this.#userReadAt, now) < USER_HOLDS_MS) return known;
    const read = async (): Promise<User> => {
      const user = await users.me(calls, stop);
      this.#userReadAt = now;
      return user;
    };
    this.#user = known === undefined ? await read() : await lookUps.attempt(read, () => known);
    return this.#user;
  }

  /** Reads followed workspaces that are in no list, since their builds continue. */
  async #readFollowed({ workspaces }: Rows, read: LookUp): Promise<Workspace[]> {
    const { store, followed } = this.#options;
    const listed = new Set(workspaces.map(({ id }) => id));
    const left = [...followed()].filter((id) => !listed.has(id) && store.get(id) !== undefined);
    const looked = await Promise.all(left.map(read));
    return looked.filter((workspace) => workspace !== undefined);
  }

  /** Only if they are to be told: few deployments of V0 have more than one. */
  async #learnOrganizations({ finding, workspaces }: Found, stop: AbortSignal): Promise<void> {
    if (finding.filter.organization === undefined && finding.group !== 'organization') return;
    const { calls, store } = this.#options;
    await store.organizations.learn(calls, workspaces, stop);
  }

  /** On the first load, the first page is shown before the others arrive. */
  #showFirst(rows: Rows, isPartial: boolean, user: Promise<User>, mark: number, stop: AbortSignal): void {
    const { store, timing } = this.#options;
    if (isUnreadable(rows)) return;
    user.then(
      (known) => {
        const finding = this.finder.wanted;
        // The matches of a server-side query aren't known yet.
        if (needsAnswer(finding) || stop.aborted || store.isReady) return;
        store.list({ ...rows, finding, matched: undefined, isPartial }, known, timing.now(), mark);
      },
      // The same failure ends the whole read, which reports it.
      () => undefined,
    );
  }
}

/** Rows came, and none could be read: that says nothing about which workspaces there are. */
const isUnreadable = ({ workspaces, skippedRows }: Rows): boolean => workspaces.length === 0 && skippedRows > 0;

const ownWorkspaces = ({ state }: StateStore): readonly Workspace[] => {
  const own = ownOnly(state.value);
  return own.kind === 'ready' ? [...own.workspaces.values()] : [];
};
