import type { DeploymentUrl } from '../api/address.ts';
import { inBackground, messageOf } from '../api/errors.ts';
import type { User } from '../api/schemas/users.ts';
import { fingerprintOf } from '../api/secret.ts';
import type { DeploymentStore, ExpiredNote, Stored, StoredSignIn } from './deploymentStore.ts';
import type { Ended } from './endingSentence.ts';
import { readAddress, readEnvironment, type EnvironmentSignIn, type GivenSignIn } from './environmentSignIn.ts';
import { Variable, type Observable } from './observable.ts';
import {
  OpenDeployment,
  type Current,
  type Deployment,
  type Open,
  type OpenDeploymentOptions,
} from './openDeployment.ts';
import { SignInStore } from './signInStore.ts';
import { expired, SIGNED_OUT, type SignedOut, type State } from './state.ts';

export interface DeploymentsOptions extends OpenDeploymentOptions {
  readonly store: DeploymentStore;
}

/** Manages sign-ins across windows and restarts. One deployment is open at a time. */
export class Deployments {
  readonly current: Observable<Current | undefined>;
  /** The current session's state; `signedOut` and why, while there is none; `loading` until `restore` knows. */
  readonly state: Observable<State>;
  /**
   * Identifies deployment and user of the shown data. Stays when a session expires, so that build logs are kept until the
   * same user signs in again; `undefined` after a sign-out.
   */
  readonly owner: Observable<string | undefined>;
  readonly #log: (line: string) => void;
  readonly #logError = (error: unknown): void => this.#log(`the stored sign-in: ${messageOf(error)}`);
  readonly #open: OpenDeployment;
  readonly #ended = new Variable<Ended | undefined>(undefined);
  readonly #store: SignInStore;
  /** Incremented by each sign-in and sign-out in this window, so that the result of an earlier read is dropped. */
  #decisions = 0;
  /** The rejected token and what replaces it, until it has been removed from the store. */
  #rejected: { readonly token: string; readonly note: ExpiredNote } | undefined;
  /** The deployment, other than the current one, that another window last signed in to or out of. */
  #changedElsewhere: string | undefined;
  /** Deployments whose stored sign-in could not be read when it mattered. */
  readonly #unread = new Set<string>();

  constructor(options: DeploymentsOptions) {
    this.#log = options.log ?? (() => undefined);
    this.#open = new OpenDeployment(options, (open, state) => this.#onEnded(open, state));
    ({ current: this.current, state: this.state, owner: this.owner } = this.#open);
    this.#store = new SignInStore(options.store, this.#log);
    const changes = options.store.onDidChange((key) => inBackground(this.#follow(key), this.#logError));
    const end = (): void => {
      changes.dispose();
      this.#decisions += 1;
      this.#open.close(SIGNED_OUT);
    };
    options.signal.addEventListener('abort', end, { once: true });
  }

  /** The last session that ended, once for each, without a sign-out in this window. */
  get ended(): Observable<Ended | undefined> {
    return this.#ended;
  }

  /**
   * Signs in from the environment, or else with the latest stored sign-in. Waits for no network.
   * @throws what the store or loading the session's code throws; nobody is signed in then
   */
  async restore(environment: EnvironmentSignIn): Promise<void> {
    if (this.current.value !== undefined) return;
    const given = readEnvironment(environment, this.#log);
    const decisions = this.#decisions;
    try {
      await this.#store.run(() =>
        given === undefined ? this.#restoreStored(decisions) : this.#restoreGiven(given, decisions),
      );
    } finally {
      if (decisions === this.#decisions && this.#open.value === undefined) this.#open.state.set(SIGNED_OUT);
    }
  }

  async #restoreGiven({ url, token }: GivenSignIn, decisions: number): Promise<void> {
    await this.#open.load();
    if (decisions === this.#decisions)
      this.#open.begin({ url, source: 'environment' }, { key: url.key, url: url.href, token });
  }

  async #restoreStored(decisions: number): Promise<void> {
    for (const known of this.#store.known()) {
      const stored = await this.#read(known.key);
      if (decisions !== this.#decisions) return;
      if (stored.kind === 'signedIn' && this.#takeUp(stored.signIn)) return;
      if (stored.kind !== 'unreadable') continue;
      // It may hold a sign-in, so an older one must not replace it.
      this.#unread.add(known.key);
      const url = readAddress(known.url, this.#log);
      if (url !== undefined) this.#ended.set({ deployment: { url, source: 'stored' }, ending: 'unreadable' });
      return;
    }
  }

  /** Retries unreadable sign-ins, because a keyring may have been unlocked. @throws what the store throws */
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
    this.#open.begin({ url, source: 'stored' }, signIn, user);
    return this.#store.run(async () => {
      await this.#store.remember(signIn);
      await this.#store.keep(signIn);
      // Otherwise, a token would stay stored that the user can neither see nor sign out of.
      return replaced === undefined || replaced.url.key === url.key ? undefined : this.#forget(replaced);
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

  /** The server rejected the token. */
  #onEnded({ deployment, signIn }: Open, state: SignedOut): void {
    this.#rejected = { token: signIn.token, note: { fingerprint: fingerprintOf(signIn.token), detail: state.detail } };
    this.#tell(deployment, state);
    if (deployment.source === 'environment') return;
    inBackground(
      this.#store.run(() => this.#forgetRejected(deployment.url.key)),
      this.#logError,
    );
  }

  /** Where the keyring is locked, that is made up for when it can be read. */
  async #forgetRejected(key: string): Promise<void> {
    const rejected = this.#rejected;
    const stored = await this.#store.read(key);
    if (rejected === undefined || rejected !== this.#rejected) return;
    if (stored.kind === 'unreadable') {
      this.#unread.add(key);
      return;
    }
    // Another window may already have stored a valid one.
    if (stored.kind === 'signedIn' && stored.signIn.token === rejected.token)
      await this.#store.expire(key, rejected.note);
    this.#rejected = undefined;
  }

  #tell(deployment: Deployment, { reason = 'expired', detail }: SignedOut): void {
    this.#ended.set({ deployment, ending: reason, detail });
  }

  /** Applies a change that this or another window made in the store. @throws what the store throws */
  #follow(key: string): Promise<void> {
    const decisions = this.#decisions;
    return this.#store.run(() => this.#followStored(key, decisions));
  }

  async #followStored(key: string, decisions: number): Promise<void> {
    if (this.#isOther(key)) {
      this.#changedElsewhere = key;
      return;
    }
    const stored = await this.#read(key);
    // A later decision runs in its own task, which applies its own change.
    if (decisions !== this.#decisions || this.#isOther(key)) return;
    if (stored.kind === 'unreadable') {
      this.#unread.add(key);
      return;
    }
    const open = this.#open.value;
    if (open === undefined) {
      if (stored.kind !== 'signedIn') return;
      if (stored.signIn.token === this.#rejected?.token) await this.#forgetRejected(key);
      else this.#takeUp(stored.signIn);
      return;
    }
    switch (stored.kind) {
      case 'signedIn':
        if (stored.signIn.token !== open.signIn.token) this.#takeUp(stored.signIn);
        return;
      case 'expired':
        if (stored.note.fingerprint === fingerprintOf(open.signIn.token)) this.#expiredElsewhere(open, stored.note);
        // The note is about a token that this window has already replaced.
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
    return current !== undefined && (current.source === 'environment' || current.url.key !== key);
  }

  /** Another window noticed first that the server rejects the token. */
  #expiredElsewhere({ deployment, session }: Open, { detail }: ExpiredNote): void {
    const state = expired(session.state.value, detail);
    this.#open.close(state);
    this.#tell(deployment, state);
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
    if (stored?.kind !== 'signedIn' || !this.#takeUp(stored.signIn))
      this.#ended.set({ deployment, ending: 'elsewhere' });
  }

  /** Reads what is stored, and loads the session's code if there is a sign-in. */
  async #read(key: string): Promise<Stored> {
    const [stored] = await Promise.all([this.#store.read(key), this.#open.load()]);
    return stored;
  }

  /** Opens the stored sign-in; `false` if it is invalid, for example written by another version. */
  #takeUp(signIn: StoredSignIn): boolean {
    const url = readAddress(signIn.url, this.#log);
    if (url === undefined) return false;
    this.#open.begin({ url, source: 'stored' }, signIn);
    return true;
  }

  /** The deployment, if its token may still be stored. */
  async #forget(deployment: Deployment): Promise<Deployment | undefined> {
    const isForgotten = deployment.source === 'environment' || (await this.#store.forget(deployment.url.key));
    return isForgotten ? undefined : deployment;
  }
}
