/** What can go wrong, by name, at run time: for every request, or for those whose path matches. */
import type { Coding } from './compression.ts';

export type MisbehaviourName =
  /** Nobody listens: connections are refused, those that are open are cut. */
  | 'down'
  /** Answers come `delayMs` late (3 s). */
  | 'slow'
  /** A sign-on page of somebody else's, 200 and HTML. */
  | 'html'
  /** Coder's own refusal of a query. */
  | '400'
  | '401'
  /** 401 without a detail: the user was suspended (contract 1.3). */
  | 'suspended'
  | '403'
  | '404'
  /** Coder's 404 for what is absent or not to be seen. */
  | 'not-found'
  /** Coder's answers to a write that changes nothing, or can't be made now. */
  | '304'
  | '409'
  | '412'
  /** With `retryAfterSeconds`, or without the header when that is left out. */
  | '429'
  | '500'
  /** A gateway's own page, HTML: no word of Coder's about the session. */
  | 'gateway-401'
  | 'gateway-403'
  | 'gateway-407'
  /** The same in JSON, worded as Coder words it, as API gateways do. */
  | 'gateway-json-401'
  | 'gateway-json-503'
  | '502'
  | '503'
  /** The connection is reset before an answer. */
  | 'reset'
  /** What was asked for is done, and the connection is reset before the answer. */
  | 'lost-answer'
  /** The answer breaks off in its middle. */
  | 'truncated'
  /** The answer is cut JSON under a right content type and length. */
  | 'garbage'
  /** The answer goes on for ever. */
  | 'endless'
  /** Streams open, and then nothing comes: no frame, no ping. */
  | 'silent-stream'
  /** As a machine that lost its cable: what is open falls silent, and nothing is answered any more. */
  | 'half-open'
  /** The server's clock is off by `byMs` (1 h ahead). */
  | 'skewed-clock'
  /** V0: the jobs that run now read `failed`, without an error and without an end, and nobody is told (contract 5.2). */
  | 'heartbeat-lapse'
  /** 302 to `location`. */
  | 'redirect'
  /** No WebSocket gets through: the handshake is answered with `answer` (400), cut (`drop`) or not at all (`never`). */
  | 'no-websockets'
  /** Only the event stream is unknown here / only the WebSocket is. */
  | 'watch-404'
  | 'watch-ws-404'
  /** A proxy compresses every answer unasked, with `coding` (gzip). */
  | 'compressed'
  /** 403 for everything that lacks the header `header` (X-Gate). */
  | 'gate';

export type HandshakeAnswer = 400 | 403 | 426 | 502 | 200 | 'drop' | 'never';

export interface MisbehaviourOptions {
  /** Only requests whose path (with query) matches. */
  path?: RegExp;
  method?: string;
  /** Heals by itself after so many requests. */
  times?: number;
  delayMs?: number;
  byMs?: number;
  retryAfterSeconds?: number;
  location?: string;
  header?: string;
  coding?: Coding;
  answer?: HandshakeAnswer;
}

export interface ActiveMisbehaviour {
  name: MisbehaviourName;
  options: MisbehaviourOptions;
  left: number;
}

export interface Misbehaviours {
  add(name: MisbehaviourName, options: MisbehaviourOptions): void;
  remove(name?: MisbehaviourName): ActiveMisbehaviour[];
  /** The first one that applies, counted. */
  claim(method: string, path: string, headers: Readonly<Record<string, unknown>>): ActiveMisbehaviour | undefined;
  has(name: MisbehaviourName): boolean;
}

const STREAM_PATH = /\/watch|[?&]follow|dynamic-parameters$/;

const defaultPaths: Partial<Record<MisbehaviourName, RegExp>> = {
  'watch-404': /\/watch(?:\?|$)/,
  'watch-ws-404': /\/watch-ws(?:\?|$)/,
  'silent-stream': STREAM_PATH,
};

export function createMisbehaviours(): Misbehaviours {
  let active: ActiveMisbehaviour[] = [];
  return {
    add(name, options) {
      active.push({ name, options, left: options.times ?? Number.POSITIVE_INFINITY });
    },
    remove(name) {
      const gone = active.filter((item) => name === undefined || item.name === name);
      active = active.filter((item) => !gone.includes(item));
      return gone;
    },
    has: (name) => active.some((item) => item.name === name),
    claim(method, path, headers) {
      const found = active.find(({ name, options }) => {
        if (name === 'skewed-clock' || name === 'down' || name === 'heartbeat-lapse') return false;
        if (name === 'no-websockets' && headers.upgrade === undefined) return false;
        const pattern = options.path ?? defaultPaths[name];
        if (pattern !== undefined && !pattern.test(path)) return false;
        if (name === 'gate' && headers[(options.header ?? 'x-gate').toLowerCase()] !== undefined) return false;
        return options.method === undefined || options.method === method;
      });
      if (found !== undefined && --found.left <= 0) active = active.filter((item) => item !== found);
      return found;
    },
  };
}
