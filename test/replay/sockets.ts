/** WebSockets of the scenario: opened as the recorder did, kept, and held against the recording. */
import { WebSocket } from 'ws';
import { collapse, essence } from './frames.ts';
import { readSocket, type SocketEvent } from './recording.ts';
import type { Replayer } from './replayer.ts';

export class OpenSocket {
  readonly events: SocketEvent[] = [];
  readonly #socket: WebSocket;
  readonly #start = performance.now();

  constructor(url: string, token: string | undefined) {
    this.#socket = new WebSocket(url, {
      perMessageDeflate: false,
      headers: token === undefined ? {} : { 'coder-session-token': token },
    });
    const note = (event: Omit<SocketEvent, 't'>): void =>
      void this.events.push({ t: performance.now() - this.#start, ...event });
    this.#socket.on('open', () => note({ event: 'open' }));
    this.#socket.on('message', (data: Buffer, binary) =>
      note({ event: binary ? 'binary' : 'text', data: data.toString('utf8') }),
    );
    this.#socket.on('ping', (data) => note({ event: 'ping', data: data.toString('utf8') }));
    this.#socket.on('close', (code, reason) => note({ event: 'close', code, reason: reason.toString('utf8') }));
    this.#socket.on('error', () => undefined);
    this.#socket.on('unexpected-response', (_, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => void chunks.push(chunk));
      response.on('end', () =>
        note({
          event: 'refused',
          status: response.statusCode ?? 0,
          headers: { 'content-type': response.headers['content-type'] ?? '' },
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
  }

  send(data: string | Buffer): void {
    this.#socket.send(data);
  }

  count(event: string): number {
    return this.events.filter((item) => item.event === event).length;
  }

  /** As the recorder did: cut off, not closed. */
  terminate(): void {
    this.events.push({ t: performance.now() - this.#start, event: 'terminated by the client' });
    this.#socket.removeAllListeners('close');
    this.#socket.terminate();
  }
}

export const openSocket = (replayer: Replayer, path: string, as = 'owner'): OpenSocket =>
  new OpenSocket(`${replayer.deployment.url.replace('http', 'ws')}${path}`, replayer.tokens.get(as));

function essenceOf(item: SocketEvent): string {
  if (item.data === undefined) return item.event;
  const frame = JSON.parse(item.data) as { type?: string; data?: unknown };
  return `${item.event} ${frame.type ?? ''} ${essence(frame.data ?? null)}`;
}

/** Whether its last frame is of a workspace in that state, as `essence` words it. */
export const isToldOf = ({ events }: Pick<OpenSocket, 'events'>, state: string): boolean => {
  const last = events.findLast(({ event }) => event === 'text');
  return last !== undefined && essenceOf(last).endsWith(state);
};

const refusalOf = (event: SocketEvent): string =>
  `${event.event} ${event.code ?? ''} ${event.reason ?? ''} ${event.status ?? ''} ${event.headers?.['content-type'] ?? ''}`;

/**
 * Events in order, frames, close code and reason, a refusal's status and type, protocol pings. `collapsed`: frames that
 * repeat what the one before said count once. `only`: nothing else of what happened on our side counts.
 */
export function compareSocket(
  replayer: Replayer,
  name: string,
  socket: Pick<OpenSocket, 'events'>,
  options: { collapsed?: boolean; only?: string } = {},
): void {
  const full = `${name}.ws`;
  replayer.replayed.add(full);
  const recorded = readSocket(replayer.age, name);
  const ours = socket.events.filter((item) => options.only === undefined || item.event === options.only);
  comparePings(replayer, full, recorded, ours);
  const told = (events: readonly SocketEvent[]): SocketEvent[] => {
    const kept = events.filter((item) => item.event !== 'ping');
    return options.collapsed === true ? collapse(kept, essenceOf) : kept;
  };
  const [a, b] = [told(recorded), told(ours)];
  const outline = (events: readonly SocketEvent[]): string => events.map(refusalOf).join(', ');
  if (outline(a) !== outline(b)) {
    replayer.fail(full, `events: recorded ${outline(a)}; ours ${outline(b)}`);
    return;
  }
  for (const [n, event] of a.entries()) {
    const theirs = event.data ?? event.body;
    const mine = b[n]?.data ?? b[n]?.body;
    if (theirs === undefined || mine === undefined) continue;
    if (event.event === 'binary') {
      if (theirs !== mine) replayer.fail(full, `[${n}] bytes: ours ${JSON.stringify(mine)}`);
      continue;
    }
    if (event.event === 'text' && theirs.endsWith('\n') !== mine.endsWith('\n'))
      replayer.fail(full, `[${n}] newline at the end`);
    replayer.compare(full, JSON.parse(theirs), JSON.parse(mine));
  }
}

function comparePings(
  replayer: Replayer,
  name: string,
  recorded: readonly SocketEvent[],
  ours: readonly SocketEvent[],
): void {
  const data = (events: readonly SocketEvent[]): string[] =>
    events.filter((item) => item.event === 'ping').map((item) => item.data ?? '');
  const mine = data(ours);
  for (const [n, ping] of data(recorded).entries())
    if (mine[n] !== ping) replayer.fail(name, `ping ${n}: recorded ${ping}, ours ${mine[n] ?? 'none'}`);
}
