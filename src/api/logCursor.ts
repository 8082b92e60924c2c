/** What of a log has been read. Ids ascend inside a log, with gaps, and are its cursor (contract 3.3). */
export class LogCursor {
  lastId: number;
  readonly #seen = new Set<number>();

  constructor(after: number) {
    this.lastId = after;
  }

  /** Those of `entries` that are new, ascending. */
  add<T extends { readonly id: number }>(entries: readonly T[]): T[] {
    const fresh: T[] = [];
    for (const entry of entries) {
      if (this.#seen.has(entry.id)) continue;
      this.#seen.add(entry.id);
      fresh.push(entry);
      if (entry.id > this.lastId) this.lastId = entry.id;
    }
    return fresh.sort((a, b) => a.id - b.id);
  }
}
