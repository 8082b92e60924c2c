import type { DeploymentUrl } from '../api/address.ts';
import type { User } from '../api/schemas/users.ts';
import type { StoredSignIn } from './deploymentStore.ts';
import type { Finding } from './finding.ts';
import type { CreateSession } from './loadSession.ts';
import { Variable, type Disposable } from './observable.ts';
import { once } from './once.ts';
import type { Session, SessionOptions } from './session.ts';
import { LOADING, type SignedOut, type State } from './state.ts';

/** A deployment somebody is signed in to. */
export interface Deployment {
  readonly url: DeploymentUrl;
  /** `environment`: from CODER_URL and CODER_SESSION_TOKEN, never stored. */
  readonly source: 'stored' | 'environment';
}

export interface Current {
  readonly deployment: Deployment;
  readonly session: Session;
}

export interface Open extends Current {
  /** As stored, or to be stored. */
  readonly signIn: StoredSignIn;
}

export interface OpenDeploymentOptions extends Pick<SessionOptions, 'signal' | 'timing' | 'log'> {
  /** Called once, before the first session; again only if it rejected. */
  readonly loadSession: () => Promise<CreateSession>;
  /** The last scope, filter, and order of the deployment with this key. */
  readonly finding?: ((deploymentKey: string) => Finding) | undefined;
}

/** The deployment that is open in this window, if any, with its session and state. */
export class OpenDeployment {
  readonly current = new Variable<Current | undefined>(undefined);
  /** The session's state; `loading` until it is known whether anybody is signed in. */
  readonly state = new Variable<State>(LOADING);
  /** Deployment and user; outlasts a session that ends by itself. */
  readonly owner = new Variable<string | undefined>(undefined);
  readonly #options: OpenDeploymentOptions;
  /** The server has ended the session. */
  readonly #onEnded: (open: Open, state: SignedOut) => void;
  readonly #load: () => Promise<CreateSession>;
  #createSession: CreateSession | undefined;
  #open: Open | undefined;
  #stop: Disposable | undefined;

  constructor(options: OpenDeploymentOptions, onEnded: (open: Open, state: SignedOut) => void) {
    this.#options = options;
    this.#load = once(options.loadSession);
    this.#onEnded = onEnded;
  }

  get value(): Open | undefined {
    return this.#open;
  }

  /** Loads the code that `begin` needs. */
  async load(): Promise<void> {
    this.#createSession = await this.#load();
  }

  /** Opens a deployment in place of the current one. Call `load` first. */
  begin(deployment: Deployment, signIn: StoredSignIn, user?: User): void {
    const { finding, signal, timing, log } = this.#options;
    if (signal.aborted) return;
    if (this.#createSession === undefined) throw new Error('The session is not loaded yet.');
    this.close(LOADING);
    const stop = new AbortController();
    const session = this.#createSession(deployment.url, signIn.token, {
      signal: stop.signal,
      user,
      finding: finding?.(deployment.url.key),
      timing,
      log,
    });
    const open = { deployment, signIn, session };
    const subscription = session.state.subscribe((state) => {
      if (state.kind === 'signedOut') {
        this.close(state);
        this.#onEnded(open, state);
        return;
      }
      if (state.kind === 'ready') this.owner.set(ownerOf(deployment, state.user));
      this.state.set(state);
    });
    this.#stop = {
      dispose: () => {
        subscription.dispose();
        stop.abort();
      },
    };
    if (user !== undefined) this.owner.set(ownerOf(deployment, user));
    else if (this.owner.value?.startsWith(ownerOf(deployment)) !== true) this.owner.set(undefined);
    this.#open = open;
    this.current.set({ deployment, session });
    this.state.set(session.state.value);
  }

  close(state: State): void {
    this.#stop?.dispose();
    this.#open = undefined;
    this.current.set(undefined);
    this.state.set(state);
  }
}

const ownerOf = ({ url }: Deployment, user?: User): string => `${url.key} ${user?.id ?? ''}`;
