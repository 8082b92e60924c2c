import WebSocket from 'ws';
import { onAbort } from './abort.ts';
import { apiPath, type Query } from './address.ts';
import { handshakeRefusal } from './answer.ts';
import { AsyncQueue } from './asyncQueue.ts';
import { readStart } from './body.ts';
import type { Calls } from './calls.ts';
import { ApiError, inBackground, type Where } from './errors.ts';
import { networkError } from './networkError.ts';
import type { Operation } from './operations.ts';
import { isSliceOver, nextSlice } from './slices.ts';
import type { Milliseconds } from './units.ts';

export interface SocketRequest {
  readonly operation: Operation;
  readonly path: string;
  readonly query?: Query;
  /** Until it is connected; the transport's own where left out. */
  readonly headersMs?: Milliseconds;
  /** Whether a command opens it: then a session opens fewer streams of its own. */
  readonly isOfCommand?: boolean;
}

/** Texts that wait for a slow reader: beyond, the connection itself is paused. */
const MOST_QUEUED = 2000;

/**
 * One WebSocket of a deployment. Options and habits as measured (networking 3 and 9.5): handlers are attached in the
 * tick that makes the socket, because frames may come with the answer to the handshake; no compression, no redirects,
 * no Origin; any silence longer than three pings ends it.
 */
export class Socket {
  /** Resolves once connected. @throws ApiError when refused or lost before. */
  readonly opened: Promise<void>;
  readonly #queue = new AsyncQueue<string>();
  readonly #socket: WebSocket;
  readonly #stopListening: () => void;
  #isWaiting = false;
  /** Until it is connected, then how long it may be silent. */
  #idle: NodeJS.Timeout;

  /** @throws the signal's reason, when aborted already. */
  constructor(calls: Calls, request: SocketRequest, signal: AbortSignal) {
    signal.throwIfAborted();
    const { transport, features, commandStreams } = calls;
    if (request.isOfCommand !== false) commandStreams.add(this);
    const { operation } = request;
    const { url, timeouts } = transport;
    const where = { operation, host: url.host };
    const origin = url.href.slice(0, url.href.length - url.prefix.length).replace(/^http/, 'ws');
    const socket = new WebSocket(origin + apiPath(url, request.path, request.query), {
      ...(url.secure ? transport.tlsOptions() : {}),
      headers: transport.headers(operation),
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: 16 * 1024 * 1024,
    });
    this.#socket = socket;
    socket.on('close', () => commandStreams.delete(this));
    const connection = calls.linked(operation, signal);
    const stopListening = onAbort(connection.signal, () => this.#fail(connection.signal.reason));
    this.#stopListening = () => {
      stopListening();
      connection.abort();
    };

    this.opened = new Promise((resolve, reject) => {
      socket.on('open', resolve);
      this.#onEnd = reject;
    });
    // Callers that only take texts get the failure there.
    this.opened.catch(() => undefined);

    // Our own timer, for the one of `ws` is about silence: an answer that trickles, or a proxy that never connects,
    // would hold it up for ever.
    this.#idle = this.#failAfter(request.headersMs ?? timeouts.headersMs, where);
    socket.on('open', () => {
      clearTimeout(this.#idle);
      this.#idle = this.#failAfter(timeouts.idleMs, where);
    });
    socket.on('ping', () => this.#idle.refresh());
    socket.on('message', (data, isBinary) => {
      this.#idle.refresh();
      if (!isBinary) this.#queue.push((data as Buffer).toString('utf8'));
      if (this.#queue.size > MOST_QUEUED) socket.pause();
      else if (isSliceOver()) this.#goOnLater();
    });
    socket.on('error', (error) => this.#fail(networkError(error, where)));
    socket.on('unexpected-response', (_request, body) => {
      // `ws` leaves the response open: it is read and closed here.
      const { statusCode: status = 0, headers } = body;
      const now = Date.now();
      readStart(
        { status, headers, body, sentAt: now, receivedAt: now },
        { where, idleMs: timeouts.idleMs, signal },
      ).then(
        (start) => {
          const isForeign = features.isForeign(headers);
          this.#fail(handshakeRefusal({ ...where, status, headers, body: start, isForeign }));
        },
        (error: unknown) => this.#fail(error),
      );
    });
    socket.on('close', (code) => {
      // 1005 and 1006 were never sent: the connection was cut.
      if (code === 1005 || code === 1006) this.#fail(new ApiError({ ...where, kind: 'unreachable' }));
      else this.#end();
    });
  }

  /** More has come than was taken. */
  get isPaused(): boolean {
    return this.#socket.isPaused;
  }

  /**
   * Texts in order, at least one; none only after the server closed the socket. `undefined`: none has come within `ms`.
   * @throws ApiError when it was lost
   */
  take(): Promise<string[]>;
  take(ms: Milliseconds): Promise<string[] | undefined>;
  async take(ms?: Milliseconds): Promise<string[] | undefined> {
    const texts = await (ms === undefined ? this.#queue.take() : this.#queue.take(ms));
    this.#resume();
    return texts;
  }

  /** What has come meanwhile, without waiting. */
  drain(): string[] {
    const texts = this.#queue.drain();
    this.#resume();
    return texts;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** Ends the connection, whatever its state. */
  close(): void {
    this.#release();
    this.#queue.end();
  }

  /** Frames may come faster than the host can spare time for them. */
  #goOnLater(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#socket.pause();
    const goOn = async () => {
      await nextSlice();
      this.#isWaiting = false;
      this.#resume();
    };
    inBackground(goOn(), (error) => this.#fail(error));
  }

  #resume(): void {
    if (!this.#isWaiting && this.#queue.size <= MOST_QUEUED) this.#socket.resume();
  }

  #onEnd: (error: unknown) => void = () => undefined;

  #end(): void {
    this.close();
    this.#onEnd(new Error('closed'));
  }

  #fail(error: unknown): void {
    this.#release();
    this.#queue.fail(error);
    this.#onEnd(error);
  }

  #failAfter(delay: Milliseconds, where: Where): NodeJS.Timeout {
    return setTimeout(() => this.#fail(new ApiError({ ...where, kind: 'timeout' })), delay);
  }

  #release(): void {
    clearTimeout(this.#idle);
    this.#stopListening();
    // Without a close frame: V0 never reads it (contract 3.3).
    this.#socket.terminate();
  }
}
