import { isOfKind, type ApiError } from '../api/errors.ts';

/**
 * Decides whether a 401 means that the session has ended: it must be Coder's own JSON, and a read of `/users/me` must return
 * 401, too. Simultaneous 401s share one check. `askVersion`: after it, Coder's own JSON is told from a gateway's.
 */
export class Expiry {
  readonly #askVersion: () => Promise<unknown>;
  readonly #askWhoIAm: () => Promise<unknown>;
  #asking: Promise<ApiError | undefined> | undefined;

  constructor(askVersion: () => Promise<unknown>, askWhoIAm: () => Promise<unknown>) {
    this.#askVersion = askVersion;
    this.#askWhoIAm = askWhoIAm;
  }

  /** Resolves to the confirming 401 if the token is no longer valid, otherwise to `undefined`. Never rejects. */
  async confirm(error: unknown): Promise<ApiError | undefined> {
    if (!isOfKind(error, 'unauthorized')) return undefined;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<ApiError | undefined> {
    try {
      await this.#askVersion();
    } catch {
      // Coder tells it to everybody.
      return undefined;
    }
    try {
      await this.#askWhoIAm();
      return undefined;
    } catch (error) {
      return isOfKind(error, 'unauthorized') ? error : undefined;
    }
  }
}
