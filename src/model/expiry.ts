import { ApiError } from '../api/errors.ts';

/**
 * Tells an ended session from a refusal that only looks like one: a 401 with Coder's own JSON counts if asking who one is
 * answers so, too (house, walk "401"). Any number of refusals at once ask once.
 */
export class Expiry {
  readonly #askWhoIAm: () => Promise<unknown>;
  #asking: Promise<boolean> | undefined;

  constructor(askWhoIAm: () => Promise<unknown>) {
    this.#askWhoIAm = askWhoIAm;
  }

  /** Whether `error` means that the token is no longer accepted. */
  async isConfirmedBy(error: unknown): Promise<boolean> {
    if (!isUnauthorized(error)) return false;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<boolean> {
    try {
      await this.#askWhoIAm();
      return false;
    } catch (error) {
      return isUnauthorized(error);
    }
  }
}

const isUnauthorized = (error: unknown): boolean => error instanceof ApiError && error.kind === 'unauthorized';
