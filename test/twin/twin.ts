/**
 * Replays recordings against a local deployment, with the scene's ids, and collects what differs. What the scene needs
 * besides what was recorded is done with `ask`, through the same API.
 */
import { WebSocket } from 'ws';
import type { AgeName, Deployment } from '../deployment/index.ts';
import { rulesFor, unreadBodies } from './allowed.ts';
import { compareTrees, describe, type Difference } from './compare.ts';
import { collapse, essence, parseEvents } from './frames.ts';
import { Pairs } from './pairs.ts';
import {
  listRecordings,
  readEventHeaders,
  readEvents,
  readExchange,
  readSocket,
  type SocketEvent,
} from './recording.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed when it says that it is JSON. */
  body: unknown;
}

export const PASSWORD = 'SomeSecurePassword!';
const PATIENCE_MS = 20_000;

export class Twin {
  readonly age: AgeName;
  readonly deployment: Deployment;
  readonly pairs = new Pairs();
  /** Token by who asks, in the recordings' words. */
  readonly tokens = new Map<string, string>([
    ['a malformed token', 'not a token'],
    ['an unknown token', 'AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB'],
  ]);
  readonly replayed = new Set<string>();
  readonly failures: string[] = [];

  constructor(deployment: Deployment) {
    this.age = deployment.age;
    this.deployment = deployment;
  }

  async ask(as: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const token = this.tokens.get(as);
    const tar = body instanceof Uint8Array;
    const sent = tar || typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(this.deployment.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { 'coder-session-token': token }),
        ...(tar ? { 'content-type': 'application/x-tar' } : {}),
      },
      ...(sent === undefined ? {} : { body: sent as string }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : text };
  }

  /** As `ask`, for what must succeed. */
  async make(as: string, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await this.ask(as, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body as Record<string, unknown>;
  }

  /** Sends what was recorded and compares the answer. */
  async replay(...names: string[]): Promise<void> {
    for (const name of names) await this.#replayOne(name);
  }

  async #replayOne(name: string): Promise<void> {
    const { request, response } = readExchange(this.age, name);
    const recordedAt = Date.parse(response.headers.date ?? '');
    const answer = await this.ask(
      request.as,
      request.method,
      this.#translatePath(request.path),
      this.#translateBody(request.body, recordedAt),
    );
    if (answer.status !== response.status) {
      this.#fail(name, `status: recorded ${response.status}, ours ${answer.status} ${answer.text.slice(0, 300)}`);
      this.replayed.add(name);
      return;
    }
    this.#compareHeaders(name, response.headers, answer.headers);
    if (!unreadBodies.has(name)) this.#compare(name, response.body, answer.body);
    this.replayed.add(name);
  }

  #compareHeaders(name: string, recorded: Record<string, string>, ours: Headers): void {
    const exact = ['content-type', 'x-coder-build-version', 'x-ratelimit-limit', 'retry-after', 'www-authenticate'];
    const present = ['date', 'x-ratelimit-remaining', 'x-ratelimit-reset'];
    const plain = (value: string | null | undefined): string | undefined =>
      value?.replace(/http:\/\/127\.0\.0\.1:\d+/, '<url>');
    for (const header of exact)
      if (plain(recorded[header]) !== plain(ours.get(header)))
        this.#fail(
          name,
          `header ${header}: recorded ${recorded[header] ?? 'none'}, ours ${ours.get(header) ?? 'none'}`,
        );
    for (const header of present)
      if ((recorded[header] === undefined) !== (ours.get(header) === null))
        this.#fail(
          name,
          `header ${header}: recorded ${recorded[header] ?? 'none'}, ours ${ours.get(header) ?? 'none'}`,
        );
  }

  #compare(name: string, recorded: unknown, ours: unknown): void {
    const differences: Difference[] = compareTrees(recorded, ours, this.pairs, rulesFor(this.age));
    for (const difference of differences) this.#fail(name, describe(difference));
    this.#learnLogIds(recorded, ours);
  }

  /** Log cursors are numbers: the same line has another number here. */
  #learnLogIds(recorded: unknown, ours: unknown): void {
    const ids = (value: unknown): number[] =>
      (Array.isArray(value) ? value : [value]).flatMap((line: unknown) => {
        const entry = line as { id?: unknown; stage?: unknown } | null;
        return typeof entry?.id === 'number' && typeof entry.stage === 'string' ? [entry.id] : [];
      });
    const theirs = ids(recorded);
    const mine = ids(ours);
    for (const [n, id] of theirs.entries()) {
      const other = mine[n];
      if (other !== undefined) this.pairs.learn(`log ${id}`, String(other));
    }
  }

  #translatePath(path: string): string {
    return this.pairs
      .translate(path)
      .replace(/\b(after|before)=(\d+)(?=&|$)/g, (_, key: string, id: string) => `${key}=${this.pairs.must(`log ${id}`)}`);
  }

  /** Ids become the scene's, times keep their distance from now, the password is the scene's. */
  #translateBody(body: unknown, recordedAt: number): unknown {
    if (body === undefined) return undefined;
    const moved = (time: string): string =>
      new Date(Date.parse(time) - recordedAt + this.deployment.world.clock.now()).toISOString();
    const text = this.pairs
      .translate(typeof body === 'string' ? body : JSON.stringify(body))
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, moved)
      .replaceAll('<password>', PASSWORD);
    return typeof body === 'string' ? text : (JSON.parse(text) as unknown);
  }

  #fail(name: string, what: string): void {
    this.failures.push(`${name} ${what}`);
  }

  /** Plays a scene to its end, or as far as it gets: a scene that breaks off is a failure like the others. */
  async play(scene: (twin: Twin) => Promise<void>): Promise<void> {
    try {
      await scene(this);
    } catch (error) {
      this.#fail('the scene', `broke off: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Recordings that nobody replayed. */
  unplayed(): string[] {
    return listRecordings(this.age).filter((name) => !this.replayed.has(name));
  }

  async until(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!(await check())) {
      if (performance.now() > end) throw new Error(`waited in vain for: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits until the workspace's latest build has that status. */
  async untilStatus(workspaceId: string, status: string): Promise<void> {
    await this.until(`${workspaceId} ${status}`, async () => {
      const answer = await this.ask('owner', 'GET', `/api/v2/workspaces/${workspaceId}?include_deleted=true`);
      const build = (answer.body as { latest_build?: { status?: string } }).latest_build;
      return build?.status === status;
    });
  }

  /** Opens the WebSocket and keeps what comes; `compareSocket` later holds it against the recording. */
  openSocket(path: string, as = 'owner'): OpenSocket {
    return new OpenSocket(`${this.deployment.url.replace('http', 'ws')}${path}`, this.tokens.get(as));
  }

  /** `collapsed`: frames that repeat what the one before said count once. `asLongAs`: ours may hold more of the same. */
  compareSocket(name: string, ours: readonly SocketEvent[], how: 'exact' | 'collapsed' | 'first' = 'exact'): void {
    const full = `${name}.ws`;
    this.replayed.add(full);
    const meaningful = (events: readonly SocketEvent[]): SocketEvent[] => {
      const kept = events.filter((item) => item.event !== 'ping');
      if (how === 'first')
        return kept.filter((item) => item.event !== 'text').concat(kept.find((item) => item.event === 'text') ?? []);
      return how === 'exact' ? kept : collapse(kept, (item) => `${item.event} ${essenceOf(item)}`);
    };
    const [a, b] = [meaningful(readSocket(this.age, name)), meaningful(ours)];
    const outline = (events: readonly SocketEvent[]): string => events.map((item) => item.event).join(' ');
    if (outline(a) !== outline(b)) {
      this.#fail(full, `events: recorded ${outline(a)}, ours ${outline(b)}`);
      return;
    }
    for (const [n, recorded] of a.entries()) {
      const mine = b[n];
      if (mine === undefined) return;
      const { code, reason, status } = recorded;
      if (code !== mine.code || reason !== mine.reason || status !== mine.status)
        this.#fail(
          full,
          `[${n}] recorded ${code ?? ''} ${reason ?? ''} ${status ?? ''}, ours ${mine.code ?? ''} ${mine.reason ?? ''} ${mine.status ?? ''}`,
        );
      if (recorded.headers?.['content-type'] !== mine.headers?.['content-type'])
        this.#fail(full, `[${n}] content type of the refusal: ours ${mine.headers?.['content-type'] ?? 'none'}`);
      if (recorded.event === 'binary') {
        if (recorded.data !== mine.data) this.#fail(full, `[${n}] bytes differ: ours ${JSON.stringify(mine.data)}`);
        continue;
      }
      const [theirText, myText] = [recorded.data ?? recorded.body, mine.data ?? mine.body];
      if (theirText === undefined || myText === undefined) continue;
      if (recorded.event === 'text' && theirText.endsWith('\n') !== myText.endsWith('\n'))
        this.#fail(full, `[${n}] newline at the end`);
      this.#compare(full, JSON.parse(theirText), JSON.parse(myText));
    }
    this.#pingsOf(full, readSocket(this.age, name), ours);
  }

  #pingsOf(name: string, recorded: readonly SocketEvent[], ours: readonly SocketEvent[]): void {
    const data = (events: readonly SocketEvent[]): string[] =>
      events.filter((item) => item.event === 'ping').map((item) => item.data ?? '');
    for (const [n, ping] of data(recorded).entries())
      if (data(ours)[n] !== ping) this.#fail(name, `ping ${n}: recorded ${ping}, ours ${data(ours)[n] ?? 'none'}`);
  }

  openEvents(path: string): OpenEvents {
    return new OpenEvents(`${this.deployment.url}${path}`, this.tokens.get('owner'));
  }

  async compareEvents(name: string, stream: OpenEvents): Promise<void> {
    const full = `${name}.sse`;
    this.replayed.add(full);
    const headers = await stream.headers();
    const expected =
      listRecordings(this.age).includes(full) && name === 'watch' ? readEventHeaders(this.age, name) : {};
    for (const [header, value] of Object.entries(expected))
      if (headers.get(header) !== value) this.#fail(full, `header ${header}: ours ${headers.get(header) ?? 'none'}`);
    const frames = (bytes: string) => {
      const all = parseEvents(bytes);
      const data = all
        .filter((frame) => frame.event !== 'ping')
        .map((frame) => JSON.parse(frame.data ?? 'null') as unknown);
      return { first: all[0]?.event, pings: all.length - data.length, data: collapse(data, essence) };
    };
    const [a, b] = [frames(readEvents(this.age, name)), frames(stream.bytes)];
    if (a.first !== b.first) this.#fail(full, `first frame: recorded ${a.first ?? 'none'}, ours ${b.first ?? 'none'}`);
    if (a.pings > b.pings) this.#fail(full, `pings: recorded ${a.pings}, ours ${b.pings}`);
    const outline = (data: readonly unknown[]): string => data.map(essence).join(', ');
    if (a.data.length !== b.data.length)
      this.#fail(full, `frames: recorded ${outline(a.data)}; ours ${outline(b.data)}`);
    for (const [n, recorded] of a.data.entries()) if (n < b.data.length) this.#compare(full, recorded, b.data[n]);
  }
}

function essenceOf(item: SocketEvent): string {
  if (item.data === undefined) return '';
  const frame = JSON.parse(item.data) as { type?: string; data?: unknown };
  return `${frame.type ?? ''} ${essence(frame.data ?? null)}`;
}

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

export class OpenEvents {
  bytes = '';
  readonly #abort = new AbortController();
  readonly #response: Promise<Response>;

  constructor(url: string, token: string | undefined) {
    this.#response = fetch(url, { headers: { 'coder-session-token': token ?? '' }, signal: this.#abort.signal });
    this.#response.then((response) => this.#read(response)).catch(() => undefined);
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) this.bytes += decoder.decode(chunk as Uint8Array, { stream: true });
  }

  async headers(): Promise<Headers> {
    return (await this.#response).headers;
  }

  count(event: string): number {
    return this.bytes.split(`event: ${event}\n`).length - 1;
  }

  close(): void {
    this.#abort.abort();
  }
}
