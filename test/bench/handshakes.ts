// What one short read costs over TLS: with a handshake of its own, with a resumed session, by a connection kept open.
import { Agent, type RequestOptions } from 'node:https';
import { performance } from 'node:perf_hooks';
import type { request } from 'node:https';
import * as tls from 'node:tls';

export interface HandshakeCost {
  readonly what: string;
  readonly cpuMs: number;
  readonly elapsedMs: number;
  /** Both ways, below TLS. */
  readonly bytes: number;
  /** Connections for `READS` reads, and how many of these resumed a session. */
  readonly connections: number;
  readonly resumed: number;
}

export const READS = 40;

/** `authority`: what is trusted beside the roots that Node and the system bring; absent: the surroundings decide. */
export const measureHandshakes = async (
  send: typeof request,
  url: string,
  authority?: string,
): Promise<HandshakeCost[]> => {
  const trust = authority === undefined ? {} : { ca: [...tls.rootCertificates, authority] };
  const context = tls.createSecureContext({
    ca: [...tls.rootCertificates, ...(authority === undefined ? [] : [authority])],
  });
  let session: Buffer | undefined;
  const keepAlive = new Agent({ keepAlive: true });
  const modes: readonly (readonly [string, () => RequestOptions])[] = [
    ['a handshake each', () => ({ ...trust, agent: false })],
    ['a resumed session each', () => ({ ...trust, agent: false, ...(session === undefined ? {} : { session }) })],
    // What the extension sends with: VS Code replaces every agent.
    ['the global agent', () => ({ ...trust })],
    ['an agent that keeps connections open', () => ({ ...trust, agent: keepAlive })],
    ...(authority === undefined
      ? []
      : ([
          ['a handshake each, with a prepared secure context', () => ({ agent: false, secureContext: context })],
        ] as const)),
    ...(authority === undefined
      ? []
      : ([
          [
            'a resumed session each, with a prepared secure context',
            () => ({ agent: false, secureContext: context, ...(session === undefined ? {} : { session }) }),
          ],
        ] as const)),
  ];
  const costs: HandshakeCost[] = [];
  for (const [what, options] of modes) {
    const sockets = new Map<tls.TLSSocket, number>();
    const read = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const outgoing = send(`${url}/read`, options(), (incoming) => {
          incoming.resume();
          incoming.on('end', resolve);
        });
        outgoing.on('error', reject);
        outgoing.on('socket', (plain) => {
          const socket = plain as tls.TLSSocket;
          if (sockets.has(socket)) return;
          sockets.set(socket, 0);
          socket.on('session', (given: Buffer) => (session = given));
          socket.on('secureConnect', () => socket.isSessionReused() && sockets.set(socket, 1));
        });
        outgoing.end();
      });
    for (let warmUp = 0; warmUp < 5; warmUp += 1) await read();
    sockets.clear();
    const [cpu, began] = [process.cpuUsage(), performance.now()];
    const count = async (): Promise<number> => Number(await text(send, `${url}/bytes`, { ...trust, agent: false }));
    const before = await count();
    for (let reads = 0; reads < READS; reads += 1) await read();
    const { user, system } = process.cpuUsage(cpu);
    costs.push({
      what,
      cpuMs: (user + system) / 1000 / (READS + 1),
      elapsedMs: (performance.now() - began) / (READS + 1),
      bytes: Math.round(((await count()) - before) / READS),
      connections: sockets.size,
      resumed: [...sockets.values()].reduce((sum, each) => sum + each, 0),
    });
  }
  keepAlive.destroy();
  return costs;
};

const text = (send: typeof request, url: string, options: RequestOptions): Promise<string> =>
  new Promise((resolve, reject) => {
    const outgoing = send(url, options, (incoming) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => resolve(body));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
