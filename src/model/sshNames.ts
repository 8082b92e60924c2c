import type { Calls } from '../api/calls.ts';
import { isOfKind } from '../api/errors.ts';
import * as general from '../api/general.ts';
import { Variable, type Observable } from './observable.ts';
import type { SshNames } from './remoteAuthority.ts';
import { RetriedReads, type RetriedReadsOptions } from './retriedReads.ts';

/** What a deployment does with its own settings untouched (contract 9.3). */
const DEFAULTS: SshNames = { prefix: 'coder.', suffix: 'coder' };

/** How one deployment calls its workspaces in SSH configurations: asked for once, and only if somebody wants to know. */
export class LearnedSshNames {
  readonly #calls: Calls;
  readonly #signal: AbortSignal;
  readonly #reads: RetriedReads;
  readonly #known = new Variable<SshNames>(DEFAULTS);

  constructor(calls: Calls, options: RetriedReadsOptions) {
    this.#calls = calls;
    this.#signal = options.signal;
    this.#reads = new RetriedReads(options);
  }

  get known(): Observable<SshNames> {
    return this.#known;
  }

  /** What is known now, at first the usual names; the first time it asks, and `known` tells of the answer. */
  read(): SshNames {
    this.#reads.ask('', () => this.#ask());
    return this.#known.value;
  }

  async #ask(): Promise<void> {
    try {
      const settings = await general.sshSettings(this.#calls, this.#signal);
      this.#known.set({ prefix: settings.hostname_prefix, suffix: settings.hostname_suffix });
    } catch (error) {
      // V0 has the usual names only.
      if (!isOfKind(error, 'routeNotFound')) throw error;
    }
  }
}
