import type { Calls } from '../api/calls.ts';
import { isOfKind } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import * as workspacesApi from '../api/workspaces.ts';
import type { Search } from './attention.ts';
import { LookUps, MOST_LOOKED_UP, readListing } from './listing.ts';
import { groupsOf, held, inAnyStatus, inStatus, type Group, type SearchedSet } from './searchedSet.ts';
import { ignoresUnknownKeys } from './searchQuery.ts';
import type { StateStore } from './stateStore.ts';
import { isActive } from './status.ts';

/** A group whose number isn't the one that is known. */
interface Differing {
  readonly group: Group;
  readonly count: number;
}

/** Rows in transition of one status that are read. */
const MOST_IN_TRANSITION = 100;
/** Rows of a group that are read to find a change, 1.7 MB; a larger one is left to the next list. */
export const MOST_READ = 500;

/**
 * Finds what was started, stopped, created, or deleted elsewhere, by reads of numbers: a page beyond the last one has a
 * number and no rows. Only where a number isn't the expected one, rows are read, those in transition first.
 */
export class ChangesReader {
  readonly #calls: Calls;
  readonly #store: StateStore;
  readonly #log: (line: string) => void;
  /** By query: how many more the server counts than are known, for example rows that couldn't be decoded. */
  readonly #surplus = new Map<string, number>();
  /** The same, until a list shows whether that explains it. */
  readonly #unexplained = new Map<string, { readonly surplus: number; isListed: boolean }>();
  readonly #refused = new Set<string>();
  /** V0 counts nothing there (contract 2.4). */
  #countsBeyondEnd = true;
  /** Of the deployment that this is known of. */
  #version: string | undefined;

  constructor(calls: Calls, store: StateStore, log: (line: string) => void) {
    this.#calls = calls;
    this.#store = store;
    this.#log = log;
  }

  /** Which of `sets` the server doesn't search in this way: then only the list tells. */
  refusalOf(sets: readonly SearchedSet[]): 'none' | 'some' | 'all' {
    const { length } = sets.filter(({ q }) => this.#refused.has(q));
    return length === 0 ? 'none' : length < sets.length ? 'some' : 'all';
  }

  /** The whole list was read. */
  listed(): void {
    const { buildVersion } = this.#calls.features;
    if (this.#version !== buildVersion) this.forgetRefusals();
    this.#version = buildVersion;
    for (const each of this.#unexplained.values()) each.isListed = true;
  }

  /** Refused searches are tried again. */
  forgetRefusals(): void {
    this.#refused.clear();
    this.#countsBeyondEnd = true;
  }

  /** Whether that was enough; else the whole list tells. @throws ApiError */
  async read(search: Omit<Search, 'everyMs'>, sets: readonly SearchedSet[], stop: AbortSignal): Promise<boolean> {
    let isEnough = true;
    const lookUps = new LookUps(this.#calls, this.#store, stop);
    for (const set of sets) {
      if (this.#refused.has(set.q)) continue;
      try {
        isEnough = (await this.#readSet(search, set, lookUps, stop)) && isEnough;
      } catch (error) {
        if (!isOfKind(error, 'invalid', 'notNow')) throw error;
        this.#refused.add(set.q);
        this.#log(`search: ${error.message}`);
        isEnough = false;
      }
    }
    if (lookUps.problem !== undefined) throw lookUps.problem;
    return isEnough;
  }

  async #readSet(
    { runningRows, isWatched }: Omit<Search, 'everyMs'>,
    set: SearchedSet,
    lookUps: LookUps,
    stop: AbortSignal,
  ) {
    const groups =
      runningRows === undefined
        ? groupsOf(set, this.#store.workspaces, ({ id }) => isWatched(id))
        : [inStatus(set, 'running')];
    const first = await this.#differing(set, groups, stop, runningRows);
    if (first.length === 0) return true;
    await this.#readTransitions(set, lookUps, stop);
    const groupsLeft = first.map(({ group }) => group);
    const left = await this.#differing(set, groupsLeft, stop);
    left.sort((one, other) => one.count - other.count);
    let isEnough = true;
    for (const { group, count } of left) {
      if (count === this.#expected(set, group)) continue;
      if (count > MOST_READ || !(await this.#readAll(set, group, lookUps, stop))) {
        this.#unexplained.set(group.q, { surplus: count - this.#known(set, group), isListed: false });
        isEnough = false;
      }
    }
    return isEnough;
  }

  #known(set: SearchedSet, { status }: Group): number {
    return held(set, this.#store.workspaces, status).length;
  }

  #expected(set: SearchedSet, group: Group): number {
    return this.#known(set, group) + (this.#surplus.get(group.q) ?? 0);
  }

  /** Those of `groups` whose number differs from what is known then. */
  async #differing(set: SearchedSet, groups: readonly Group[], stop: AbortSignal, rows = 0): Promise<Differing[]> {
    const counting = groups.map(async (group) => ({
      group,
      count: rows === 0 ? await this.#count(set, group, stop) : await this.#countByRows(group, rows, stop),
    }));
    await Promise.allSettled(counting);
    const counted = await Promise.all(counting);
    return counted.filter(({ group, count }) => {
      if (count === this.#expected(set, group)) {
        this.#unexplained.delete(group.q);
        return false;
      }
      const surplus = count - this.#known(set, group);
      const unexplained = this.#unexplained.get(group.q);
      if (unexplained?.surplus !== surplus) return true;
      if (!unexplained.isListed) return false;
      this.#surplus.set(group.q, surplus);
      this.#unexplained.delete(group.q);
      return false;
    });
  }

  async #count(set: SearchedSet, group: Group, stop: AbortSignal): Promise<number> {
    const expected = this.#expected(set, group);
    const countFrom = async (offset: number): Promise<number> =>
      (await workspacesApi.list(this.#calls, { q: group.q, limit: 1, offset }, stop)).count;
    const offset = Math.max(0, this.#countsBeyondEnd || group.onlyGrows ? expected : expected - 1);
    const count = await countFrom(offset);
    if (count > 0 || offset === 0) return count;
    if (group.onlyGrows) return expected;
    const whole = await countFrom(0);
    if (whole > 0 && offset === expected) this.#countsBeyondEnd = false;
    return whole;
  }

  async #countByRows({ q }: Group, limit: number, stop: AbortSignal): Promise<number> {
    const mark = this.#store.mark();
    const { workspaces, count } = await workspacesApi.list(this.#calls, { q, limit, offset: 0 }, stop);
    this.#store.found(workspaces, mark);
    return count;
  }

  /** Reads what is in transition, and what was. */
  async #readTransitions(set: SearchedSet, lookUps: LookUps, stop: AbortSignal): Promise<void> {
    const q = inAnyStatus(set);
    if (q === undefined) return;
    const mark = this.#store.mark();
    // V0 confuses the two (contract 2.4).
    const deleting = ignoresUnknownKeys(this.#calls.features) === true ? 'deleted' : 'deleting';
    const pages = await Promise.all(
      ['pending', 'starting', 'stopping', 'canceling', deleting].map((status) => {
        const query = { q: inStatus({ q }, status).q, limit: MOST_IN_TRANSITION, offset: 0 };
        return workspacesApi.list(this.#calls, query, stop);
      }),
    );
    const rows = pages.flatMap(({ workspaces }) => workspaces);
    this.#store.found(rows, mark);
    set.onFound(rows, false);
    const known = this.#store.workspaces.filter((each) => set.holds(each) && isActive(each));
    await this.#lookUpMissing(known, rows, mark, lookUps);
  }

  /** Whether all of the group is known then. */
  async #readAll(set: SearchedSet, group: Group, lookUps: LookUps, stop: AbortSignal): Promise<boolean> {
    const mark = this.#store.mark();
    const known = held(set, this.#store.workspaces, group.status);
    let count = 0;
    const onFirstPage = (_: unknown, counted: number): void => {
      count = counted;
    };
    const { workspaces } = await readListing({ calls: this.#calls, q: group.q, signal: stop, onFirstPage });
    this.#store.found(workspaces, mark);
    set.onFound(workspaces, group.q === set.q && set.status === undefined);
    if (!(await this.#lookUpMissing(known, workspaces, mark, lookUps))) return false;
    this.#surplus.set(group.q, count - this.#known(set, group));
    return true;
  }

  /** Reads those of `known` that aren't among `rows`, unless they are too many. Whether all could be read. */
  async #lookUpMissing(known: readonly Workspace[], rows: readonly Workspace[], mark: number, lookUps: LookUps) {
    const ids = new Set(rows.map(({ id }) => id));
    const missing = known.filter(({ id }) => !ids.has(id));
    if (missing.length > MOST_LOOKED_UP) return false;
    const answered = await Promise.all(missing.map(async ({ id }) => ({ id, workspace: await lookUps.read(id) })));
    // Where a read failed, the known workspace stands in for its answer, and nothing is to be stored.
    for (const { id, workspace } of answered)
      if (workspace === undefined || workspace !== this.#store.get(id)) this.#store.answer(id, workspace, mark);
    return lookUps.problem === undefined;
  }
}
