import { retryDelayMs, type BackOffLimits } from './backOff.ts';
import { isOfKind, type ApiError, type ApiErrorKind } from './errors.ts';
import type { Milliseconds } from './units.ts';

/** Retrying doesn't change these. */
export const FINAL: readonly ApiErrorKind[] = [
  'unauthorized',
  'forbidden',
  'notFound',
  'routeNotFound',
  'gone',
  'invalid',
];

export const isFinal = ({ kind }: ApiError): boolean => FINAL.includes(kind);

/** Answers that came and are of no use: what is wrong with them passes with a restart of a proxy, or never. */
export const isUseless = (error: unknown): error is ApiError => isOfKind(error, 'tooLarge', 'unreadable');
/** So many in a row end a log. */
const MOST_USELESS = 5;

/** A socket that connects, or did so before, may be lost as often as this in a row before the log is polled. */
export const MOST_LOSSES = 3;

/** What has become of the attempts to read a log. */
export class LogRetries {
  /** Losses since a socket last brought an entry. */
  losses = 0;
  /** Useless answers in a row. */
  #useless = 0;
  readonly #limits: BackOffLimits;

  constructor(limits: BackOffLimits) {
    this.#limits = limits;
  }

  /** A request brought entries, or that there are none. */
  answered(): void {
    this.#useless = 0;
  }

  /** How long to wait before the next attempt. @throws `error`, where asking again will not help */
  failed(error: ApiError): Milliseconds {
    if (isFinal(error)) throw error;
    this.#useless = isUseless(error) ? this.#useless + 1 : 0;
    if (this.#useless === MOST_USELESS) throw error;
    this.losses += 1;
    return retryDelayMs(error, this.losses, Math.random(), this.#limits);
  }
}
