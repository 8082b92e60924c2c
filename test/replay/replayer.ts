/**
 * Replays recordings against a local deployment, with the scenario's ids, and collects what differs. What the scenario needs
 * besides what was recorded is done with `ask`, through the same API.
 */
import type { AgeName, Deployment } from '../deployment/index.ts';
import { logIds, rulesFor, unreadBodies, withoutLogIds } from './allowedDifferences.ts';
import { compareTrees, describe, type Difference } from './compare.ts';
import { Pairs } from './pairs.ts';
import { listRecordings, readExchange, type RecordingSet } from './recording.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed when it says that it is JSON. */
  body: unknown;
}

export const PASSWORD = 'SomeSecurePassword!';
const TIMEOUT_MS = 20_000;

export class Replayer {
  readonly age: AgeName;
  /** The recordings that are replayed. */
  readonly recordings: RecordingSet;
  readonly deployment: Deployment;
  readonly pairs = new Pairs();
  /** Token by who asks, in the recordings' words. */
  readonly tokens = new Map<string, string>([
    ['a malformed token', 'not a token'],
    ['an unknown token', 'AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB'],
  ]);
  readonly replayed = new Set<string>();
  readonly failures: string[] = [];

  constructor(deployment: Deployment, recordings: RecordingSet = deployment.age) {
    this.age = deployment.age;
    this.recordings = recordings;
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
    const { request, response } = readExchange(this.recordings, name);
    const recordedAt = Date.parse(response.headers.date ?? '');
    const answer = await this.ask(
      request.as,
      request.method,
      this.#translatePath(request.path),
      this.#translateBody(request.body, recordedAt),
    );
    if (answer.status !== response.status) {
      this.fail(name, `status: recorded ${response.status}, ours ${answer.status} ${answer.text.slice(0, 300)}`);
      this.replayed.add(name);
      return;
    }
    this.#compareHeaders(name, response.headers, answer.headers);
    if (!unreadBodies.has(name)) this.compare(name, response.body, answer.body);
    this.replayed.add(name);
  }

  #compareHeaders(name: string, recorded: Record<string, string>, ours: Headers): void {
    const exact = ['content-type', 'x-coder-build-version', 'x-ratelimit-limit', 'retry-after', 'www-authenticate'];
    const present = ['date', 'x-ratelimit-remaining', 'x-ratelimit-reset'];
    const plain = (value: string | null | undefined): string | undefined =>
      value?.replace(/http:\/\/127\.0\.0\.1:\d+/, '<url>');
    for (const header of exact)
      if (plain(recorded[header]) !== plain(ours.get(header)))
        this.fail(name, `header ${header}: recorded ${recorded[header] ?? 'none'}, ours ${ours.get(header) ?? 'none'}`);
    for (const header of present)
      if ((recorded[header] === undefined) !== (ours.get(header) === null))
        this.fail(name, `header ${header}: recorded ${recorded[header] ?? 'none'}, ours ${ours.get(header) ?? 'none'}`);
  }

  compare(name: string, recorded: unknown, ours: unknown): void {
    const differences: Difference[] = compareTrees(
      withoutLogIds(recorded),
      withoutLogIds(ours),
      this.pairs,
      rulesFor(this.age),
    );
    this.#learnLogIds(name, logIds(recorded), logIds(ours));
    for (const difference of differences) this.fail(name, describe(difference));
  }

  /** Log cursors are numbers: the same line has another number here, but always the same one. */
  #learnLogIds(name: string, recorded: readonly number[], ours: readonly number[]): void {
    for (const [n, id] of recorded.entries()) {
      const mine = ours[n];
      if (mine !== undefined && !this.pairs.learn(`log ${id}`, String(mine)))
        this.fail(name, `line ${id} was ${this.pairs.get(`log ${id}`) ?? ''}, now ${mine}`);
    }
  }

  #translatePath(path: string): string {
    return this.pairs
      .translate(path)
      .replace(
        /\b(after|before)=(\d+)(?=&|$)/g,
        (_, key: string, id: string) => `${key}=${this.pairs.must(`log ${id}`)}`,
      );
  }

  /** Ids become the scenario's, times keep their distance from now, the password is the scenario's. */
  #translateBody(body: unknown, recordedAt: number): unknown {
    if (body === undefined) return undefined;
    const moved = (time: string): string =>
      new Date(Date.parse(time) - recordedAt + this.deployment.store.clock.now()).toISOString();
    const text = this.pairs
      .translate(typeof body === 'string' ? body : JSON.stringify(body))
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, moved)
      .replaceAll('<password>', PASSWORD);
    return typeof body === 'string' ? text : (JSON.parse(text) as unknown);
  }

  fail(name: string, what: string): void {
    this.failures.push(`${name} ${what}`);
  }

  /** Plays a scenario to its end, or as far as it gets: a scenario that breaks off is a failure like the others. */
  async play(scenario: (replayer: Replayer) => Promise<void>): Promise<void> {
    try {
      await scenario(this);
    } catch (error) {
      this.fail('the scenario', `broke off: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Recordings that nobody replayed. */
  unplayed(): string[] {
    return listRecordings(this.recordings).filter((name) => !this.replayed.has(name));
  }

  async until(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
    const end = performance.now() + TIMEOUT_MS;
    while (!(await check())) {
      if (performance.now() > end) throw new Error(`timed out waiting for: ${what}`);
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
}
