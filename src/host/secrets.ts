import type { SecretStorage } from 'vscode';

/**
 * VS Code's secret storage, which fails on systems without a keyring: `get` throws or forgets, `store` rejects. What
 * could not be stored is kept in memory, so that the session works until the window closes; `onUnavailable` is told once.
 */
export class Secrets {
  readonly #storage: Pick<SecretStorage, 'get' | 'store' | 'delete'>;
  readonly #onUnavailable: (error: unknown) => void;
  readonly #kept = new Map<string, string>();
  #told = false;

  constructor(storage: Pick<SecretStorage, 'get' | 'store' | 'delete'>, onUnavailable: (error: unknown) => void) {
    this.#storage = storage;
    this.#onUnavailable = onUnavailable;
  }

  async get(key: string): Promise<string | undefined> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    try {
      return await this.#storage.get(key);
    } catch (error) {
      this.#tell(error);
      return undefined;
    }
  }

  async store(key: string, secret: string): Promise<void> {
    try {
      await this.#storage.store(key, secret);
      // Some storages lose what they accepted (no keyring behind them): believe what can be read back.
      if ((await this.#storage.get(key)) === secret) {
        this.#kept.delete(key);
        return;
      }
      this.#keep(key, secret, new Error('The secret storage did not return what was stored.'));
    } catch (error) {
      this.#keep(key, secret, error);
    }
  }

  async delete(key: string): Promise<void> {
    this.#kept.delete(key);
    try {
      await this.#storage.delete(key);
    } catch (error) {
      this.#tell(error);
    }
  }

  #keep(key: string, secret: string, error: unknown): void {
    this.#kept.set(key, secret);
    this.#tell(error);
  }

  #tell(error: unknown): void {
    if (this.#told) return;
    this.#told = true;
    this.#onUnavailable(error);
  }
}
