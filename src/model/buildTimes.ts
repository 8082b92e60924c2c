import type { CoderClient } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import type { Template } from '../api/schemas/templates.ts';
import * as templates from '../api/templates.ts';
import type { Milliseconds, TemplateId } from '../api/units.ts';
import { Variable, type Observable } from './observable.ts';

/** How long a template's builds usually take: the median, where the deployment knows it (contract 4.1). */
export interface UsualTimes {
  readonly start?: Milliseconds | undefined;
  readonly stop?: Milliseconds | undefined;
  readonly delete?: Milliseconds | undefined;
}

export const usualTimes = ({ build_time_stats: stats }: Template): UsualTimes => ({
  start: stats?.start?.P50,
  stop: stats?.stop?.P50,
  delete: stats?.delete?.P50,
});

/** The usual times of the templates whose builds are to be seen: each template is asked for once. */
export class BuildTimes {
  readonly #client: Pick<CoderClient, 'calls'>;
  readonly #signal: AbortSignal;
  readonly #known = new Variable<ReadonlyMap<TemplateId, UsualTimes>>(new Map());
  readonly #asked = new Set<TemplateId>();

  constructor(client: Pick<CoderClient, 'calls'>, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  get known(): Observable<ReadonlyMap<TemplateId, UsualTimes>> {
    return this.#known;
  }

  learn(id: TemplateId): void {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    void this.#ask(id);
  }

  async #ask(id: TemplateId): Promise<void> {
    try {
      const template = await templates.get(this.#client.calls, id, this.#signal);
      this.#known.set(new Map(this.#known.value).set(id, usualTimes(template)));
    } catch (error) {
      // "About 20 s left" is a nicety: without it the row says how long it has been.
      if (!(error instanceof ApiError) && !this.#signal.aborted) throw error;
    }
  }
}
