/** The deployment's door: HTTP requests and WebSocket handshakes, counted, limited, and made to misbehave. */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { authenticate } from './auth.ts';
import type { Engine } from './engine.ts';
import { json, Refusal, refusalReply, routeNotFound, text, type Call, type Reply } from './exchange.ts';
import type { ActiveMisbehaviour, Mischief } from './misbehaviour.ts';
import { dashboardPage, gatewayPage, signOnPage, tokenPage } from './pages.ts';
import { createRateLimiter } from './ratelimit.ts';
import type { Router, Streaming } from './router.ts';

export interface LoggedRequest {
  method: string;
  /** With the query. */
  path: string;
  /** True for a WebSocket handshake. */
  upgrade: boolean;
  /** Filled in when the answer is known. */
  status: number | undefined;
}

export interface ServerOptions {
  port: number;
  ratePerMinute: number;
  tls: { cert: string; key: string } | undefined;
  /** The token that `/cli-auth` shows. */
  browserToken: () => string;
}

export interface DeploymentServer {
  readonly requests: LoggedRequest[];
  port(): number;
  listen(): Promise<void>;
  /** Stops listening and cuts every connection. */
  stop(): Promise<void>;
  openSockets(): { total: number; byKind: Record<string, number> };
  /** Ends open streams: with a close code, or cut off without a word. */
  cutStreams(options?: { kind?: string; code?: number; reason?: string }): number;
  /** Nothing more is written to what is open now, and nothing is closed. */
  freeze(): void;
}

interface OpenStream {
  kind: string;
  socket: WebSocket | undefined;
  response: ServerResponse | undefined;
  transport: Socket;
}

const API = '/api/v2';

export function createServer(
  engine: Engine,
  router: Router,
  mischief: Mischief,
  options: ServerOptions,
): DeploymentServer {
  const { world } = engine;
  const limiter = createRateLimiter(engine.clock, options.ratePerMinute);
  const requests: LoggedRequest[] = [];
  const streams = new Set<OpenStream>();
  const connections = new Set<Socket>();
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: world.age.name === 'v0' ? { threshold: 512 } : false,
  });
  let server: Server | undefined;
  let { port } = options;

  const identity = (): Record<string, string> => ({
    'x-coder-build-version': world.age.version,
    date: new Date(engine.clock.now()).toUTCString(),
  });

  function keep(stream: OpenStream): () => void {
    streams.add(stream);
    return () => streams.delete(stream);
  }

  /** What to answer, or the stream to write into; headers include the limiter's. */
  function route(request: IncomingMessage, raw: Buffer, url: URL, upgrading: boolean) {
    const method = request.method ?? 'GET';
    if (!url.pathname.startsWith(`${API}/`) && url.pathname !== API)
      return { headers: {}, answer: page(url.pathname), kind: undefined };
    const path = url.pathname.slice(API.length) || '/';
    const limit = limiter.count(request.socket.remoteAddress ?? '', path);
    const call = (params: Record<string, string>, open: boolean): Call => {
      const user = open ? undefined : authenticate(world, request, url.searchParams).user;
      return {
        request,
        method,
        path,
        query: url.searchParams,
        params,
        raw,
        upgrading,
        get user() {
          return user ?? authenticate(world, request, url.searchParams).user;
        },
      };
    };
    try {
      if (limit.refusal !== undefined) throw limit.refusal;
      const socketRoute = upgrading ? router.findSocket(path, url.searchParams) : undefined;
      if (socketRoute !== undefined) {
        const accept = socketRoute.route.handler(engine, call(socketRoute.params, false));
        checkOrigin(request);
        return { headers: limit.headers, accept, kind: socketRoute.route.kind };
      }
      const found = router.find(method, path);
      if (found === undefined) throw routeNotFound();
      const answer = found.route.handler(engine, call(found.params, found.route.open));
      return { headers: limit.headers, answer, kind: path.endsWith('/watch') ? 'watch' : 'metadata' };
    } catch (error) {
      return { headers: limit.headers, answer: refuse(error), kind: undefined };
    }
  }

  function refuse(error: unknown): Reply {
    if (!(error instanceof Refusal)) {
      if (error instanceof URIError) return refusalReply(new Refusal(400, 'Malformed path.'));
      throw error;
    }
    const reply = refusalReply(error);
    // Contract 1.3: V2's auth layer adds a challenge, the same for every reason.
    if (
      error.status !== 401 ||
      error.detail === undefined ||
      world.age.name === 'v0' ||
      error.message.includes('identity')
    )
      return reply;
    const challenge =
      `Bearer realm="coder", error="invalid_token", error_description="The access token has expired", ` +
      `resource_metadata="${engine.accessUrl()}/.well-known/oauth-protected-resource"`;
    return { ...reply, headers: { 'www-authenticate': challenge } };
  }

  function page(path: string): Reply {
    const html = 'text/html; charset=utf-8';
    if (path === '/healthz') return text(200, 'OK');
    if (path === '/cli-auth') return text(200, tokenPage(options.browserToken()), html);
    if (path.startsWith('/external-auth/')) return text(200, dashboardPage, html);
    return text(200, dashboardPage, html);
  }

  function checkOrigin(request: IncomingMessage): void {
    const origin = request.headers.origin;
    if (origin === undefined) return;
    if (URL.canParse(origin) && new URL(origin).host === request.headers.host) return;
    throw new Refusal(403, `request Origin "${origin}" is not authorized for Host`);
  }

  function send(response: ServerResponse, reply: Reply, headers: Record<string, string>): void {
    const { body } = reply;
    response.writeHead(reply.status, {
      ...identity(),
      ...headers,
      ...reply.headers,
      ...(body === undefined ? {} : { 'content-type': body.type, 'content-length': Buffer.byteLength(body.bytes) }),
    });
    response.end(body?.bytes);
  }

  function stream(response: ServerResponse, kind: string, headers: Record<string, string>, write: Streaming): void {
    for (const [name, value] of Object.entries({ ...identity(), ...headers })) response.setHeader(name, value);
    const transport = response.socket;
    if (transport === null) return;
    transport.setNoDelay(true);
    const forget = keep({ kind, socket: undefined, response, transport });
    response.on('close', forget);
    write(response);
  }

  /** True when the misbehaviour has dealt with the request. */
  function misbehave(active: ActiveMisbehaviour, response: ServerResponse, go: () => void): void {
    const { name, options: how } = active;
    const html = (status: number, bytes: string): void => {
      response.writeHead(status, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(bytes) });
      response.end(bytes);
    };
    switch (name) {
      case 'slow':
        setTimeout(go, how.delayMs ?? 3000).unref();
        return;
      case 'html':
        return html(200, signOnPage);
      case '502':
      case '503':
        return html(Number(name), gatewayPage(Number(name)));
      case 'redirect':
        response.writeHead(302, { location: how.location ?? 'https://sso.example.com/login' });
        response.end();
        return;
      case '429': {
        const retry = how.retryAfterSeconds;
        const headers = retry === undefined ? {} : { 'retry-after': String(retry) };
        return send(response, json(429, { message: 'You have been rate limited.' }), headers);
      }
      case '401':
        return send(response, refuse(new Refusal(401, 'Signed out.', { detail: 'API key is invalid.' })), {});
      case '403':
      case 'gate':
        return send(response, json(403, { message: 'Forbidden.' }), {});
      case '404':
      case 'watch-404':
      case 'watch-ws-404':
        return send(response, refusalReply(routeNotFound()), {});
      case '500':
        return send(response, json(500, { message: 'Internal error.', detail: 'database is down' }), {});
      case 'reset':
        response.socket?.resetAndDestroy();
        return;
      case 'truncated':
        response.writeHead(200, { ...identity(), 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"workspaces":[');
        setTimeout(() => response.socket?.destroy(), 20).unref();
        return;
      case 'garbage':
        return send(response, text(200, '{"workspaces":[{"id":', 'application/json; charset=utf-8'), {});
      case 'endless': {
        response.writeHead(200, { ...identity(), 'content-type': 'application/json; charset=utf-8' });
        const more = (): void => {
          while (!response.destroyed && response.write('[0,'.padEnd(65_536, '0,')));
        };
        response.on('drain', more);
        more();
        return;
      }
      case 'silent-stream':
        response.writeHead(200, { ...identity(), 'content-type': 'text/event-stream' });
        response.flushHeaders();
        if (response.socket !== null) {
          const forget = keep({ kind: 'silent', socket: undefined, response, transport: response.socket });
          response.on('close', forget);
        }
        return;
      case 'half-open':
        return;
      case 'down':
      case 'skewed-clock':
        go();
    }
  }

  function readAll(request: IncomingMessage, done: (raw: Buffer) => void): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => done(Buffer.concat(chunks)));
  }

  function log(request: IncomingMessage, upgrade: boolean): LoggedRequest {
    const entry = { method: request.method ?? 'GET', path: request.url ?? '/', upgrade, status: undefined };
    requests.push(entry);
    return entry;
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const entry: LoggedRequest = log(request, false);
    response.on('close', () => void (entry.status = response.headersSent ? response.statusCode : undefined));
    readAll(request, (raw) => {
      const url = new URL(request.url ?? '/', 'http://deployment');
      const go = (): void => {
        const { answer, headers, kind } = route(request, raw, url, false);
        if (answer === undefined) return;
        if ('stream' in answer) stream(response, kind ?? 'stream', headers, answer.stream);
        else send(response, answer, headers);
      };
      const active = mischief.claim(entry.method, entry.path, request.headers);
      if (active === undefined) go();
      else misbehave(active, response, go);
    });
  }

  /** Answers a handshake with an ordinary HTTP reply. */
  function refuseUpgrade(transport: Duplex, reply: Reply, headers: Record<string, string>): void {
    const bytes = Buffer.from(reply.body?.bytes ?? '');
    const all: Record<string, string> = {
      ...identity(),
      ...headers,
      ...reply.headers,
      'content-type': reply.body?.type ?? 'text/plain; charset=utf-8',
      'content-length': String(bytes.length),
      connection: 'close',
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    transport.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${reply.status} Refused\r\n${lines.join('')}\r\n`), bytes]));
  }

  function misbehaveUpgrade(active: ActiveMisbehaviour, transport: Socket, go: () => void): void {
    const { name } = active;
    if (name === 'slow') setTimeout(go, active.options.delayMs ?? 3000).unref();
    else if (name === 'half-open') return;
    else if (name === 'reset' || name === 'truncated' || name === 'garbage' || name === 'endless')
      transport.resetAndDestroy();
    else if (name === 'html') refuseUpgrade(transport, text(200, signOnPage, 'text/html'), {});
    else if (name === 'redirect')
      refuseUpgrade(
        transport,
        { status: 302, headers: { location: active.options.location ?? 'https://sso.example.com/login' } },
        {},
      );
    else if (name === 'watch-404' || name === 'watch-ws-404')
      refuseUpgrade(transport, refusalReply(routeNotFound()), {});
    else if (name === 'gate') refuseUpgrade(transport, json(403, { message: 'Forbidden.' }), {});
    else refuseUpgrade(transport, json(Number(name), { message: 'Refused.' }), {});
  }

  function onUpgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    const transport = request.socket;
    transport.on('error', () => transport.destroy());
    const entry = log(request, true);
    const url = new URL(request.url ?? '/', 'http://deployment');
    const active = mischief.claim(entry.method, entry.path, request.headers);
    const silent = active?.name === 'silent-stream';
    const go = (): void => {
      const { answer, accept, headers, kind } = route(request, Buffer.alloc(0), url, true);
      if (answer !== undefined || accept === undefined) {
        const reply = answer !== undefined && !('stream' in answer) ? answer : text(426, 'WebSocket expected\n');
        entry.status = reply.status;
        refuseUpgrade(duplex, reply, headers);
        return;
      }
      entry.status = 101;
      sockets.handleUpgrade(request, duplex, head, (socket) => {
        socket.on('error', () => socket.terminate());
        socket.on('close', keep({ kind: silent ? 'silent' : kind, socket, response: undefined, transport }));
        if (!silent) accept(socket);
      });
    };
    if (active === undefined || silent) go();
    else misbehaveUpgrade(active, transport, go);
  }

  function listen(): Promise<void> {
    const made = options.tls === undefined ? createHttpServer(onRequest) : createHttpsServer(options.tls, onRequest);
    made.on('upgrade', onUpgrade);
    made.on('connection', (socket: Socket) => {
      connections.add(socket);
      socket.on('close', () => connections.delete(socket));
    });
    server = made;
    return new Promise((resolve, reject) => {
      made.once('error', reject);
      made.listen(port, '127.0.0.1', () => {
        made.off('error', reject);
        port = (made.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  return {
    requests,
    port: () => port,
    listen,
    stop() {
      const closing = server;
      server = undefined;
      for (const connection of connections) connection.destroy();
      return new Promise((resolve) => (closing === undefined ? resolve() : closing.close(() => resolve())));
    },
    openSockets() {
      const byKind: Record<string, number> = {};
      for (const { kind } of streams) byKind[kind] = (byKind[kind] ?? 0) + 1;
      return { total: streams.size, byKind };
    },
    cutStreams({ kind, code, reason } = {}) {
      const chosen = [...streams].filter((stream) => kind === undefined || stream.kind === kind);
      for (const { socket, response, transport } of chosen) {
        if (code === undefined) transport.destroy();
        else if (socket === undefined) response?.end();
        else socket.close(code, reason);
      }
      return chosen.length;
    },
    freeze() {
      // A cut cable: writes go nowhere and no goodbye arrives.
      for (const { transport } of streams) {
        transport.cork();
        transport.pause();
      }
    },
  };
}
