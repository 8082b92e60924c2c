import { AddressError, parseDeploymentUrl, type DeploymentUrl } from '../api/address.ts';
import type { CoderClient } from '../api/client.ts';
import type { User } from '../api/schemas/users.ts';
import type { DeploymentStore } from './deploymentStore.ts';
import { Variable, type Disposable, type Observable } from './observable.ts';
import { Session } from './session.ts';
import { LOADING, SIGNED_OUT, type SignedOut, type State } from './state.ts';
import type { Timing } from './timing.ts';

/** A deployment somebody is signed in to. */
export interface Deployment {
  /** What deployments are told apart by: normalised origin and path. */
  readonly key: string;
  readonly url: DeploymentUrl;
  /** `environment`: from CODER_URL and CODER_SESSION_TOKEN, never stored. */
  readonly source: 'stored' | 'environment';
}

export interface Current {
  readonly deployment: Deployment;
  readonly session: Session;
}

/** Why a session ended without anybody in this window wanting it to. */
export type Ending = 'refused' | 'expired' | 'elsewhere';

/** `detail`: the server's own word on why it ended the session. */
export type EndedListener = (deployment: Deployment, ending: Ending, detail?: string) => void;

export interface DeploymentsOptions {
  readonly store: DeploymentStore;
  /** A client with this machine's settings: certificates, headers. */
  readonly createClient: (url: DeploymentUrl, token: string) => CoderClient;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly maxStreams?: number | undefined;
  readonly timing?: Timing | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** `CODER_URL` and `CODER_SESSION_TOKEN`. */
export interface EnvironmentSignIn {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

/** Whom one is signed in to, across windows and restarts. For now one deployment is shown at a time. */
export class Deployments {
  readonly #options: DeploymentsOptions;
  readonly #current = new Variable<Current | undefined>(undefined);
  readonly #state = new Variable<State>(LOADING);
  readonly #endedListeners = new Set<EndedListener>();
  #maxStreams: number | undefined;
  #open: { readonly token: string; readonly stop: AbortController; readonly subscriptions: Disposable[] } | undefined;
  /** Counts whatever somebody decided here, so that what was begun before does not overrule it. */
  #decisions = 0;
  /** What is being kept right now: a storage that fails tells of a change before the sign-in can be read. */
  #keeping: string | undefined;
  /** Another window signed in there while this one shows something else. */
  #takenUpElsewhere: string | undefined;

  constructor(options: DeploymentsOptions) {
    this.#options = options;
    this.#maxStreams = options.maxStreams;
    const changes = options.store.onDidChange((key) => void this.#storeChanged(key));
    const end = (): void => {
      changes.dispose();
      this.#decisions += 1;
      this.#close(SIGNED_OUT);
    };
    options.signal.addEventListener('abort', end, { once: true });
  }

  get current(): Observable<Current | undefined> {
    return this.#current;
  }

  /** The current session's state; `signedOut` and why, while there is none; `loading` until `restore` knows. */
  get state(): Observable<State> {
    return this.#state;
  }

  /** A session ended by itself. Told once for each. */
  onEnded(listener: EndedListener): Disposable {
    this.#endedListeners.add(listener);
    return { dispose: () => this.#endedListeners.delete(listener) };
  }

  /** Takes up what the environment says, else the latest sign-in that was kept. Waits for no network, never rejects. */
  async restore(environment: EnvironmentSignIn): Promise<void> {
    const given = readEnvironment(environment, this.#options.log);
    if (given !== undefined) {
      this.#begin({ key: given.url.key, url: given.url, source: 'environment' }, given.token);
      return;
    }
    const decisions = this.#decisions;
    for (const { key } of this.#options.store.known()) {
      const kept = await this.#options.store.signIn(key);
      if (decisions !== this.#decisions) return;
      if (kept !== undefined && this.#takeUp(kept)) return;
    }
    this.#state.set(SIGNED_OUT);
  }

  /** Shows this deployment from now on and keeps the sign-in; the token has been checked. Replaces the current one. */
  async signIn(url: DeploymentUrl, token: string, { user }: { readonly user?: User } = {}): Promise<void> {
    const replaced = this.#current.value?.deployment;
    this.#begin({ key: url.key, url, source: 'stored' }, token, user);
    const { store } = this.#options;
    const known = { key: url.key, url: url.href, username: user?.username };
    await store.remember([known, ...store.known().filter((each) => each.key !== url.key)]);
    this.#keeping = url.key;
    await store.keep({ ...known, token }).finally(() => (this.#keeping = undefined));
    // A token that nobody can see or sign out of would stay behind.
    if (replaced?.source === 'stored' && replaced.key !== url.key) await store.forget(replaced.key);
  }

  /** Ends the current session and forgets its token; one from the environment stays ended until the window reloads. */
  async signOut(): Promise<void> {
    const signedOut = this.#current.value?.deployment;
    this.#decisions += 1;
    this.#close(SIGNED_OUT);
    if (signedOut?.source === 'stored') await this.#options.store.forget(signedOut.key);
  }

  /** Streams at once, of the current session and of each later one. */
  setMaxStreams(count: number): void {
    this.#maxStreams = count;
    this.#current.value?.session.setMaxStreams(count);
  }

  #begin(deployment: Deployment, token: string, user?: User): void {
    if (this.#options.signal.aborted) return;
    this.#decisions += 1;
    this.#close(LOADING);
    const { createClient, timing, log } = this.#options;
    const stop = new AbortController();
    const client = createClient(deployment.url, token);
    const session = new Session({ client, signal: stop.signal, user, maxStreams: this.#maxStreams, timing, log });
    const subscriptions = [
      session.state.subscribe((state) => {
        if (state.kind === 'signedOut') void this.#ended(deployment, token, state);
        else this.#state.set(state);
      }),
    ];
    this.#open = { token, stop, subscriptions };
    this.#current.set({ deployment, session });
    this.#state.set(session.state.value);
  }

  #close(state: State): void {
    for (const subscription of this.#open?.subscriptions ?? []) subscription.dispose();
    this.#open?.stop.abort();
    this.#open = undefined;
    this.#current.set(undefined);
    this.#state.set(state);
  }

  /** The server does not accept the token. */
  async #ended(deployment: Deployment, token: string, state: SignedOut): Promise<void> {
    this.#close(state);
    this.#tell(deployment, state.reason ?? 'expired', state.detail);
    const { store } = this.#options;
    // Another window may have put a working one there already.
    const kept = deployment.source === 'stored' ? await store.signIn(deployment.key) : undefined;
    if (kept?.token === token) await store.forget(deployment.key);
  }

  #tell(deployment: Deployment, ending: Ending, detail?: string): void {
    for (const listener of [...this.#endedListeners]) listener(deployment, ending, detail);
  }

  /** This window, or another one, kept or forgot a sign-in. */
  async #storeChanged(key: string): Promise<void> {
    if (key === this.#keeping) return;
    const decisions = this.#decisions;
    const kept = await this.#options.store.signIn(key);
    const current = this.#current.value?.deployment;
    if (decisions !== this.#decisions || current?.source === 'environment') return;
    if (current === undefined) {
      if (kept !== undefined) this.#takeUp(kept);
    } else if (current.key !== key) {
      this.#takenUpElsewhere = kept === undefined ? undefined : key;
    } else if (kept === undefined) {
      await this.#signedOutElsewhere(current);
    } else if (kept.token !== this.#open?.token) {
      this.#takeUp(kept);
    }
  }

  /** The other window signed out, or in to another deployment: then this one follows it there. */
  async #signedOutElsewhere(deployment: Deployment): Promise<void> {
    const next = this.#takenUpElsewhere;
    this.#takenUpElsewhere = undefined;
    this.#decisions += 1;
    const decisions = this.#decisions;
    this.#close(SIGNED_OUT);
    const kept = next === undefined ? undefined : await this.#options.store.signIn(next);
    if (decisions !== this.#decisions) return;
    if (kept === undefined || !this.#takeUp(kept)) this.#tell(deployment, 'elsewhere');
  }

  /** Whether the sign-in could be used: what was kept may have been written by another version. */
  #takeUp({ url, token }: { readonly url: string; readonly token: string }): boolean {
    const parsed = readAddress(url, this.#options.log);
    if (parsed === undefined) return false;
    this.#begin({ key: parsed.key, url: parsed, source: 'stored' }, token);
    return true;
  }
}

const readEnvironment = (
  { url, token }: EnvironmentSignIn,
  log: DeploymentsOptions['log'],
): { readonly url: DeploymentUrl; readonly token: string } | undefined => {
  if (url === undefined || url === '' || token === undefined || token === '') return undefined;
  const parsed = readAddress(url, log);
  return parsed === undefined ? undefined : { url: parsed, token };
};

const readAddress = (address: string, log: DeploymentsOptions['log']): DeploymentUrl | undefined => {
  try {
    return parseDeploymentUrl(address);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    log?.(`address: ${error.message}`);
    return undefined;
  }
};
