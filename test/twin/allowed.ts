/** Every difference between the local deployment and the recordings that the twin test lets pass, and why. */
import type { AgeName } from '../deployment/index.ts';
import type { Rules } from './compare.ts';

export interface Allowance {
  /** Path (without indexes) whose value may differ; its type, and whether it is empty, may not. */
  path: RegExp;
  /** Only values of this type; all when left out. */
  type?: 'string' | 'number';
  because: string;
}

export const allowances: readonly Allowance[] = [
  { path: /^\$\.(message|detail)$/, because: 'the recordings hold sentences of their own, not the server’s' },
  { path: /validations\.detail$/, because: 'the recordings hold sentences of their own, not the server’s' },
  { path: /^\$\.diagnostics\.detail$/, because: 'the recordings hold sentences of their own, not the server’s' },
  { path: /^\$\.(key|session_token)$/, because: 'the recordings hold placeholders for secrets' },
  { path: /\.worker_id$/, because: 'which of the three workers takes a job is chance' },
  { path: /^\$\.id$/, type: 'number', because: 'ids of log lines count over all jobs' },
  { path: /\.latency_ms$/, because: 'a measurement' },
  { path: /\.result\.age$/, because: 'seconds since the last collection, whenever one asks' },
  { path: /notifications\.content$/, because: 'the sentence of the server, which the deployment does not copy' },
];

/** Bodies that are not compared at all, only their status and content type. */
export const unreadBodies: ReadonlyMap<string, string> = new Map([
  ['logs-follow-false-plain-get', 'plain text from the WebSocket library, replaced by a placeholder in the recording'],
]);

/** Arrays in no promised order, with the key that tells their members apart. */
const unordered: ReadonlyMap<string, string> = new Map([
  // Contract 2.12 [ran]: agents inside a resource come in no fixed order in V0.
  ['agents', 'name'],
]);

export const rulesFor = (_age: AgeName): Rules => ({ volatile: allowances, unordered });
