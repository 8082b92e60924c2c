import type { Calls } from '../api/calls.ts';
import { ApiError, isOfKind } from '../api/errors.ts';
import type { User } from '../api/schemas/users.ts';
import type { WorkspaceId } from '../api/units.ts';
import { needsAnswer, type Finding } from './finding.ts';
import { readListing, withoutDoubles, type LookUp, type Rows } from './listing.ts';
import { same } from './newer.ts';
import type { SearchedSet } from './searchedSet.ts';
import { hasStatus, ignoresUnknownKeys, searches } from './searchQuery.ts';

/** The user's own workspaces and those found by the search. */
export interface Found extends Rows {
  readonly finding: Finding;
  /** Those that the server found, where only it can tell. */
  readonly matched: ReadonlySet<WorkspaceId> | undefined;
  /** Why the requested filter isn't applied. */
  readonly refused?: string | undefined;
  /** The rest is being read. */
  readonly isPartial?: boolean;
}

/** Searches for the workspaces shown beside the user's own. If the search is rejected, the previous filter stays. */
export class FindingReader {
  readonly #calls: Calls;
  readonly #log: (line: string) => void;
  #wanted: Finding;
  #shown: Finding | undefined;
  /** Searches that this server does not take; what each asks for is told by the rows that a wider one brings. */
  readonly #refused = new Set<string>();
  #refusal: ApiError | undefined;
  /** A command waits for the result and reports a rejection; otherwise the tree's message does. */
  #isAwaited = false;
  /** What the last search found, and narrow reads since. */
  #last: { readonly q: string; ids: ReadonlySet<WorkspaceId> } | undefined;

  constructor(calls: Calls, wanted: Finding, log: (line: string) => void) {
    this.#calls = calls;
    this.#wanted = wanted;
    this.#log = log;
  }

  get wanted(): Finding {
    return this.#wanted;
  }

  /** Whether what is known is enough to show `finding`; else it is read with the next list. */
  want(finding: Finding, user: User | undefined): boolean {
    const [before, shown] = [this.#wanted, this.#shown];
    this.#wanted = finding;
    this.#forgetRefusals();
    const isKnown =
      before === shown &&
      finding.scope === shown.scope &&
      user !== undefined &&
      same(this.#searches(finding, user), this.#searches(shown, user));
    if (isKnown) this.#shown = finding;
    this.#isAwaited = !isKnown;
    return isKnown;
  }

  /** What was found beside the user's own. `onMatch`: told all ids that the search finds then. */
  searched(onMatch: (ids: ReadonlySet<WorkspaceId>) => void): SearchedSet | undefined {
    const [last, finding] = [this.#last, this.#shown];
    if (last === undefined || finding === undefined) return undefined;
    const { scope, filter } = finding;
    const isOwn = scope === 'mine';
    return {
      q: last.q,
      // The user's own are searched for by status anyway.
      takesStatus: !isOwn && !hasStatus(last.q),
      status: filter.query === undefined && hasStatus(last.q) ? filter.status : undefined,
      holds: last.q === '' ? () => true : ({ id }) => last.ids.has(id),
      onFound: (workspaces, isAll) => {
        last.ids = new Set([...(isAll ? NONE : last.ids), ...workspaces.map(({ id }) => id)]);
        onMatch(last.ids);
      },
    };
  }

  /** Takes the reason why the last requested filter isn't applied. */
  takeRefusal(): ApiError | undefined {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    this.#isAwaited = false;
    return refusal;
  }

  /** `own`: all of one's own. @throws ApiError for anything but a refusal of the search itself */
  async read(own: Rows, user: User, signal: AbortSignal, read?: LookUp): Promise<Found> {
    for (;;) {
      const finding = this.#wanted;
      const queries = this.#searches(finding, user);
      if (queries.length === 0) this.#last = undefined;
      const rows = queries.length === 0 ? NO_ROWS : await this.#readFirst(queries, signal, read);
      // Another filter was requested meanwhile: read that one.
      if (this.#wanted !== finding) {
        // A refusal of this one says nothing about that one.
        this.#forgetRefusals();
        continue;
      }
      if (rows === undefined) {
        this.#wanted = this.#shown === undefined || this.#shown === finding ? narrowedLess(finding) : this.#shown;
        continue;
      }
      this.#shown = finding;
      const ignoresScope = finding.scope === 'shared' && this.#isLenient === true;
      const others = ignoresScope ? NO_ROWS : rows;
      if (ignoresScope) this.#last = undefined;
      return {
        workspaces: withoutDoubles([...own.workspaces, ...others.workspaces]),
        skippedRows:
          finding.scope === 'shared'
            ? own.skippedRows + others.skippedRows
            : Math.max(own.skippedRows, others.skippedRows),
        finding,
        refused: this.#isAwaited ? undefined : this.#refusal?.message,
        matched: needsAnswer(finding) ? new Set(others.workspaces.map(({ id }) => id)) : undefined,
      };
    }
  }

  /** By the first search that the server takes; `undefined`: by none. */
  async #readFirst(queries: readonly string[], signal: AbortSignal, read?: LookUp): Promise<Rows | undefined> {
    let refusal: ApiError | undefined;
    for (const q of queries) {
      if (this.#refused.has(q)) continue;
      const known = this.#last?.q === q ? this.#last.ids : NONE;
      try {
        const rows = await readListing({ calls: this.#calls, q, signal, known, read });
        this.#last = { q, ids: new Set(rows.workspaces.map(({ id }) => id)) };
        return rows;
      } catch (error) {
        if (!isOfKind(error, 'invalid', 'notNow') && !this.#isAboutNew(error)) throw error;
        this.#refused.add(q);
        this.#log(`search: ${error.message}`);
        refusal ??= error;
      }
    }
    this.#refusal = refusal;
    return undefined;
  }

  /** Whether the server answers a search that was just requested with `error`: the user's own were read right before it. */
  #isAboutNew(error: unknown): error is ApiError {
    return (
      this.#isAwaited &&
      this.#wanted !== this.#shown &&
      error instanceof ApiError &&
      error.status !== undefined &&
      !isOfKind(error, 'unauthorized', 'rateLimited')
    );
  }

  #forgetRefusals(): void {
    this.#refusal = undefined;
    this.#refused.clear();
  }

  #searches(finding: Finding, user: User): readonly string[] {
    return searches(finding, user.username, this.#isLenient);
  }

  get #isLenient(): boolean | undefined {
    return ignoresUnknownKeys(this.#calls.features);
  }
}

const NONE: ReadonlySet<WorkspaceId> = new Set();
const NO_ROWS: Rows = { workspaces: [], skippedRows: 0 };

/** The scope and order of a finding whose filter the server no longer accepts. */
const narrowedLess = (finding: Finding): Finding => {
  const { query, ...filter } = finding.filter;
  return query === undefined ? { ...finding, scope: 'mine' } : { ...finding, filter };
};
