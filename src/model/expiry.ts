import { ApiError } from '../api/errors.ts';

/**
 * Tells an ended session from a refusal that only looks like one: a 401 with Coder's own JSON counts if asking who one is
 * answers so, too (house, walk "401"). Any number of refusals at once ask once.
 */
export class Expiry {
  readonly #askWhoIAm: () => Promise<unknown>;
  #asking: Promise<ApiError | undefined> | undefined;

  constructor(askWhoIAm: () => Promise<unknown>) {
    this.#askWhoIAm = askWhoIAm;
  }

  /** The 401 that confirms that the token is no longer accepted; `undefined`: `error` does not mean that. Never rejects. */
  async confirm(error: unknown): Promise<ApiError | undefined> {
    if (asUnauthorized(error) === undefined) return undefined;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<ApiError | undefined> {
    try {
      await this.#askWhoIAm();
      return undefined;
    } catch (error) {
      return asUnauthorized(error);
    }
  }
}

const asUnauthorized = (error: unknown): ApiError | undefined =>
  error instanceof ApiError && error.kind === 'unauthorized' ? error : undefined;
