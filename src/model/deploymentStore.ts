import type { Disposable } from './observable.ts';

/** A deployment that the user signed in to; holds no secret. */
export interface KnownDeployment {
  /** Normalised origin and path (`DeploymentUrl.key`). */
  readonly key: string;
  readonly url: string;
  readonly username?: string | undefined;
}

/** A stored sign-in, with the address so that another window can use it. */
export interface StoredSignIn extends KnownDeployment {
  readonly token: string;
}

/** Tells other windows why a token was removed; holds no secret. */
export interface ExpiredNote {
  /** Which token it is about (`fingerprintOf`). */
  readonly fingerprint: string;
  /** The server's own word on why. */
  readonly detail?: string | undefined;
}

/** What is stored for a deployment. */
export type Stored =
  | { readonly kind: 'signedIn'; readonly signIn: StoredSignIn }
  /** The server no longer accepts a token, and a window replaced it by a note. */
  | { readonly kind: 'expired'; readonly note: ExpiredNote }
  /** Nobody signed in, or somebody signed out. */
  | { readonly kind: 'absent' }
  /** The stored value has an unknown shape, for example of another version. */
  | { readonly kind: 'notUnderstood' }
  /** The storage failed, so there may be a sign-in. */
  | { readonly kind: 'unreadable'; readonly error: unknown };

/**
 * Persistent storage of sign-ins, implemented by `host`. Tokens are stored as secrets; nothing else holds one. Calls never
 * overlap.
 */
export interface DeploymentStore {
  /** The latest first. */
  known(): readonly KnownDeployment[];
  remember(known: readonly KnownDeployment[]): Promise<void>;
  read(key: string): Promise<Stored>;
  /** Stores a sign-in; if storage fails, keeps it in memory for this window instead of rejecting. */
  keep(signIn: StoredSignIn): Promise<void>;
  /** Replaces the token by a note that it has expired. Rejects where that fails; the token then stays. */
  expire(key: string, note: ExpiredNote): Promise<void>;
  /** Rejects if the token may still be stored. */
  forget(key: string): Promise<void>;
  /** Called with the deployment's key when this or another window changed what is stored. */
  onDidChange(listener: (key: string) => void): Disposable;
}
