import type {
  DeploymentStore,
  ExpiredNote,
  KnownDeployment,
  Stored,
  StoredSignIn,
} from '../../src/model/deploymentStore.ts';

/** What two windows share: secrets, whose changes both hear of. What a window remembers is its own until it reloads. */
export class SharedSecrets {
  readonly signIns = new Map<string, StoredSignIn>();
  readonly expired = new Map<string, ExpiredNote>();
  readonly #listeners = new Set<(key: string) => void>();

  window(known: readonly KnownDeployment[] = []): DeploymentStore {
    let remembered = known;
    return {
      known: () => remembered,
      remember: (next) => {
        remembered = next;
        return Promise.resolve();
      },
      read: (key) => Promise.resolve(this.#read(key)),
      keep: (signIn) => {
        this.signIns.set(signIn.key, signIn);
        this.expired.delete(signIn.key);
        return this.tell(signIn.key);
      },
      expire: (key, note) => {
        this.signIns.delete(key);
        this.expired.set(key, note);
        return this.tell(key);
      },
      forget: (key) => {
        this.signIns.delete(key);
        this.expired.delete(key);
        return this.tell(key);
      },
      onDidChange: (listener) => {
        this.#listeners.add(listener);
        return { dispose: () => this.#listeners.delete(listener) };
      },
    };
  }

  #read(key: string): Stored {
    const signIn = this.signIns.get(key);
    const note = this.expired.get(key);
    if (signIn !== undefined) return { kind: 'signedIn', signIn };
    return note === undefined ? { kind: 'absent' } : { kind: 'expired', note };
  }

  /** Tells every window that something has changed. */
  tell(key: string): Promise<void> {
    for (const listener of this.#listeners) listener(key);
    return Promise.resolve();
  }
}
