import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { WorkspaceId } from '../../src/api/units.ts';

/** Every workspace of the suite begins with this. */
export const PREFIX = 'conformance-';

/** What a run has made, or may have made: a name is written down before the request is sent. */
export class Ledger {
  readonly #run: string;
  readonly #expected = new Set<string>();
  readonly #made = new Map<WorkspaceId, string>();

  constructor(run: string) {
    this.#run = run;
  }

  /** Two runs at once do not take each other's names. */
  nameFor(purpose: string): string {
    return `${PREFIX}${this.#run}-${purpose}`;
  }

  /** What all names of this run have in common. */
  get common(): string {
    return `${PREFIX}${this.#run}-`;
  }

  expect(name: string): void {
    this.#expected.add(name);
  }

  add(workspace: Workspace): void {
    this.#made.set(workspace.id, workspace.name);
    this.#expected.delete(workspace.name);
  }

  /** It was refused: there is nothing to look for. */
  forget(name: string): void {
    this.#expected.delete(name);
  }

  /** Ids and the names they were made with. */
  get made(): ReadonlyMap<WorkspaceId, string> {
    return this.#made;
  }

  /** Names whose request was never answered. */
  get unanswered(): readonly string[] {
    return [...this.#expected];
  }
}
