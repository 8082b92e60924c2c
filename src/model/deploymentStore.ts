import type { Disposable } from './observable.ts';

/** An address that somebody signed in to; holds no secret. */
export interface KnownDeployment {
  /** Normalised origin and path (`DeploymentUrl.key`). */
  readonly key: string;
  readonly url: string;
  readonly username?: string | undefined;
}

/** A sign-in as it is kept: with its address, so that another window that never saw it can take it over. */
export interface StoredSignIn extends KnownDeployment {
  readonly token: string;
}

/** Where deployments outlive the process; `host` implements it. Tokens go where secrets go, all else does not hold any. */
export interface DeploymentStore {
  /** The latest first. */
  known(): readonly KnownDeployment[];
  remember(known: readonly KnownDeployment[]): Promise<void>;
  /** The sign-in of a deployment; `undefined` if there is none, or none that can be read. */
  signIn(key: string): Promise<StoredSignIn | undefined>;
  /** Where nothing can be stored it is kept for this window; never rejects for that. */
  keep(signIn: StoredSignIn): Promise<void>;
  forget(key: string): Promise<void>;
  /** A sign-in was kept or forgotten, by this window or another one. */
  onDidChange(listener: (key: string) => void): Disposable;
}
