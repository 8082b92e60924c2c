// A process of its own, so that sending is no part of what is measured: serves one log and tells its port.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { bodyBytes, exchange } from '../recorded.ts';
import { logFrames } from './logFrames.ts';

const age = process.argv[2] === 'v0' ? 'v0' : 'v2';
const frames = logFrames(age);
const plain = `[${frames.map((frame) => frame.trimEnd()).join(',')}]`;
const build = bodyBytes(exchange(age, 'build'));

const server = http.createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end((request.url ?? '').includes('/logs') ? plain : build);
});

/** As fast as the socket takes them, then the close that ends a job's log. */
const send = (socket: WebSocket): void => {
  for (const frame of frames) socket.send(frame);
  socket.close(1000);
};

new WebSocketServer({ server }).on('connection', send);
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
