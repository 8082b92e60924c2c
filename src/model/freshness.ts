import type { WorkspaceId } from '../api/units.ts';

/**
 * The order in which facts about workspaces came. An answer tells what was so when it was asked for; what came in the meantime by a stream or
 * another answer is newer.
 */
export class Freshness {
  #tick = 0;
  readonly #heardAt = new Map<WorkspaceId, number>();

  /** Marks the moment of a request. */
  mark(): number {
    return this.#tick;
  }

  /** A moment that is later than every mark so far. */
  next(): number {
    this.#tick += 1;
    return this.#tick;
  }

  heard(id: WorkspaceId): void {
    this.#heardAt.set(id, this.next());
  }

  isFresherThan(mark: number, id: WorkspaceId): boolean {
    return (this.#heardAt.get(id) ?? 0) > mark;
  }

  fresherThan(mark: number): Set<WorkspaceId> {
    return new Set([...this.#heardAt].filter(([, heardAt]) => heardAt > mark).map(([id]) => id));
  }
}
