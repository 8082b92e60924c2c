import type { SecretStorage } from 'vscode';

export type Reading =
  | { readonly kind: 'found'; readonly secret: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly error: unknown };

/** A secret that couldn't be stored. */
interface Held {
  readonly secret: string;
  /** The stored value at that time: if it changes, another window has stored a newer one. */
  readonly storedBefore: Reading;
  /** The storage accepted the secret and could then not be read. */
  readonly mayBeStored: boolean;
}

/**
 * VS Code's secret storage, which fails on systems without a keyring: `get` throws or forgets, `store` and `delete`
 * reject or do nothing. What could not be stored is held in memory, so that the session works until the window closes;
 * `onNotStored` is told once. Calls are to be made one after the other.
 */
export class Secrets {
  readonly #storage: Pick<SecretStorage, 'get' | 'store' | 'delete'>;
  readonly #onNotStored: (error: unknown) => void;
  readonly #held = new Map<string, Held>();
  #told = false;

  constructor(storage: Pick<SecretStorage, 'get' | 'store' | 'delete'>, onNotStored: (error: unknown) => void) {
    this.#storage = storage;
    this.#onNotStored = onNotStored;
  }

  async read(key: string): Promise<Reading> {
    const stored = await this.#readStored(key);
    const held = this.#held.get(key);
    if (held === undefined) return stored;
    const isNewer =
      stored.kind === 'found' && held.storedBefore.kind !== 'unreadable' && !isSame(stored, held.storedBefore);
    if (!isNewer) return { kind: 'found', secret: held.secret };
    this.#held.delete(key);
    return stored;
  }

  /** Never rejects. */
  async keep(key: string, secret: string): Promise<void> {
    try {
      await this.#storage.store(key, secret);
    } catch (error) {
      this.#hold(key, { secret, storedBefore: await this.#readStored(key), mayBeStored: false }, error);
      return;
    }
    // Some storages without a keyring lose accepted values, so the value is read back.
    const stored = await this.#readStored(key);
    if (stored.kind === 'found' && stored.secret === secret) {
      this.#held.delete(key);
      return;
    }
    const mayBeStored = stored.kind === 'unreadable';
    const error = mayBeStored ? stored.error : new Error('The secret storage did not return what was stored.');
    this.#hold(key, { secret, storedBefore: stored, mayBeStored }, error);
  }

  /** Replaces the secret by `text`. Rejects if that fails. */
  async replace(key: string, text: string): Promise<void> {
    const held = this.#held.get(key);
    this.#held.delete(key);
    if (held === undefined || held.mayBeStored) await this.#storage.store(key, text);
  }

  /** Rejects if the secret may still be stored. */
  async delete(key: string): Promise<void> {
    const held = this.#held.get(key);
    this.#held.delete(key);
    const before = await this.#readStored(key);
    let failure: Error | undefined;
    try {
      await this.#storage.delete(key);
    } catch (error) {
      failure = new Error('The secret storage could not delete a secret.', { cause: error });
    }
    const left = await this.#readStored(key);
    if (left.kind === 'found' && (before.kind === 'unreadable' || isSame(before, left))) {
      throw failure ?? new Error('The secret storage still holds what was deleted.');
    }
    const wasNeverStored = held !== undefined && !held.mayBeStored;
    if (left.kind === 'unreadable' && failure !== undefined && !wasNeverStored) throw failure;
  }

  async #readStored(key: string): Promise<Reading> {
    try {
      const secret = await this.#storage.get(key);
      return secret === undefined ? { kind: 'absent' } : { kind: 'found', secret };
    } catch (error) {
      return { kind: 'unreadable', error };
    }
  }

  #hold(key: string, held: Held, error: unknown): void {
    this.#held.set(key, held);
    if (this.#told) return;
    this.#told = true;
    this.#onNotStored(error);
  }
}

const isSame = (one: Reading, other: Reading): boolean =>
  one.kind === 'found' && other.kind === 'found' && one.secret === other.secret;
