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

/** Tells the other windows why a token is gone; holds no secret. */
export interface ExpiredNote {
  /** Which token it is about (`fingerprintOf`). */
  readonly fingerprint: string;
  /** The server's own word on why. */
  readonly detail?: string | undefined;
}

/** What is stored for a deployment. That it cannot be read says nothing about whether somebody is signed in. */
export type Stored =
  | { readonly kind: 'signedIn'; readonly signIn: StoredSignIn }
  /** The server no longer accepts a token, and a window replaced it by a note. */
  | { readonly kind: 'expired'; readonly note: ExpiredNote }
  /** Nobody signed in, or somebody signed out. */
  | { readonly kind: 'absent' }
  /** What is there was written by another version, or by somebody else. */
  | { readonly kind: 'notUnderstood' }
  /** There may be something: the storage failed. */
  | { readonly kind: 'unreadable'; readonly error: unknown };

/**
 * Where deployments outlive the process; `host` implements it. Tokens go where secrets go, all else does not hold any.
 * Its methods are called one after the other.
 */
export interface DeploymentStore {
  /** The latest first. */
  known(): readonly KnownDeployment[];
  remember(known: readonly KnownDeployment[]): Promise<void>;
  read(key: string): Promise<Stored>;
  /** Where nothing can be stored it is kept for this window; never rejects for that. Can be read until it is forgotten. */
  keep(signIn: StoredSignIn): Promise<void>;
  /** Replaces the token by a note that it has expired. Rejects where that fails; the token then stays. */
  expire(key: string, note: ExpiredNote): Promise<void>;
  /** Rejects if the token may still be stored. */
  forget(key: string): Promise<void>;
  /** What is stored for a deployment was changed, by this window or another one. */
  onDidChange(listener: (key: string) => void): Disposable;
}
