/**
 * Compares an answer with the recorded one: keys, types, nulls, missing keys, order, and every value that `allowed.ts`
 * does not let differ.
 */
import { invented, origins, type Invented } from './allowedDifferences.ts';
import type { Pairs } from './pairs.ts';

export type Kind = 'missing' | 'extra' | 'type' | 'value' | 'length' | 'identity';

export interface Difference {
  /** `$.workspaces[0].latest_build.job.error` */
  path: string;
  kind: Kind;
  recorded: unknown;
  ours: unknown;
}

export interface Rules {
  /** Values that need only be of the same type, and both empty or both not; paths without indexes. */
  readonly volatile: readonly { path: RegExp }[];
  /** Arrays whose members are told apart by a key, since the API promises no order. */
  readonly unordered: ReadonlyMap<string, string>;
}

const NIL = '00000000-0000-0000-0000-000000000000';
const ZERO_TIME = '0001-01-01T00:00:00Z';

export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** What a text says of itself: two of one kind may differ in their letters. */
function kindOfText(text: string): string | Invented {
  if (text === '') return 'empty';
  if (text === NIL) return 'nil id';
  if (text === ZERO_TIME) return 'zero time';
  const kind = invented.find(({ pattern }) => pattern.test(text));
  if (kind !== undefined) return kind;
  return 'text';
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeOf(value) === 'object';

export function compareTrees(recorded: unknown, ours: unknown, pairs: Pairs, rules: Rules): Difference[] {
  const differences: Difference[] = [];

  function report(path: string, kind: Kind, a: unknown, b: unknown): void {
    differences.push({ path, kind, recorded: a, ours: b });
  }

  function isVolatile(path: string): boolean {
    const plain = path.replace(/\[\d+\]/g, '');
    return rules.volatile.some((rule) => rule.path.test(plain));
  }

  function compareText(path: string, a: string, b: string): void {
    const [kindA, kindB] = [kindOfText(a), kindOfText(b)];
    if (isVolatile(path)) {
      if ((a === '') !== (b === '')) report(path, 'value', a, b);
    } else if (typeof kindA === 'object') {
      if (!(kindA.ours ?? kindA.pattern).test(b)) report(path, 'value', a, b);
      else if (kindA.isPaired && !pairs.learn(a, b)) report(path, 'identity', `${a} was ${pairs.get(a) ?? ''}`, b);
    } else if (kindA !== kindB || a.replace(origins.pattern, '<url>') !== b.replace(origins.pattern, '<url>'))
      report(path, 'value', a, b);
  }

  function compareArrays(path: string, a: readonly unknown[], b: readonly unknown[]): void {
    if (a.length !== b.length) report(path, 'length', a.length, b.length);
    const key = rules.unordered.get(/\w+$/.exec(path)?.[0] ?? '');
    for (const [n, item] of a.entries()) {
      if (n >= b.length) return;
      const other =
        key === undefined ? b[n] : b.find((one) => isRecord(one) && isRecord(item) && one[key] === item[key]);
      compare(`${path}[${n}]`, item, other);
    }
  }

  function compareRecords(path: string, a: Record<string, unknown>, b: Record<string, unknown>): void {
    for (const key of Object.keys(a)) {
      if (key in b) compare(`${path}.${key}`, a[key], b[key]);
      else report(`${path}.${key}`, 'missing', a[key], undefined);
    }
    for (const key of Object.keys(b)) if (!(key in a)) report(`${path}.${key}`, 'extra', undefined, b[key]);
  }

  function compare(path: string, a: unknown, b: unknown): void {
    if (typeOf(a) !== typeOf(b)) report(path, 'type', a, b);
    else if (Array.isArray(a) && Array.isArray(b)) compareArrays(path, a, b);
    else if (isRecord(a) && isRecord(b)) compareRecords(path, a, b);
    else if (typeof a === 'string' && typeof b === 'string') compareText(path, a, b);
    else if (a !== b && !isVolatile(path)) report(path, 'value', a, b);
  }

  compare('$', recorded, ours);
  return differences;
}

/** One line per difference, for the failure that a person reads. */
export const describe = ({ path, kind, recorded, ours }: Difference): string =>
  `${path}: ${kind}, recorded ${shorten(recorded)}, ours ${shorten(ours)}`;

function shorten(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
