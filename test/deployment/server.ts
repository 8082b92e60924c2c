/** The deployment's door: HTTP requests and WebSocket handshakes on loopback, which may be made to misbehave. */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { createConnections, type CutOptions, type StreamCount } from './connections.ts';
import { createDispatch, type Answer } from './dispatch.ts';
import type { Engine } from './engine.ts';
import { holdPort } from './heldPort.ts';
import type { Misbehaviours } from './misbehaviour.ts';
import { misbehave, misbehaveOnUpgrade } from './misbehaviourReplies.ts';
import { createQuiet } from './quiet.ts';
import type { Router } from './router.ts';
import { refuseUpgrade, sendReply } from './writing.ts';

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
  /** Stops listening and cuts every connection; the port stays its own. */
  stop(): Promise<void>;
  /** The same for good. */
  close(): Promise<void>;
  openSockets(): StreamCount;
  cutStreams(options: CutOptions): number;
  freeze(): void;
  /** See `Deployment.whenQuiet`. */
  whenQuiet(): Promise<void>;
}

export function createServer(
  engine: Engine,
  router: Router,
  misbehaviours: Misbehaviours,
  options: ServerOptions,
): DeploymentServer {
  const { age } = engine.store;
  const dispatch = createDispatch(engine, router, options.ratePerMinute, options.browserToken);
  const connections = createConnections();
  const requests: LoggedRequest[] = [];
  const sockets = new WebSocketServer({
    noServer: true,
    // Contract 1.7: V0 compresses messages over 512 bytes when it is offered that.
    perMessageDeflate: age.name === 'v0' ? { threshold: 512 } : false,
  });
  const answering = new Set<ServerResponse | Duplex>();
  const quiet = createQuiet({
    connections: () => connections.all(),
    underWay: () => answering.size + engine.pace.underWay(),
  });
  let server: Server | undefined;
  let release: (() => void) | undefined;
  let { port } = options;

  const identity = (): Record<string, string> => ({
    'x-coder-build-version': age.version,
    date: new Date(engine.clock.now()).toUTCString(),
  });

  function log(request: IncomingMessage, upgrade: boolean): LoggedRequest {
    const entry = { method: request.method ?? 'GET', path: request.url ?? '/', upgrade, status: undefined };
    requests.push(entry);
    return entry;
  }

  function keepStream(kind: string, response: ServerResponse): void {
    const transport = response.socket;
    if (transport === null) return;
    transport.setNoDelay(true);
    response.on('close', connections.keep({ kind, response, transport }));
  }

  function write(answer: Answer, response: ServerResponse): void {
    if (answer.is === 'socket') return;
    const headers = { ...identity(), ...answer.headers };
    if (answer.is === 'reply') {
      sendReply(response, answer.reply, headers);
      return;
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answering.delete(response);
    // Whoever asked left before the answer came, which nothing would tell the stream.
    if (response.destroyed) return;
    keepStream(answer.kind, response);
    answer.write(response);
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const entry = log(request, false);
    answering.add(response);
    response.on('close', () => {
      answering.delete(response);
      if (response.headersSent) entry.status = response.statusCode;
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const goOn = (): void => write(dispatch(request, Buffer.concat(chunks), false), response);
      const active = misbehaviours.claim(entry.method, entry.path, request.headers);
      // All but `slow` answer at once, or not at all.
      if (active !== undefined && active.name !== 'slow') answering.delete(response);
      if (active === undefined) goOn();
      else if (active.name === 'lost-answer') {
        dispatch(request, Buffer.concat(chunks), false);
        response.socket?.resetAndDestroy();
      } else misbehave(active, response, identity(), goOn, () => keepStream('silent', response));
    });
  }

  function onUpgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    const transport = request.socket;
    transport.on('error', () => transport.destroy());
    const entry = log(request, true);
    const active = misbehaviours.claim(entry.method, entry.path, request.headers);
    const silent = active?.name === 'silent-stream';
    const goOn = (): void => {
      answering.delete(duplex);
      const answer = dispatch(request, Buffer.alloc(0), true);
      if (answer.is !== 'socket') {
        const reply = answer.is === 'reply' ? answer.reply : { status: 426 };
        entry.status = reply.status;
        refuseUpgrade(duplex, reply, { ...identity(), ...answer.headers });
        return;
      }
      entry.status = 101;
      sockets.handleUpgrade(request, duplex, head, (socket) => {
        socket.on('error', () => socket.terminate());
        socket.on('close', connections.keep({ kind: silent ? 'silent' : answer.kind, socket, transport }));
        if (!silent) answer.accept(socket);
      });
    };
    if (active === undefined || silent) {
      goOn();
      return;
    }
    if (active.name === 'slow') answering.add(duplex);
    duplex.once('close', () => answering.delete(duplex));
    misbehaveOnUpgrade(active, transport, identity(), goOn);
  }

  function listen(): Promise<void> {
    const made = options.tls === undefined ? createHttpServer(onRequest) : createHttpsServer(options.tls, onRequest);
    made.on('upgrade', onUpgrade);
    made.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => connections.add(socket));
    server = made;
    release?.();
    release = undefined;
    return new Promise((resolve, reject) => {
      made.once('error', reject);
      made.listen(port, '127.0.0.1', () => {
        made.off('error', reject);
        port = (made.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  function close(): Promise<void> {
    const closing = server;
    server = undefined;
    connections.cutAll();
    return new Promise((resolve) => {
      if (closing === undefined) resolve();
      else closing.close(() => resolve());
    });
  }

  return {
    requests,
    port: () => port,
    listen,
    async stop() {
      await close();
      release ??= await holdPort(port);
    },
    async close() {
      await close();
      release?.();
    },
    openSockets: () => connections.count(),
    cutStreams: (how) => connections.cutStreams(how),
    freeze: () => connections.freeze(),
    whenQuiet: () => quiet.whenQuiet(),
  };
}
