import { messageOf } from '../api/errors.ts';
import type { DeploymentStore, ExpiredNote, KnownDeployment, Stored, StoredSignIn } from './deploymentStore.ts';
import { TaskQueue } from './taskQueue.ts';

/**
 * The store as the deployments use it: in tasks, one after the other, so that a later change never overtakes an earlier
 * one. All methods but `run` are for use within a task.
 */
export class SignInStore extends TaskQueue {
  readonly #store: DeploymentStore;
  readonly #log: (line: string) => void;

  constructor(store: DeploymentStore, log: (line: string) => void) {
    super();
    this.#store = store;
    this.#log = log;
  }

  known(): readonly KnownDeployment[] {
    return this.#store.known();
  }

  async read(key: string): Promise<Stored> {
    const stored = await this.#store.read(key);
    if (stored.kind === 'unreadable') this.#log(`the stored sign-in can't be read: ${String(stored.error)}`);
    if (stored.kind === 'notUnderstood') this.#log('the stored sign-in was written by another version');
    return stored;
  }

  keep(signIn: StoredSignIn): Promise<void> {
    return this.#store.keep(signIn);
  }

  expire(key: string, note: ExpiredNote): Promise<void> {
    return this.#store.expire(key, note);
  }

  /** Puts the address first among the known ones. A failure is only logged. */
  async remember({ key, url, username }: KnownDeployment): Promise<void> {
    try {
      await this.#store.remember([{ key, url, username }, ...this.known().filter((each) => each.key !== key)]);
    } catch (error) {
      this.#log(`the address can't be stored: ${messageOf(error)}`);
    }
  }

  /** Resolves to whether the token was deleted; if not, it may still be stored. */
  async forget(key: string): Promise<boolean> {
    try {
      await this.#store.forget(key);
      return true;
    } catch (error) {
      this.#log(`the stored sign-in can't be deleted: ${messageOf(error)}`);
      return false;
    }
  }
}
