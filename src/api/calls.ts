import { LinkedController, onAbort, sleep } from './abort.ts';
import { bytes, done, isGoodJson, json, RATE_LIMIT_PAUSE_MS, type Answer } from './answer.ts';
import { backOffMs } from './backOff.ts';
import { readAll, readRows, type Part, type Reading } from './body.ts';
import type { ServerClock } from './clock.ts';
import { CommandStreams } from './commandStreams.ts';
import { Unreadable, type Schema } from './schemas/schema.ts';
import { ApiError, isOfKind, type ApiErrorKind } from './errors.ts';
import type { Features } from './features.ts';
import type { Operation } from './operations.ts';
import { RateLimits } from './rateLimits.ts';
import { RequestCoalescing } from './requestCoalescing.ts';
import { Slots } from './slots.ts';
import type { Opened, Request, Transport } from './transport.ts';
import type { Milliseconds } from './units.ts';

type Decode<T> = (value: unknown) => T | Promise<T>;
/** Checks whether a write whose response was lost was done; `undefined`: it wasn't. */
export type ReadBack<T> = (signal: AbortSignal) => Promise<T | undefined>;

/** What else a read asks with; `method` only where the API asks by POST. */
export type Asked = Partial<Omit<Request, 'operation' | 'path' | 'method'>> & { readonly method?: 'GET' | 'POST' };

/** Reads that are sent at the same time: with a write, six connections beside the streams. */
const MOST_READS = 5;
const TRIES = 3;
const BACK_OFF = { firstMs: 300 as Milliseconds, longestMs: 2000 as Milliseconds };
/** How long a server may go on with a write after a gateway, or we, gave up waiting for it. */
const LATE_MS = 2000 as Milliseconds;
/** A server that asks for a short pause gets it at once; for a longer one the caller decides. */
const WAITED_FOR_MS = 3000;

/**
 * Sends requests with the common rules: reads are retried and coalesced; a write is sent once, and if its response is lost,
 * its effect is read back before a failure is reported.
 */
export class Calls {
  readonly transport: Transport;
  readonly clock: ServerClock;
  readonly features: Features;
  readonly commandStreams = new CommandStreams();
  readonly #coalescing = new RequestCoalescing();
  readonly #slots = new Slots(MOST_READS);
  readonly #rateLimits = new RateLimits();
  /** Aborts when connections may be dead. */
  #lost = new AbortController();

  constructor(transport: Transport, clock: ServerClock, features: Features) {
    this.transport = transport;
    this.clock = clock;
    this.features = features;
  }

  /** What became of an operation, where no answer says it. */
  failure(operation: Operation, kind: ApiErrorKind): ApiError {
    return new ApiError({ operation, host: this.transport.url.host, kind });
  }

  /** Connections may be dead without having been told, as after a sleep: reads are sent again, and sockets are lost. */
  reconnect(): void {
    const lost = this.#lost;
    this.#lost = new AbortController();
    lost.abort();
  }

  /**
   * For one connection: aborts with `signal`, and as `unreachable` with `reconnect`. Whoever makes one aborts it.
   * @throws the signal's reason, when aborted already
   */
  linked(operation: Operation, signal: AbortSignal): AbortController {
    signal.throwIfAborted();
    const linked = new LinkedController(signal);
    const lose = (): void => linked.abort(this.failure(operation, 'unreachable'));
    onAbort(linked.signal, onAbort(this.#lost.signal, lose));
    return linked;
  }

  /** @throws ApiError; the signal's reason when aborted. */
  read<T>(operation: Operation, path: string, decode: Decode<T>, signal: AbortSignal, asked: Asked = {}): Promise<T> {
    const key = JSON.stringify([asked.method, path, asked.query, asked.json]);
    // Two operations may share a route but differ in decoder, so the operation is part of the key.
    return this.#coalescing.run(`${operation.name} ${key}`, signal, (common) =>
      this.#repeat({ operation, method: 'GET', path, ...asked }, common, async (exchange) =>
        understood(exchange, async () => decode(json(await answerOf(exchange)))),
      ),
    );
  }

  /** A body that is not looked into. @throws ApiError; the signal's reason when aborted. */
  readBytes(operation: Operation, path: string, signal: AbortSignal): Promise<Uint8Array> {
    return this.#repeat({ operation, method: 'GET', path }, signal, async (exchange) =>
      bytes(await answerOf(exchange)),
    );
  }

  /** Rows of a list of any length, as many as are taken at once. @throws ApiError; the signal's reason when aborted. */
  readPart<T>(
    operation: Operation,
    path: string,
    row: Schema<T>,
    signal: AbortSignal,
    asked?: Asked,
  ): Promise<Part<T>> {
    return this.#repeat({ operation, method: 'GET', path, ...asked }, signal, (exchange) =>
      understood(exchange, async () => {
        const { opened, reading } = exchange;
        return isGoodJson(opened) ? readRows(opened, reading, row) : refuse(await answerOf(exchange));
      }),
    );
  }

  /**
   * A write that answers with a thing. Sent once. An abort leaves open what becomes of it: `signal` is one that ends the
   * session, never a person's *Cancel*.
   */
  write<T>(request: Request, decode: Decode<T>, signal: AbortSignal, readBack?: ReadBack<T>): Promise<T> {
    return this.#write(
      request,
      signal,
      (exchange) => understood(exchange, async () => decode(json(await answerOf(exchange)))),
      readBack,
    );
  }

  /** A write without a useful response body. Sent once; if the response is lost, `isSo` checks whether it was done. */
  send(request: Request, signal: AbortSignal, isSo?: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
    const readBack = isSo && (async (s: AbortSignal) => ((await isSo(s)) ? DONE : undefined));
    return this.#write(
      request,
      signal,
      async (exchange) => {
        done(await answerOf(exchange));
        return DONE;
      },
      readBack,
    ).then(() => undefined);
  }

  async #write<T>(
    request: Request,
    signal: AbortSignal,
    use: (exchange: Exchange) => Promise<T>,
    readBack?: ReadBack<T>,
  ): Promise<T> {
    try {
      return await use(await this.#open(request, signal));
    } catch (error) {
      if (!(error instanceof ApiError) || !error.maybeDone || readBack === undefined) throw error;
      const found = await this.#readBack(error, readBack, signal).catch(() => {
        signal.throwIfAborted();
        // Read-back failed, too: outcome unknown.
        throw error;
      });
      if (found === undefined) throw error.with({ maybeDone: false });
      return found;
    } finally {
      // A read sent before the write would return old data.
      this.#coalescing.forget();
    }
  }

  /** Reads again after a moment where nobody waited for the server's answer: it may still be at work. */
  async #readBack<T>({ kind, status }: ApiError, readBack: ReadBack<T>, signal: AbortSignal): Promise<T | undefined> {
    this.#coalescing.forget();
    const found = await readBack(signal);
    if (found !== undefined || (kind !== 'timeout' && status !== 408 && status !== 504)) return found;
    await sleep(LATE_MS, signal);
    return readBack(signal);
  }

  async #repeat<T>(request: Request, signal: AbortSignal, use: (exchange: Exchange) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.#mayAsk(request);
        const send = async (): Promise<T> => {
          const connection = this.linked(request.operation, signal);
          try {
            const exchange = await this.#open(request, connection.signal);
            const result = await use(exchange);
            if (exchange.isForeign) this.features.forgetVersion();
            return result;
          } finally {
            connection.abort();
          }
        };
        // A probe tells whether those that wait will be answered.
        return await (request.timeout === 'probeHeadersMs' ? send() : this.#slots.run(signal, send));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const wait = attempt + 1 < TRIES ? this.#pauseBefore(error, attempt) : undefined;
        if (wait !== undefined) {
          await sleep(wait, signal);
          continue;
        }
        if (error.kind === 'rateLimited')
          this.#rateLimits.pause(request.path, error.retryAfterMs ?? RATE_LIMIT_PAUSE_MS);
        // A POST that only reads has no effect whose outcome could be unknown.
        throw error.maybeDone ? error.with({ maybeDone: false }) : error;
      }
    }
  }

  /** How long until a failed read is worth repeating; `undefined`: it is not. */
  #pauseBefore(error: ApiError, attempt: number): Milliseconds | undefined {
    if (error.retryAfterMs !== undefined) return error.retryAfterMs <= WAITED_FOR_MS ? error.retryAfterMs : undefined;
    // After a timeout, no retry.
    const passing =
      error.kind === 'refused' ||
      error.kind === 'unreachable' ||
      error.code === 'EAI_AGAIN' ||
      (error.kind === 'server' && (error.status === 502 || error.status === 503 || error.status === 504));
    return passing ? backOffMs(attempt + 1, Math.random(), BACK_OFF) : undefined;
  }

  /** @throws ApiError `rateLimited` without asking, while the server's pause for this path lasts. */
  #mayAsk({ operation, path }: Request): void {
    const retryAfterMs = this.#rateLimits.leftMs(path);
    if (retryAfterMs > 0) {
      throw new ApiError({ operation, host: this.transport.url.host, kind: 'rateLimited', status: 429, retryAfterMs });
    }
  }

  async #open(request: Request, signal: AbortSignal): Promise<Exchange> {
    const { operation } = request;
    const { timeouts, url } = this.transport;
    const opened = await this.transport.open(request, signal);
    this.features.observe(opened.headers['x-coder-build-version']);
    const isForeign = this.features.isForeign(opened.headers);
    // A gateway's clock is another one.
    if (!isForeign) this.clock.observe(opened.headers.date, opened.sentAt, opened.receivedAt);
    const { idleMs, wholeMs } = timeouts;
    const where = { operation, host: url.host, maybeDone: request.method !== 'GET' };
    return { opened, reading: { where, idleMs, wholeMs, signal }, isForeign };
  }
}

/** A response whose body is still to be read. */
interface Exchange {
  readonly opened: Opened;
  readonly reading: Reading;
  readonly isForeign: boolean;
}

const answerOf = async ({ opened, reading, isForeign }: Exchange): Promise<Answer> => {
  const body = await readAll(opened, reading).catch((error: unknown) => {
    // A refusal that can't be read is told by its status.
    if (opened.status < 300 || !isOfKind(error, 'unreadable', 'tooLarge')) throw error;
    return new Uint8Array();
  });
  return { ...reading.where, status: opened.status, headers: opened.headers, body, isForeign };
};

/** @throws ApiError `unreadable` where `read` finds something else than is documented */
const understood = async <T>({ opened, reading }: Exchange, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new ApiError({ ...reading.where, status: opened.status, kind: 'unreadable' });
  }
};

/** @throws ApiError: an answer that is not good JSON says why */
const refuse = (answer: Answer): never => {
  json(answer);
  throw new Unreadable();
};

const DONE = true;
