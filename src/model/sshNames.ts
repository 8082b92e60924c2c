import { ApiError } from '../api/errors.ts';
import * as general from '../api/general.ts';
import { between, type MonotonicMs } from '../api/units.ts';
import type { LearnerOptions } from './buildTimes.ts';
import { Variable, type Observable } from './observable.ts';
import type { SshNames } from './remoteAuthority.ts';

/** What a deployment does with its own settings untouched (contract 9.3). */
const DEFAULTS: SshNames = { prefix: 'coder.', suffix: 'coder' };
/** A deployment that could not be asked is not asked again sooner. */
const AGAIN_AFTER_MS = 60_000;

/** How one deployment calls its workspaces in SSH configurations: asked for once, and only if somebody wants to know. */
export class LearnedSshNames {
  readonly #options: LearnerOptions;
  readonly #known = new Variable<SshNames>(DEFAULTS);
  #askedAt: MonotonicMs | undefined;
  #isSettled = false;

  constructor(options: LearnerOptions) {
    this.#options = options;
  }

  get known(): Observable<SshNames> {
    return this.#known;
  }

  /** What is known now, at first the usual names; the first time it asks, and `known` tells of the answer. */
  read(): SshNames {
    const { timing, signal } = this.#options;
    const now = timing.monotonicMs();
    const isDue = this.#askedAt === undefined || between(this.#askedAt, now) >= AGAIN_AFTER_MS;
    if (!this.#isSettled && isDue && !signal.aborted) {
      this.#askedAt = now;
      this.#ask().catch((error: unknown) => this.#options.onError(error));
    }
    return this.#known.value;
  }

  async #ask(): Promise<void> {
    const { client, signal } = this.#options;
    try {
      const settings = await general.sshSettings(client.calls, signal);
      this.#isSettled = true;
      this.#known.set({ prefix: settings.hostname_prefix, suffix: settings.hostname_suffix });
    } catch (error) {
      // V0 has the usual names only. Whatever else it is, the list tells of it.
      if (error instanceof ApiError) this.#isSettled = error.kind === 'routeNotFound';
      else if (!signal.aborted) throw error;
    }
  }
}
