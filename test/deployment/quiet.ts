/** Tells when nothing is under way between the deployment and the clients in this process. */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** So many turns of the event loop in which nothing moved: what arrived has been read, parsed and answered. */
const STILL_TURNS = 10;
const LONGEST_MS = 15_000;

/** Connections that clients in this process have opened, to whatever server. */
const clientSockets = new Set<Socket>();
let isListening = false;

function listenForClients(): void {
  if (isListening) return;
  isListening = true;
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    clientSockets.add(socket);
    socket.once('close', () => clientSockets.delete(socket));
  });
}

export interface QuietSources {
  /** The server's ends of all connections. */
  connections(): Iterable<Socket>;
  /** Requests that will be answered and are not yet, and work on the stored data that watchers will be told of. */
  underWay(): number;
}

export interface Quiet {
  /** @throws Error naming what is still under way, after 15 s */
  whenQuiet(): Promise<void>;
}

export function createQuiet(sources: QuietSources): Quiet {
  listenForClients();

  /** What moves; `undefined` while something has been sent that has not arrived. */
  function look(): string | undefined {
    if (sources.underWay() > 0) return undefined;
    const ends = new Map([...sources.connections()].map((server) => [server.remotePort, server]));
    let bytes = 0;
    for (const client of clientSockets) {
      if (client.connecting) return undefined;
      const server = ends.get(client.localPort);
      // A connection to another server, which may have the same local port, or one whose cable is cut: nothing will arrive.
      if (server === undefined || server.localPort !== client.remotePort || server.writableCorked > 0) continue;
      ends.delete(client.localPort);
      if (server.bytesWritten !== client.bytesRead || client.bytesWritten !== server.bytesRead) return undefined;
      bytes += server.bytesWritten + server.bytesRead;
    }
    // What is left belongs to other processes, or to clients that have gone and of which the server has not heard yet.
    return `${ends.size} ${clientSockets.size} ${bytes}`;
  }

  return {
    async whenQuiet() {
      const end = performance.now() + LONGEST_MS;
      let last: string | undefined;
      for (let still = 0; still < STILL_TURNS;) {
        await (last === undefined ? pause(1) : nextTurn());
        const now = look();
        still = now !== undefined && now === last ? still + 1 : 0;
        last = now;
        if (performance.now() > end)
          throw new Error(`the deployment never came to rest: ${sources.underWay()} under way, ${String(now)}`);
      }
    },
  };
}
