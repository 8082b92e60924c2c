/**
 * What stands between a client and a deployment, and what goes wrong there: a proxy of real sockets on loopback. While the
 * deployment is down it answers 502.
 */
import {
  createServer,
  request as httpRequest,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export type Fault =
  /** Answers of its own in place of the deployment's: a gateway's page, or a redirect to a sign-on page. */
  | '502'
  | '503'
  | 'html'
  | 'redirect'
  | 'gateway-401'
  | 'gateway-403'
  | 'gateway-407'
  /** The deployment's own words: too many requests, without `Retry-After`, or with one of 5 s. */
  | '429'
  | '429-5s'
  /** What is open is reset, and so is each new connection. */
  | 'reset'
  /** Nobody listens; what is open is reset. */
  | 'down'
  /** What is open falls silent, and nothing is answered any more; no connection is closed. */
  | 'half-open'
  /** Answers break off in the middle, and so does the next frame of each stream. */
  | 'truncated'
  /** Answers' headers come after `slowMs`. */
  | 'slow'
  /** Event streams get their headers, and then nothing: the proxy waits for their end. Sockets pass. */
  | 'held-back'
  /** Event streams come in pieces of `bufferBytes`: the proxy hands its buffer on when it is full. Sockets pass. */
  | 'buffered'
  /** What event streams bring comes every `bulkMs`, all at once. Sockets pass. */
  | 'bulk'
  /** Event streams and sockets that are open fall silent, pings and all; requests and new streams pass. */
  | 'silent-streams'
  /** Lists alone come after `slowMs`. */
  | 'slow-list';

export interface FaultProxy {
  readonly url: string;
  /** The deployment's address; another one may take its place. */
  target: string;
  /** One round trip; a new connection costs two. */
  roundTripMs: number;
  /** By how much the deployment's clock is off, as its `Date` headers say. */
  skewMs: number;
  /** Answers a request in its own way, or gives `false`. */
  answering: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  slowMs: number;
  bufferBytes: number;
  bulkMs: number;
  /** Both ways, with headers, without what event streams and sockets bring. */
  readonly bytes: number;
  readonly fault: Fault | undefined;
  /** From now on, until the next call; `undefined`: all is well. */
  begin(fault: Fault | undefined): Promise<void>;
  /** Ends each stream that is open, as a server that is shut down does. */
  endStreams(): void;
  /** Connections of clients that are open. */
  openConnections(): number;
  close(): Promise<void>;
}

const PAGE = '<!doctype html><html><head><title>Gateway</title></head><body><h1>Gateway</h1></body></html>';

const ANSWERS: Partial<Record<Fault, readonly [status: number, type: string, body: string, extra?: object]>> = {
  '502': [502, 'text/html', PAGE],
  '503': [503, 'text/html', PAGE],
  html: [200, 'text/html', PAGE],
  redirect: [307, 'text/html', PAGE, { location: 'https://sso.example.com/login?state=secret' }],
  'gateway-401': [401, 'text/html', PAGE],
  'gateway-403': [403, 'text/html', PAGE],
  'gateway-407': [407, 'text/html', PAGE],
  '429': [429, 'application/json', '{"message":"You have been rate limited."}'],
  '429-5s': [429, 'application/json', '{"message":"You have been rate limited."}', { 'retry-after': '5' }],
};

/** The first line, each header with its colon and line break, and the empty line. */
const headBytes = ({ rawHeaders, url = '' }: IncomingMessage): number =>
  url.length + 20 + rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);

export const startFaultProxy = async (target: string): Promise<FaultProxy> => {
  let upstream = new URL(target);
  const connections = new Set<Socket>();
  const known = new WeakSet<Socket>();
  const streams = new Set<ServerResponse>();
  const fromDeployment = new Set<Duplex | IncomingMessage>();
  let server: Server;
  let port = 0;
  let bytes = 0;
  let fault: Fault | undefined;

  const later = (ms: number, work: () => void): void => {
    if (ms <= 0) work();
    else setTimeout(work, ms).unref();
  };
  const distance = ({ socket, url = '' }: IncomingMessage): number => {
    const isNew = !known.has(socket);
    known.add(socket);
    const isSlow = fault === 'slow' || (fault === 'slow-list' && url.startsWith('/api/v2/workspaces?'));
    return proxy.roundTripMs * (isNew ? 2 : 1) + (isSlow ? proxy.slowMs : 0);
  };
  const track = (source: IncomingMessage | Socket): void => {
    fromDeployment.add(source);
    source.on('close', () => fromDeployment.delete(source));
    if (fault === 'half-open') source.pause();
  };

  /** Tells of each chunk of a stream whether the proxy keeps it for now. */
  const collect = (response: ServerResponse): ((chunk: Buffer) => boolean) => {
    let kept = Buffer.alloc(0);
    const flush = (length: number): void => {
      if (length > 0) response.write(kept.subarray(0, length));
      kept = kept.subarray(length);
    };
    const timer = setInterval(() => fault === 'bulk' && flush(kept.length), proxy.bulkMs).unref();
    response.on('close', () => clearInterval(timer));
    return (chunk) => {
      if (fault !== 'held-back' && fault !== 'buffered' && fault !== 'bulk') return false;
      kept = Buffer.concat([kept, chunk]);
      if (fault === 'buffered') flush(kept.length - (kept.length % proxy.bufferBytes));
      return true;
    };
  };

  /** Whether that fault has an answer of its own. */
  const answer = (which: Fault, response: ServerResponse): boolean => {
    const words = ANSWERS[which];
    if (words === undefined) return false;
    const [status, type, body, extra] = words;
    response.writeHead(status, { 'content-type': type, ...extra }).end(body);
    return true;
  };

  const forward = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { method, url: path, headers } = incoming;
    const asked = httpRequest({ host: upstream.hostname, port: upstream.port, method, path, headers, agent: false });
    asked.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') answer('502', response);
      else response.socket?.resetAndDestroy();
    });
    response.on('close', () => asked.destroy());
    asked.on('response', (given) => {
      const isStream = (given.headers['content-type'] ?? '').includes('event-stream');
      const date = new Date(Date.parse(given.headers.date ?? '') + proxy.skewMs).toUTCString();
      response.writeHead(given.statusCode ?? 502, { ...given.headers, date });
      response.flushHeaders();
      track(given);
      if (!isStream) {
        bytes += headBytes(incoming) + headBytes(given);
        given.on('data', (chunk: Buffer) => (bytes += chunk.length));
      }
      given.on('error', () => response.socket?.resetAndDestroy());
      const buffer = isStream ? collect(response) : undefined;
      given.on('data', (chunk: Buffer) => {
        if (buffer?.(chunk) === true) return;
        if (fault !== 'truncated') response.write(chunk);
        else response.write(chunk.subarray(0, chunk.length / 2), () => response.socket?.destroy());
      });
      given.on('end', () => response.end());
      if (!isStream) return;
      streams.add(response);
      response.on('close', () => streams.delete(response));
    });
    incoming.pipe(asked);
  };

  const onRequest = (incoming: IncomingMessage, response: ServerResponse): void => {
    later(distance(incoming), () => {
      if (fault === 'half-open' || (fault !== undefined && answer(fault, response))) return;
      if (proxy.answering?.(incoming, response) === true) return;
      forward(incoming, response);
    });
  };

  const onUpgrade = (incoming: IncomingMessage, client: Duplex, head: Buffer): void => {
    const { method = 'GET', url: path = '/', rawHeaders } = incoming;
    later(distance(incoming), () => {
      const answer = fault === undefined ? undefined : ANSWERS[fault];
      if (fault === 'half-open') return;
      if (answer !== undefined) {
        const [status] = answer;
        client.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
        return;
      }
      const asked = connect(Number(upstream.port), upstream.hostname, () => {
        const lines = [`${method} ${path} HTTP/1.1`];
        for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
        asked.write(`${lines.join('\r\n')}\r\n\r\n`);
        asked.write(head);
        client.pipe(asked).pipe(client);
      });
      track(asked);
      asked.on('error', () => client.destroy());
      asked.on('close', () => client.destroy());
      client.on('error', () => asked.destroy());
      client.on('close', () => asked.destroy());
      // The other end may be paused, and would never see that this one is gone.
      client.on('end', () => asked.destroy());
    });
  };

  const listen = (): Promise<void> => {
    server = createServer(onRequest);
    server.on('upgrade', onUpgrade);
    server.on('connection', (socket: Socket) => {
      if (fault === 'reset') {
        socket.resetAndDestroy();
        return;
      }
      connections.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => connections.delete(socket));
    });
    return new Promise((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        ({ port } = server.address() as AddressInfo);
        resolve();
      });
    });
  };
  const unlisten = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of connections) socket.resetAndDestroy();
    });

  const proxy: FaultProxy = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get target() {
      return upstream.href;
    },
    set target(next) {
      upstream = new URL(next);
    },
    roundTripMs: 0,
    skewMs: 0,
    answering: undefined,
    slowMs: 3_000,
    bufferBytes: 1_024,
    bulkMs: 2_000,
    get bytes() {
      return bytes;
    },
    get fault() {
      return fault;
    },
    async begin(next) {
      const before = fault;
      fault = next;
      if (before === 'down') await listen();
      if (before === 'half-open') for (const socket of connections) socket.resetAndDestroy();
      if (next === 'down') await unlisten();
      if (next === 'reset') for (const socket of connections) socket.resetAndDestroy();
      if (next === 'half-open' || next === 'silent-streams') for (const source of fromDeployment) source.pause();
    },
    endStreams() {
      for (const response of streams) response.end();
    },
    openConnections: () => connections.size,
    close: () => (fault === 'down' ? Promise.resolve() : unlisten()),
  };
  await listen();
  return proxy;
};
