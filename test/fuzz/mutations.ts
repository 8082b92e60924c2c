import * as fc from 'fast-check';

/** One change of a reply: what is done, and to which of its places, counted through the whole tree. */
export interface Mutation {
  readonly at: number;
  readonly does: 'replace' | 'drop' | 'double' | 'add' | 'addProto';
  readonly value: unknown;
}

/** What happens to a reply's bytes once it is JSON again. */
export type Wire =
  | { readonly kind: 'whole' }
  | { readonly kind: 'cut'; readonly share: number }
  | { readonly kind: 'twice' }
  | { readonly kind: 'crlf' }
  | { readonly kind: 'bom' };

const odd: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  Number.MAX_SAFE_INTEGER,
  -Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  'a-word-of-next-year',
  'x'.repeat(100_000),
  '\ud800',
  'a\udc00b',
  '\u202egpj.exe\u0000\u001b[31m',
  'two\r\nlines\n\n',
  '](command:evil) $(zap)',
  '0001-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '9999-12-31T23:59:59.999999999+14:00',
  '2026-11-25T06:38:17',
  'yesterday',
  '00000000-0000-0000-0000-000000000000',
  [],
  {},
  [null],
  [[]],
  { id: null },
];

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(10_000),
  does: fc.constantFrom('replace', 'replace', 'replace', 'drop', 'drop', 'double', 'add', 'addProto'),
  value: fc.constantFrom(...odd),
});

export const wire: fc.Arbitrary<Wire> = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Wire>({ kind: 'whole' }) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map((share): Wire => ({ kind: 'cut', share })) },
  { weight: 1, arbitrary: fc.constantFrom<Wire>({ kind: 'twice' }, { kind: 'crlf' }, { kind: 'bom' }) },
);

interface Position {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

const positionsIn = (value: unknown, found: Position[] = []): Position[] => {
  if (typeof value !== 'object' || value === null) return found;
  const parent = value as Position['parent'];
  for (const [key, child] of Object.entries(parent)) {
    found.push({ parent, key });
    positionsIn(child, found);
  }
  return found;
};

/** Changes `body`, which is nobody else's, and gives it back; the whole of it may be replaced, too. */
export const mutate = (body: unknown, mutations: readonly Mutation[]): unknown => {
  let root = body;
  for (const { at, does, value } of mutations) {
    const positions = positionsIn(root);
    // One in so many times the reply itself is what is replaced.
    const position = positions[at % (positions.length + 1)];
    if (position === undefined) root = does === 'replace' ? structuredClone(value) : root;
    else apply(position, does, structuredClone(value));
  }
  return root;
};

const apply = ({ parent, key }: Position, does: Mutation['does'], value: unknown): void => {
  if (Array.isArray(parent)) {
    const index = Number(key);
    if (does === 'drop') parent.splice(index, 1);
    else if (does === 'double') parent.splice(index, 0, structuredClone(parent[index]));
    else parent[index] = value;
    return;
  }
  // As JSON.parse does it: an own property, also where it is called `__proto__`.
  const set = (name: string, to: unknown) =>
    Object.defineProperty(parent, name, { value: to, enumerable: true, configurable: true, writable: true });
  if (does === 'drop') Reflect.deleteProperty(parent, key);
  else if (does === 'add') set(`${key}_of_next_year`, value);
  else if (does === 'addProto') set('__proto__', { id: 'evil' });
  else if (does === 'double') set(`${key} `, parent[key]);
  else set(key, value);
};

export const onTheWire = (body: unknown, how: Wire): Buffer => {
  const text = JSON.stringify(body);
  switch (how.kind) {
    case 'whole':
      return Buffer.from(text);
    case 'cut':
      return Buffer.from(text).subarray(0, Math.floor(text.length * how.share));
    case 'twice':
      return Buffer.from(text + text);
    case 'crlf':
      return Buffer.from(JSON.stringify(body, null, 1).replaceAll('\n', '\r\n'));
    case 'bom':
      return Buffer.from(`\ufeff${text}`);
  }
};
