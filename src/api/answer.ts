import type { IncomingHttpHeaders } from 'node:http';
import { ApiError, type ApiErrorKind, type Where } from './errors.ts';
import { parseJson } from './json.ts';
import { withoutTokens } from './plainText.ts';
import { list, optionalText, requiredText, text } from './schemas/lenient.ts';
import { object } from './schemas/schema.ts';
import type { Milliseconds } from './units.ts';

/** An answer as it was received, not parsed yet. */
export interface Answer extends Where {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** From a proxy or gateway: the deployment names its version in each answer, and this one doesn't. */
  readonly isForeign?: boolean | undefined;
}

/** Without a Retry-After of the server this is how long a 429 pauses. */
export const RATE_LIMIT_PAUSE_MS = 30_000 as Milliseconds;
const LONGEST_PAUSE_MS = 600_000;

/** `{message, detail?, validations?}`: how Coder words a refusal (contract 1.4). */
const Refusal = object({
  message: requiredText,
  detail: optionalText,
  validations: list(object({ field: requiredText, detail: text })),
});

/** A server may repeat the token that it was sent. */
const refusalIn = (text: string) => Refusal.tryParse(parseJson(withoutTokens(text)));

/** The JSON of a good answer. @throws ApiError for a refusal and for whatever is not Coder's JSON. */
export const json = (answer: Answer): unknown => {
  good(answer);
  if (!isJson(answer.headers)) throw notCoder(answer);
  const value = parseJson(textOf(answer));
  if (value === undefined) throw fail(answer, 'unreadable');
  return value;
};

/** A good answer's bytes, never looked into. */
export const bytes = (answer: Answer): Uint8Array => {
  good(answer);
  // Its type says JSON whatever it is (contract 2.13), so only an HTML page is refused.
  if (isHtml(answer.headers)) throw notCoder(answer);
  return answer.body;
};

/** A good answer without anything to read: 204, or a sentence. 304 says that it was so already. */
export const done = (answer: Answer): void => {
  if (answer.status === 304 || answer.status === 204) return;
  json(answer);
};

/** Whether an answer's headers promise what was asked for. */
export const isGoodJson = ({ status, headers }: Pick<Answer, 'status' | 'headers'>): boolean =>
  status >= 200 && status <= 299 && isJson(headers);

const good = (answer: Answer): void => {
  if (answer.status < 200 || answer.status > 299) throw refusal(answer);
};

/** What an answer other than 2xx means (contract 1.3). */
export const refusal = (answer: Answer): ApiError => {
  const { status, headers } = answer;
  if (status >= 300 && status < 400 && headers.location !== undefined) {
    // Its query and its user may be secrets.
    return fail(answer, 'redirect', {
      location: withoutTokens(headers.location)
        .replace(/[?#].*$/s, '')
        .replace(/([/\\]{2})[^/\\]*@/, '$1'),
    });
  }
  const words = isJson(headers) && answer.isForeign !== true ? refusalIn(textOf(answer)) : undefined;
  if (words === undefined) return foreign(answer);
  const { message, detail, validations } = words;
  const kind = refusalKind(answer, message);
  return fail(answer, kind, { serverMessage: message, detail, validations });
};

/**
 * What an answer other than 101 to a WebSocket handshake means. Coder's own JSON refuses the thing itself; a plain text
 * of Coder's (contract 1.7: the upgrade did not arrive as one) and a good answer only say that no socket gets through.
 */
export const handshakeRefusal = (answer: Answer): ApiError => {
  const error = refusal(answer);
  const isOwn = isJson(answer.headers) && error.serverMessage !== undefined;
  const isAboutSocket = error.kind === 'invalid' || error.kind === 'forbidden' || error.kind === 'notNow';
  return !isOwn && isAboutSocket ? fail(answer, 'noSocket') : error;
};

/** What a stream reports while it stays open: the same words, without a status (contract 3.1). */
export const reported = (value: unknown, where: Where): ApiError => {
  const words = refusalIn(JSON.stringify(value));
  if (words === undefined) return new ApiError({ ...where, kind: 'unreadable' });
  return new ApiError({ ...where, kind: 'server', serverMessage: words.message, detail: words.detail });
};

const refusalKind = ({ status, operation }: Answer, message: string): ApiErrorKind => {
  switch (status) {
    case 400:
      return operation.isNotNowIfRefused === true ? 'notNow' : 'invalid';
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      // The one sentence of a server that may be branched on.
      return message === 'Route not found.' ? 'routeNotFound' : 'notFound';
    case 405:
    case 406:
    case 412:
    case 425:
    case 428:
      return 'notNow';
    case 407:
      return 'proxy';
    case 409:
      return 'conflict';
    case 410:
      return 'gone';
    case 413:
      return 'tooLarge';
    case 429:
      return 'rateLimited';
    default:
      return status >= 500 ? 'server' : 'invalid';
  }
};

/** A refusal that isn't Coder's JSON: from a proxy or gateway, or one of Coder's plain texts. */
const foreign = (answer: Answer): ApiError => {
  const { status, headers } = answer;
  const fromCoder = headers['x-coder-build-version'] !== undefined;
  if (status === 429) return fail(answer, 'rateLimited');
  // Network Authentication Required: the sign-on page of a network.
  if (status === 511) return notCoder(answer);
  if (status >= 500) return fail(answer, 'server', { coderAnswered: fromCoder });
  if (status === 413) return fail(answer, 'tooLarge');
  if (status === 405) return fail(answer, fromCoder ? 'routeNotFound' : 'notCoder');
  if (fromCoder && !isHtml(headers)) {
    const kind = status === 403 ? 'forbidden' : status === 428 ? 'notNow' : 'invalid';
    return fail(answer, kind, { serverMessage: plainWords(answer) });
  }
  // A refused CONNECT looks like an answer, with 403 or 407 and nothing in it (networking 1).
  if (status === 401 || status === 403 || status === 407) return fail(answer, 'proxy');
  return notCoder(answer);
};

/** What a plain text says, for Coder's own few (contract 1.4); nothing of a body that is none, whatever it is called. */
const plainWords = (answer: Answer): string | undefined => {
  if (!/^\s*text\/plain\b/i.test(answer.headers['content-type'] ?? '')) return undefined;
  const words = withoutTokens(textOf(answer)).slice(0, 300);
  return NOT_TEXT.test(words) ? undefined : words;
};
/** Bytes that are no UTF-8, and control characters other than tabs and line breaks. */
const NOT_TEXT = /[\ufffd\u0000-\u0008\u000e-\u001f]/;

const notCoder = (answer: Answer): ApiError =>
  fail(answer, 'notCoder', { coderAnswered: answer.headers['x-coder-build-version'] !== undefined });

/** Something that went wrong at the server or at a gateway, and an answer that cannot be read, leave open whether a write was done. */
const fail = (
  { operation, host, status, headers, maybeDone }: Answer,
  kind: ApiErrorKind,
  more: Partial<ConstructorParameters<typeof ApiError>[0]> = {},
): ApiError =>
  new ApiError({
    operation,
    host,
    status,
    kind,
    retryAfterMs: pauseOf(headers) ?? (kind === 'rateLimited' ? RATE_LIMIT_PAUSE_MS : undefined),
    maybeDone: maybeDone && (status >= 500 || status === 408 || (status < 300 && kind !== 'redirect')),
    ...more,
  });

/** Also a 503 may say when to come back. */
const pauseOf = (headers: IncomingHttpHeaders): Milliseconds | undefined => {
  const after = headers['retry-after']?.trim() ?? '';
  const seconds = /^\d+(?:\.\d+)?$/.test(after)
    ? Number(after)
    : // A date begins with its day; Date.parse would read "-5" as one, too.
      (Date.parse(/^[a-z]/i.test(after) ? after : '') - (Date.parse(headers.date ?? '') || Date.now())) / 1000;
  if (!Number.isFinite(seconds)) return undefined;
  return Math.min(Math.max(1000, seconds * 1000), LONGEST_PAUSE_MS) as Milliseconds;
};

const isJson = (headers: IncomingHttpHeaders): boolean =>
  /^\s*application\/(?:[\w.-]+\+)?json\s*(?:[;,]|$)/i.test(headers['content-type'] ?? '');

const isHtml = (headers: IncomingHttpHeaders): boolean => /^\s*text\/html\b/i.test(headers['content-type'] ?? '');

/** Without a byte order mark. */
const textOf = ({ body }: Answer): string => new TextDecoder().decode(body);
