// Stands between a client and a server on loopback, as far away as wanted, and counts what passes.
import * as net from 'node:net';

/** Bytes both ways, of connections that were closed after an answer and of those that stay open as streams. */
export interface Traffic {
  readonly httpBytes: number;
  readonly streamBytes: number;
  readonly requests: number;
  /** The most that were open at once. */
  readonly mostStreams: number;
  readonly mostOthers: number;
}

export interface Relay {
  readonly port: number;
  traffic(): Traffic;
  /** Counts from here on. */
  reset(): void;
  close(): void;
}

const STREAM = /^GET [^ ]*(?:\/watch|\/watch-ws|[?&]follow)/;

/** Relays to `targetPort`; what is sent arrives half of `distanceMs` (a round trip) later, a connection's opening, too. */
export const startRelay = async (targetPort: number, distanceMs: number): Promise<Relay> => {
  const zero = { httpBytes: 0, streamBytes: 0, requests: 0, mostStreams: 0, mostOthers: 0 };
  let count = { ...zero };
  const open = { streams: 0, others: 0 };
  const later = (work: () => void): void => {
    if (distanceMs === 0) work();
    else setTimeout(work, distanceMs / 2);
  };
  const carry = (from: net.Socket, to: net.Socket, onBytes: (chunk: Buffer) => void): void => {
    from.on('data', (chunk: Buffer) => {
      onBytes(chunk);
      later(() => to.writable && to.write(chunk));
    });
    from.on('end', () => later(() => to.end()));
    from.on('close', () => later(() => to.destroy()));
    from.on('error', () => to.destroy());
  };
  const server = net.createServer((client) => {
    let kind: 'streams' | 'others' | undefined;
    client.setNoDelay(true);
    // A handshake takes a round trip before the first byte is sent: the half that is missing here is added to it.
    const upstream = net.connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const add = (bytes: number): void => {
      if (kind === 'streams') count.streamBytes += bytes;
      else count.httpBytes += bytes;
    };
    const begin = (chunk: Buffer): void => {
      const text = chunk.toString('latin1', 0, 300);
      if (!/^[A-Z]+ \//.test(text)) return;
      count.requests += 1;
      // A connection that was kept open may serve a stream next.
      if (kind !== undefined) open[kind] -= 1;
      kind = STREAM.test(text) ? 'streams' : 'others';
      open[kind] += 1;
      count.mostStreams = Math.max(count.mostStreams, open.streams);
      count.mostOthers = Math.max(count.mostOthers, open.others);
    };
    client.pause();
    setTimeout(() => client.resume(), distanceMs);
    carry(client, upstream, (chunk) => {
      begin(chunk);
      add(chunk.length);
    });
    carry(upstream, client, (chunk) => add(chunk.length));
    client.on('close', () => {
      if (kind !== undefined) open[kind] -= 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    traffic: () => count,
    reset: () => (count = { ...zero, mostStreams: open.streams, mostOthers: open.others }),
    close: () => server.close(),
  };
};
