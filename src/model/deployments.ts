import type { DeploymentUrl } from '../api/address.ts';
import { inBackground, messageOf } from '../api/errors.ts';
import type { User } from '../api/schemas/users.ts';
import { fingerprintOf } from '../api/secret.ts';
import type { DeploymentStore, ExpiredNote, Stored, StoredSignIn } from './deploymentStore.ts';
import { readAddress, readEnvironment, type EnvironmentSignIn } from './environmentSignIn.ts';
import type { Disposable, Observable } from './observable.ts';
import {
  OpenDeployment,
  type Current,
  type Deployment,
  type Open,
  type OpenDeploymentOptions,
} from './openDeployment.ts';
import { SignInStore } from './signInStore.ts';
import { expired, SIGNED_OUT, type SignedOut, type State } from './state.ts';

export type { Current, Deployment };

/**
 * Why nobody is signed in, without anybody in this window wanting it. `refused` and `expired`: the server does not accept
 * the token; `elsewhere`: another window signed out; `unreadable`: what is stored cannot be read.
 */
export type Ending = 'refused' | 'expired' | 'elsewhere' | 'unreadable';

/** `detail`: the server's own word on why it ended the session. */
export type EndedListener = (deployment: Deployment, ending: Ending, detail?: string) => void;

export interface DeploymentsOptions extends OpenDeploymentOptions {
  readonly store: DeploymentStore;
}

/** Whom one is signed in to, across windows and restarts. For now one deployment is shown at a time. */
export class Deployments {
  readonly #log: (line: string) => void;
  readonly #logError = (error: unknown): void => this.#log(`the stored sign-in: ${messageOf(error)}`);
  readonly #open: OpenDeployment;
  readonly #endedListeners = new Set<EndedListener>();
  readonly #store: SignInStore;
  /** Counts what somebody decided in this window: a read that was begun before it does not overrule it. */
  #decisions = 0;
  /** The token that was not accepted, until the store is known not to bring it up again. */
  #endedToken: string | undefined;
  /** The deployment, other than the current one, that another window last signed in to or out of. */
  #changedElsewhere: string | undefined;
  /** Deployments whose stored sign-in could not be read when it mattered. */
  readonly #unread = new Set<string>();

  constructor(options: DeploymentsOptions) {
    this.#log = options.log ?? (() => undefined);
    this.#open = new OpenDeployment(options, (open, state) => this.#ended(open, state));
    this.#store = new SignInStore(options.store, this.#log);
    const changes = options.store.onDidChange((key) => inBackground(this.#follow(key), this.#logError));
    const end = (): void => {
      changes.dispose();
      this.#decisions += 1;
      this.#open.close(SIGNED_OUT);
    };
    options.signal.addEventListener('abort', end, { once: true });
  }

  get current(): Observable<Current | undefined> {
    return this.#open.current;
  }

  /** The current session's state; `signedOut` and why, while there is none; `loading` until `restore` knows. */
  get state(): Observable<State> {
    return this.#open.state;
  }

  /**
   * Names whom that is shown belongs to: deployment and user. It outlasts the end of a session by itself, so that nothing
   * is lost until the same user signs in again; `undefined` after somebody signed out.
   */
  get owner(): Observable<string | undefined> {
    return this.#open.owner;
  }

  /** Nobody is signed in any more, and why. Told once for each session. */
  onEnded(listener: EndedListener): Disposable {
    this.#endedListeners.add(listener);
    return { dispose: () => this.#endedListeners.delete(listener) };
  }

  /** Takes up what the environment says, else the latest sign-in that was kept. Waits for no network, never rejects. */
  async restore(environment: EnvironmentSignIn): Promise<void> {
    if (this.current.value !== undefined) return;
    const given = readEnvironment(environment, this.#log);
    const decisions = this.#decisions;
    await this.#store.runInBackground(async () => {
      if (given !== undefined) {
        const { url, token } = given;
        await this.#open.load();
        if (decisions !== this.#decisions) return;
        this.#open.begin({ key: url.key, url, source: 'environment' }, { key: url.key, url: url.href, token });
        return;
      }
      for (const known of this.#store.known()) {
        const stored = await this.#read(known.key);
        if (decisions !== this.#decisions) return;
        if (stored.kind === 'signedIn' && this.#takeUp(stored.signIn)) return;
        if (stored.kind !== 'unreadable') continue;
        // Whether somebody is signed in there is not known: an older sign-in must not take its place.
        this.#unread.add(known.key);
        const url = readAddress(known.url, this.#log);
        if (url !== undefined) this.#tell({ key: url.key, url, source: 'stored' }, 'unreadable');
        break;
      }
    });
    if (decisions === this.#decisions && this.#open.value === undefined) this.#open.state.set(SIGNED_OUT);
  }

  /** Reads again what could not be read: a keyring may have been unlocked meanwhile. Never rejects. */
  async reread(): Promise<void> {
    const unread = [...this.#unread];
    this.#unread.clear();
    await Promise.all(unread.map((key) => this.#follow(key)));
  }

  /**
   * Shows this deployment from now on and keeps the sign-in; the token has been checked. Replaces the current one.
   * @returns the replaced deployment, if its token may still be stored
   */
  async signIn(
    url: DeploymentUrl,
    token: string,
    { user }: { readonly user?: User } = {},
  ): Promise<Deployment | undefined> {
    this.#decisions += 1;
    this.#unread.clear();
    const decisions = this.#decisions;
    await this.#open.load();
    if (decisions !== this.#decisions) return undefined;
    const replaced = this.#open.value?.deployment;
    const signIn = { key: url.key, url: url.href, username: user?.username, token };
    this.#open.begin({ key: url.key, url, source: 'stored' }, signIn, user);
    return this.#store.run(async () => {
      await this.#store.remember(signIn);
      await this.#store.keep(signIn);
      // A token that nobody can see or sign out of would stay behind.
      return replaced === undefined || replaced.key === url.key ? undefined : this.#forget(replaced);
    });
  }

  /**
   * Ends the current session and forgets its token; one from the environment stays ended until the window reloads.
   * @returns the deployment, if its token may still be stored
   */
  async signOut(): Promise<Deployment | undefined> {
    const signedOut = this.#open.value?.deployment;
    this.#decisions += 1;
    this.#unread.clear();
    this.#open.close(SIGNED_OUT);
    this.#open.owner.set(undefined);
    return signedOut && this.#store.run(() => this.#forget(signedOut));
  }

  /** Streams at once, of the current session and of each later one. */
  setMaxStreams(count: number): void {
    this.#open.setMaxStreams(count);
  }

  /** The server does not accept the token. */
  #ended({ deployment, signIn }: Open, state: SignedOut): void {
    this.#endedToken = signIn.token;
    this.#tell(deployment, state.reason ?? 'expired', state.detail);
    if (deployment.source === 'environment') return;
    const forgotten = this.#store.runInBackground(async () => {
      const stored = await this.#store.read(deployment.key);
      // Another window may have put a working one there already.
      if (stored.kind === 'signedIn' && stored.signIn.token === signIn.token) {
        await this.#store.expire(deployment.key, { fingerprint: fingerprintOf(signIn.token), detail: state.detail });
      }
      this.#endedToken = undefined;
    });
    inBackground(forgotten, this.#logError);
  }

  #tell(deployment: Deployment, ending: Ending, detail?: string): void {
    for (const listener of [...this.#endedListeners]) listener(deployment, ending, detail);
  }

  /** Reads what this window, or another one, changed in the store, and does likewise. Never rejects. */
  #follow(key: string): Promise<void> {
    const decisions = this.#decisions;
    return this.#store.runInBackground(() => this.#followStored(key, decisions));
  }

  async #followStored(key: string, decisions: number): Promise<void> {
    if (this.#isOther(key)) {
      this.#changedElsewhere = key;
      return;
    }
    const stored = await this.#read(key);
    // What was decided meanwhile has a task of its own, whose change is followed.
    if (decisions !== this.#decisions || this.#isOther(key)) return;
    if (stored.kind === 'unreadable') {
      this.#unread.add(key);
      return;
    }
    const open = this.#open.value;
    if (open === undefined) {
      if (stored.kind === 'signedIn' && stored.signIn.token !== this.#endedToken) this.#takeUp(stored.signIn);
      return;
    }
    switch (stored.kind) {
      case 'signedIn':
        if (stored.signIn.token !== open.signIn.token) this.#takeUp(stored.signIn);
        return;
      case 'expired':
        if (stored.note.fingerprint === fingerprintOf(open.signIn.token)) this.#expiredElsewhere(open, stored.note);
        // It is about the token that this window's has replaced.
        else await this.#store.keep(open.signIn);
        return;
      case 'notUnderstood':
        return;
      case 'absent':
        await this.#signedOutElsewhere(open);
    }
  }

  /** Whether this window shows another deployment, or does what the environment says. */
  #isOther(key: string): boolean {
    const current = this.#open.value?.deployment;
    return current !== undefined && (current.source === 'environment' || current.key !== key);
  }

  /** Another window heard first that the server does not accept the token. */
  #expiredElsewhere({ deployment, session }: Open, { detail }: ExpiredNote): void {
    const state = expired(session.state.value, detail);
    this.#open.close(state);
    this.#tell(deployment, state.reason ?? 'expired', state.detail);
  }

  /** The other window signed out, or in to another deployment: then this one follows it there. */
  async #signedOutElsewhere({ deployment }: Open): Promise<void> {
    const next = this.#changedElsewhere;
    this.#changedElsewhere = undefined;
    this.#open.close(SIGNED_OUT);
    this.#open.owner.set(undefined);
    const decisions = this.#decisions;
    const stored = next === undefined ? undefined : await this.#read(next);
    if (decisions !== this.#decisions) return;
    if (next !== undefined && stored?.kind === 'unreadable') this.#unread.add(next);
    if (stored?.kind !== 'signedIn' || !this.#takeUp(stored.signIn)) this.#tell(deployment, 'elsewhere');
  }

  /** What is stored; by then a session can be begun with it. */
  async #read(key: string): Promise<Stored> {
    const [stored] = await Promise.all([this.#store.read(key), this.#open.load()]);
    return stored;
  }

  /** Whether the sign-in could be used: what was kept may have been written by another version. */
  #takeUp(signIn: StoredSignIn): boolean {
    const url = readAddress(signIn.url, this.#log);
    if (url === undefined) return false;
    this.#open.begin({ key: url.key, url, source: 'stored' }, signIn);
    return true;
  }

  /** The deployment, if its token may still be stored. */
  async #forget(deployment: Deployment): Promise<Deployment | undefined> {
    return deployment.source === 'environment' || (await this.#store.forget(deployment.key)) ? undefined : deployment;
  }
}
