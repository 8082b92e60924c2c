import type { CoderClient } from '../api/client.ts';
import type { WorkspaceId } from '../api/units.ts';
import type { Search } from './attention.ts';
import { lookUp, MOST_LOOKED_UP } from './listing.ts';
import { ownWorkspaces } from './listReader.ts';
import { countOwn, searchStarts } from './starts.ts';
import type { StateStore } from './stateStore.ts';

/** Finds workspaces that were started or created elsewhere, with short reads. */
export class StartsReader {
  readonly #client: Pick<CoderClient, 'calls'>;
  readonly #store: StateStore;
  /** How many running workspaces the server counts beyond those known: rows that couldn't be decoded. */
  #surplus = 0;

  constructor(client: Pick<CoderClient, 'calls'>, store: StateStore) {
    this.#client = client;
    this.#store = store;
  }

  /** Whether that was enough; else the whole list tells. `listed`: how many the last list counted. @throws ApiError */
  async read(search: Omit<Search, 'everyMs'>, listed: number, stop: AbortSignal): Promise<boolean> {
    const [client, store] = [this.#client, this.#store];
    if (search.onlyCount === true) return (await countOwn(client, stop)) === listed;
    const mark = store.mark();
    const starts = await searchStarts(client, { ...search, running: this.#running(), surplus: this.#surplus }, stop);
    store.found(starts.workspaces, mark);
    const isEnough = starts.missing.length <= MOST_LOOKED_UP;
    if (isEnough) {
      await Promise.all(starts.missing.map(async (id) => store.answer(id, await lookUp(client, id, stop), mark)));
    }
    if (starts.isComplete) this.#surplus = starts.count - this.#running().size;
    return isEnough;
  }

  #running(): ReadonlySet<WorkspaceId> {
    return new Set(
      ownWorkspaces(this.#store).flatMap(({ id, latest_build: build }) => (build.status === 'running' ? [id] : [])),
    );
  }
}
