/** Every difference between the local deployment and the recordings that the replay test lets pass, and why. */
import type { AgeName } from '../deployment/index.ts';
import type { Rules } from './compare.ts';

export interface Allowance {
  /** Path (without indexes) whose value may differ; its type, and whether it is empty, may not. */
  path: RegExp;
  because: string;
}

export const allowances: readonly Allowance[] = [
  { path: /^\$\.(message|detail)$/, because: 'the recordings hold sentences of their own, not the server’s' },
  { path: /validations\.detail$/, because: 'the recordings hold sentences of their own, not the server’s' },
  { path: /^\$\.diagnostics\.detail$/, because: 'the recordings hold sentences of their own, not the server’s' },
  { path: /^\$\.(key|session_token)$/, because: 'the recordings hold placeholders for secrets' },
  { path: /\.worker_id$/, because: 'which of the three workers takes a job is chance' },
  { path: /\.latency_ms$/, because: 'a measurement' },
  { path: /\.result\.age$/, because: 'seconds since the last collection, whenever one asks' },
  { path: /notifications\.content$/, because: 'the sentence of the server, which the deployment does not copy' },
];

/** Texts that the server makes up, known by their look: two of one kind may differ in their letters. */
export interface Invented {
  readonly pattern: RegExp;
  /** Where ours look otherwise. */
  readonly ours?: RegExp;
  /** One that turns up again must stand for the same thing again. */
  readonly isPaired: boolean;
  readonly because: string;
}

export const invented: readonly Invented[] = [
  {
    pattern: /^(?!0{8})[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    isPaired: true,
    because: 'ids are made at random',
  },
  {
    pattern: /^(?!0001-)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/,
    isPaired: false,
    because: 'the scenario is played at another time',
  },
  { pattern: /^[a-z]+_[a-z]+\d$/, isPaired: true, because: 'versions without a name are given one at random' },
  {
    // Ten letters and digits; the recorded ones have both, and a capital, which no word has.
    pattern: /^(?=.*[A-Z])(?=.*\d)[A-Za-z0-9]{10}$/,
    ours: /^[A-Za-z0-9]{10}$/,
    isPaired: false,
    because: 'ids of keys are made at random',
  },
];

/** A part of a text that may differ. */
export const origins = { pattern: /http:\/\/127\.0\.0\.1:\d+/g, because: 'the port is whichever is free' } as const;

/** Bodies that are not compared at all, only their status and content type. */
export const unreadBodies: ReadonlyMap<string, string> = new Map([
  ['logs-follow-false-plain-get', 'plain text from the WebSocket library, replaced by a placeholder in the recording'],
]);

/** Arrays in no promised order, with the key that tells their members apart. */
const unordered: Readonly<Record<AgeName, ReadonlyMap<string, string>>> = {
  // Contract 2.12 [ran]: agents inside a resource come in no fixed order in V0.
  v0: new Map([['agents', 'name']]),
  v2: new Map(),
};

export const rulesFor = (age: AgeName): Rules => ({ volatile: allowances, unordered: unordered[age] });

interface LogLine {
  id: number;
  stage: string;
}

const isLogLine = (value: unknown): value is LogLine =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number' && 'stage' in value;

/** The ids of the build log lines in an answer or a frame. */
export const logIds = (answer: unknown): number[] =>
  (Array.isArray(answer) ? answer : [answer]).filter(isLogLine).map((line) => line.id);

/** Ids of log lines count over all jobs of a server: which ones pair up is compared, not the numbers. */
export function withoutLogIds(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withoutLogIds);
  return isLogLine(answer) ? { ...answer, id: 0 } : answer;
}
