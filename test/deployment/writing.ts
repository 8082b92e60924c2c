/** Replies on their way out: with a response object, or straight onto the connection of a refused handshake. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Reply } from './exchange.ts';

export function sendReply(response: ServerResponse, reply: Reply, headers: Record<string, string>): void {
  const { body } = reply;
  response.writeHead(reply.status, {
    ...headers,
    ...reply.headers,
    ...(body === undefined ? {} : { 'content-type': body.type, 'content-length': Buffer.byteLength(body.bytes) }),
  });
  response.end(body?.bytes);
}

/** An ordinary HTTP answer instead of the upgrade. */
export function refuseUpgrade(transport: Duplex, reply: Reply, headers: Record<string, string>): void {
  const bytes = Buffer.from(reply.body?.bytes ?? '');
  const all: Record<string, string> = {
    ...headers,
    ...reply.headers,
    'content-type': reply.body?.type ?? 'text/plain; charset=utf-8',
    'content-length': String(bytes.length),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  transport.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${reply.status} Refused\r\n${lines.join('')}\r\n`), bytes]));
}
