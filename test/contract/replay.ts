import '../steadyTime.ts';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { WebSocketServer } from 'ws';
import { bodyBytes, type Exchange, type SocketMoment } from '../recorded.ts';

export interface Replay {
  readonly url: string;
  /** Every request, as `METHOD target`. */
  readonly asked: string[];
  /** What answers from now on. */
  answer(handler: http.RequestListener): void;
  /** What a WebSocket gets from now on, all at once. */
  speak(moments: readonly SocketMoment[]): void;
}

/** A server on loopback that answers whatever it is told, for the tests of one file or suite. */
export const startReplay = async (): Promise<Replay> => {
  let handler: http.RequestListener = (_request, response) => response.writeHead(500).end();
  let moments: readonly SocketMoment[] = [];
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    handler(request, response);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    asked.push(`GET ${request.url ?? ''}`);
    const refused = moments.find((moment) => moment.event === 'refused');
    if (refused !== undefined) {
      const headers = Object.entries(refused.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${refused.status ?? 500} Refused\r\n${headers.join('')}\r\n${refused.body ?? ''}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      for (const moment of moments) {
        if (moment.event === 'text') connection.send(moment.data ?? '');
        if (moment.event === 'ping') connection.ping();
        if (moment.event === 'close') connection.close(moment.code, moment.reason);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    for (const connection of sockets.clients) connection.terminate();
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (next) => (handler = next),
    speak: (next) => (moments = next),
  };
};

/** Answers everything with one recorded exchange. */
export const replying =
  (recorded: Exchange): http.RequestListener =>
  (_request, response) => {
    const { connection: _connection, ...headers } = recorded.response.headers;
    response.writeHead(recorded.response.status, headers).end(bodyBytes(recorded));
  };
