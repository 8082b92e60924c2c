import * as l10n from '@vscode/l10n';
import type { Operation } from './operations.ts';
import { plainLine } from './plainText.ts';
import { sentence } from './sentences.ts';
import type { Milliseconds } from './units.ts';

/**
 * What went wrong, by what can be done about it (contract 1.3):
 * - on the way: `noHost`, `refused`, `unreachable` (lost or reset), `timeout`, `certificate`, `noSocket` and
 *   `heldBack` (plain requests may get through all the same, WebSockets or event streams do not);
 * - an answer that is not Coder's: `redirect`, `notCoder` (a web page), `proxy`;
 * - Coder's refusals: `unauthorized`, `forbidden`, `notFound`, `routeNotFound` (older or free deployment), `gone`
 *   (deleted), `conflict`, `invalid` (values), `notNow`, `rateLimited`, `server`;
 * - an answer that cannot be used: `unreadable` (not the documented shape), `tooLarge`.
 */
export type ApiErrorKind =
  | 'noHost'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'certificate'
  | 'noSocket'
  | 'heldBack'
  | 'redirect'
  | 'notCoder'
  | 'proxy'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'routeNotFound'
  | 'gone'
  | 'conflict'
  | 'invalid'
  | 'notNow'
  | 'rateLimited'
  | 'server'
  | 'unreadable'
  | 'tooLarge';

/** What the server says about one field of a request; `field` is the server's own name of it. */
export interface Validation {
  readonly field: string;
  readonly detail: string;
}

export interface ApiErrorFacts {
  readonly kind: ApiErrorKind;
  readonly operation: Operation;
  readonly host: string;
  readonly status?: number | undefined;
  /** The server's own sentence; show it, never branch on it. */
  readonly serverMessage?: string | undefined;
  readonly detail?: string | undefined;
  readonly validations?: readonly Validation[] | undefined;
  /** How long to wait before asking again. */
  readonly retryAfterMs?: Milliseconds | undefined;
  /** Node's or OpenSSL's code: ENOTFOUND, CERT_HAS_EXPIRED … */
  readonly code?: string | undefined;
  /** Where a redirect pointed, without query and fragment. */
  readonly location?: string | undefined;
  /** Who issued a certificate that is not trusted. */
  readonly issuer?: string | undefined;
  /** The answer is not the API's, but carries Coder's version header: the right deployment, the wrong path. */
  readonly coderAnswered?: boolean | undefined;
  /** A write was sent and its answer lost: it may have been done. Read the fact back before telling anyone. */
  readonly maybeDone?: boolean | undefined;
}

/** What an error is about. `maybeDone`: of a write, which may be done although its answer is lost. */
export type Where = Pick<ApiErrorFacts, 'operation' | 'host' | 'maybeDone'>;

/** The only error class of this folder. `message` is for people: no URL, no status code; the server's own words are kept. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  declare readonly kind: ApiErrorKind;
  declare readonly operation: Operation;
  declare readonly host: string;
  declare readonly status: number | undefined;
  declare readonly serverMessage: string | undefined;
  declare readonly detail: string | undefined;
  declare readonly retryAfterMs: Milliseconds | undefined;
  declare readonly code: string | undefined;
  declare readonly location: string | undefined;
  declare readonly issuer: string | undefined;
  readonly validations: readonly Validation[];
  readonly maybeDone: boolean;
  readonly #facts: ApiErrorFacts;

  constructor(facts: ApiErrorFacts) {
    super(sentence(facts));
    this.#facts = facts;
    Object.assign(this, facts);
    this.validations = facts.validations ?? [];
    this.maybeDone = facts.maybeDone ?? false;
  }

  /** The same failure, known better. */
  with(facts: Partial<ApiErrorFacts>): ApiError {
    return new ApiError({ ...this.#facts, ...facts });
  }

  /** The server's reason: the detail, which some refusals lack, as that of a suspended user (contract 1.4). */
  get reason(): string | undefined {
    return this.detail ?? this.serverMessage;
  }
}

/** Whether `error` is the API's and of one of these kinds. */
export const isOfKind = (error: unknown, ...kinds: readonly ApiErrorKind[]): error is ApiError =>
  error instanceof ApiError && kinds.includes(error.kind);

/** Whether `error` only says that the work was aborted, which need not be reported. */
export const isAbort = (error: unknown, signal?: AbortSignal): boolean =>
  (error instanceof Error && error.name === 'AbortError') || (signal?.aborted === true && error === signal.reason);

/** Runs `work` without waiting for it. `onError` gets what it throws, unless it was aborted. */
export const inBackground = (work: PromiseLike<unknown>, onError: (error: unknown) => void): void => {
  work.then(undefined, (error: unknown) => {
    if (!isAbort(error)) onError(error);
  });
};

/**
 * The message of whatever was thrown; `unknown error` where it has none, so that no sentence ends in "undefined",
 * "[object Object]", or a colon.
 */
export const messageOf = (thrown: unknown): string => {
  try {
    return wordsOf(thrown);
  } catch {
    // Its properties can't even be read.
    return l10n.t('unknown error');
  }
};

const wordsOf = (thrown: unknown): string => {
  const { message, code } = isObject(thrown) ? thrown : { message: thrown, code: undefined };
  const said = [message, code].find((each) => typeof each === 'string' && !SAYS_NOTHING.test(plainLine(each))) as
    | string
    | undefined;
  if (said !== undefined) return said;
  // Several addresses were tried and each failed: that has no message of its own.
  const [first] = thrown instanceof AggregateError ? (thrown.errors as unknown[]) : [];
  return first === undefined ? l10n.t('unknown error') : messageOf(first);
};

/** Nothing, or what was made of something that is no text. */
const SAYS_NOTHING = /^(?:(?:uncaught )?(?:error: ?)?(?:undefined|null|\[object \w+\])?)$/i;

const isObject = (thrown: unknown): thrown is { readonly message?: unknown; readonly code?: unknown } =>
  typeof thrown === 'object' && thrown !== null;
