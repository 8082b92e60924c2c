// The only way to the deployment that the extension is signed in to: the proxy of `http.proxy`.
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

const certificates = new URL('../contract/certificates/', import.meta.url);
const certificate = (name: string): string => readFileSync(new URL(name, certificates), 'utf8');

export interface DeploymentProxy {
  /** For `http.proxy`. */
  readonly url: string;
  /** What the deployment is called here; no name server knows it. */
  readonly deploymentUrl: string;
  /** A file with the authority that signed its certificate, for NODE_EXTRA_CA_CERTS. */
  readonly authority: string;
  close(): Promise<void>;
}

/** What went through: `rest`, `events` (server-sent) or `socket` (WebSocket). */
export interface Passed {
  readonly kind: 'rest' | 'events' | 'socket';
  /** With its query. */
  readonly path: string;
}

/**
 * Takes CONNECT to `elsewhere.test:443` and nothing else, speaks TLS there itself, and passes all on to `target`. Asked
 * for `/passed` by a plain request, it answers with each `Passed`.
 */
export async function startDeploymentProxy(target: URL): Promise<DeploymentProxy> {
  const passed: Passed[] = [];
  const open = new Set<Duplex>();
  const keep = <S extends Duplex>(socket: S): S => {
    open.add(socket);
    // A connection that breaks ends the other half, too; nobody here is to hear of it.
    return socket.on('error', () => undefined).on('close', () => open.delete(socket));
  };

  const server = http.createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(passed));
  });
  server.on('connect', ({ url }, socket: net.Socket) => {
    keep(socket);
    if (url !== 'elsewhere.test:443') {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    const near = keep(
      new TLSSocket(socket, {
        isServer: true,
        cert: certificate('elsewhere.pem'),
        key: certificate('loopback.key'),
      }),
    );
    const far = keep(net.connect(Number(target.port), target.hostname));
    near.on('data', (chunk: Buffer) => passed.push(...readHead(chunk.toString('latin1'))));
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    deploymentUrl: 'https://elsewhere.test',
    authority: new URL('authority.pem', certificates).pathname,
    async close() {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client sends its next request only after the answer, so that each begins a chunk. */
function readHead(text: string): Passed[] {
  const path = /^[A-Z]+ (\S+) HTTP\/1\.1\r\n/.exec(text)?.[1];
  if (path === undefined) return [];
  if (/^upgrade: websocket\r$/im.test(text)) return [{ kind: 'socket', path }];
  return [{ kind: /^accept: text\/event-stream\r$/im.test(text) ? 'events' : 'rest', path }];
}
