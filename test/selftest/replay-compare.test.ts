import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowances, invented, origins, rulesFor } from '../replay/allowedDifferences.ts';
import { compareTrees, type Kind, type Rules } from '../replay/compare.ts';
import { collapse, essence, parseEvents } from '../replay/frames.ts';
import { Pairs } from '../replay/pairs.ts';
import { listRecordings, readEvents, readExchange } from '../replay/recording.ts';

const strict: Rules = { volatile: [], unordered: new Map() };
const id = (digit: number): string => `${String(digit).repeat(8)}-1111-4111-8111-111111111111`;
const NIL = '00000000-0000-0000-0000-000000000000';

function kinds(recorded: unknown, ours: unknown, rules: Rules = strict, pairs = new Pairs()): [string, Kind][] {
  return compareTrees(recorded, ours, pairs, rules).map(({ path, kind }) => [path, kind]);
}

test('two answers that agree have no difference', () => {
  const answer = { a: [1, null, { b: 'x' }], c: '2026-11-25T06:38:52.1Z', d: id(1) };
  const other = { a: [1, null, { b: 'x' }], c: '2027-01-01T00:00:00Z', d: id(2) };
  assert.deepEqual(kinds(answer, other), []);
});

test('a missing key is noticed, however deep', () => {
  assert.deepEqual(kinds({ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }), [['$.a[0].c', 'missing']]);
});

test('a key too many is noticed', () => {
  assert.deepEqual(kinds({ a: 1 }, { a: 1, b: null }), [['$.b', 'extra']]);
});

test('a null instead of a missing key is noticed, and the other way round', () => {
  assert.deepEqual(kinds({}, { a: null }), [['$.a', 'extra']]);
  assert.deepEqual(kinds({ a: null }, {}), [['$.a', 'missing']]);
});

test('a null instead of a value, an empty list instead of null, a text instead of a number are noticed', () => {
  assert.deepEqual(kinds({ a: 'x', b: null, c: 1 }, { a: null, b: [], c: '1' }), [
    ['$.a', 'type'],
    ['$.b', 'type'],
    ['$.c', 'type'],
  ]);
});

test('another value is noticed: text, number, flag', () => {
  assert.deepEqual(kinds({ a: 'running', b: 1, c: true }, { a: 'stopped', b: 2, c: false }), [
    ['$.a', 'value'],
    ['$.b', 'value'],
    ['$.c', 'value'],
  ]);
});

test('the zero time, the nil id and the empty text are not confused with real ones', () => {
  const recorded = { a: '0001-01-01T00:00:00Z', b: NIL, c: '', d: '2026-11-25T06:38:52Z' };
  const ours = { a: '2026-11-25T06:38:52Z', b: id(1), c: 'text', d: '25 November' };
  assert.equal(kinds(recorded, ours).length, 4);
});

test('another order is noticed, and a list of another length', () => {
  assert.deepEqual(kinds(['a', 'b'], ['b', 'a']), [
    ['$[0]', 'value'],
    ['$[1]', 'value'],
  ]);
  assert.deepEqual(kinds(['a', 'b'], ['a']), [['$', 'length']]);
});

test('where no order is promised, members are told apart by their key', () => {
  const rules: Rules = { volatile: [], unordered: new Map([['agents', 'name']]) };
  const recorded = {
    agents: [
      { name: 'gpu', n: 1 },
      { name: 'main', n: 2 },
    ],
  };
  assert.deepEqual(kinds(recorded, { agents: [...recorded.agents].reverse() }, rules), []);
  assert.deepEqual(
    kinds(
      recorded,
      {
        agents: [
          { name: 'main', n: 2 },
          { name: 'other', n: 1 },
        ],
      },
      rules,
    ),
    [['$.agents[0]', 'type']],
  );
});

test('an id that stood for one thing must not stand for another', () => {
  const pairs = new Pairs();
  assert.deepEqual(kinds({ a: id(1), b: id(1) }, { a: id(2), b: id(2) }, strict, pairs), []);
  assert.deepEqual(kinds({ owner: id(1) }, { owner: id(3) }, strict, pairs), [['$.owner', 'identity']]);
});

test('what may differ must still be of the same type, and neither appear nor vanish', () => {
  const rules: Rules = { volatile: [{ path: /^\$\.message$/ }], unordered: new Map() };
  assert.deepEqual(kinds({ message: 'one' }, { message: 'two' }, rules), []);
  assert.deepEqual(kinds({ message: 'one' }, { message: '' }, rules), [['$.message', 'value']]);
  assert.deepEqual(kinds({ message: 'one' }, { message: null }, rules), [['$.message', 'type']]);
  assert.deepEqual(kinds({ message: 'one' }, {}, rules), [['$.message', 'missing']]);
});

test('every refusal of the recordings is told from itself with another validation field', () => {
  for (const age of ['v0', 'v2'] as const) {
    let refusals = 0;
    for (const name of listRecordings(age).filter((recording) => !/\.(ws|sse)$/.test(recording))) {
      const { body } = readExchange(age, name).response;
      const text = JSON.stringify(body ?? null);
      const field = /"validations":\[\{"field":"(\w+)"/.exec(text)?.[1];
      if (field === undefined) continue;
      const changed = JSON.parse(text.replace(`"field":"${field}"`, '"field":"another"')) as unknown;
      assert.deepEqual(kinds(body, changed, rulesFor(age)), [['$.validations[0].field', 'value']], name);
      refusals += 1;
    }
    assert.ok(refusals > 15, `${refusals} refusals with a field`);
  }
});

test('in a recorded workspace, every single key that is dropped is noticed', () => {
  for (const age of ['v0', 'v2'] as const) {
    const { body } = readExchange(age, 'workspace-running-connected').response;
    let dropped = 0;
    const dropEach = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const key of Object.keys(value)) {
        const holder = value as Record<string, unknown>;
        const kept = holder[key];
        dropEach(kept, `${path}.${key}`);
        if (Array.isArray(value)) continue;
        Reflect.deleteProperty(holder, key);
        const recorded = readExchange(age, 'workspace-running-connected').response.body;
        assert.notDeepEqual(kinds(recorded, body, rulesFor(age)), [], `${path}.${key}`);
        holder[key] = kept;
        dropped++;
      }
    };
    dropEach(body, '$');
    assert.ok(dropped > 100, `${dropped} keys`);
  }
});

test('every recording is the same as itself', () => {
  for (const age of ['v0', 'v2'] as const)
    for (const name of listRecordings(age).filter((recording) => !/\.(ws|sse)$/.test(recording))) {
      const { body } = readExchange(age, name).response;
      assert.deepEqual(kinds(body, body, rulesFor(age)), [], name);
    }
});

test('every allowed difference says why', () => {
  for (const { because } of [...allowances, ...invented, origins]) assert.match(because, /\w{3}/);
});

test('an event stream is taken apart byte by byte', () => {
  assert.deepEqual(parseEvents('event: ping\n\nevent: data\ndata: {"a":1}\n\n'), [
    { event: 'ping', data: undefined },
    { event: 'data', data: '{"a":1}' },
  ]);
  for (const age of ['v0', 'v2'] as const) assert.ok(parseEvents(readEvents(age, 'watch')).length > 5);
});

test('an event stream that is framed in another way is noticed', () => {
  const wrong = [
    'event: ping\ndata: \n\n',
    'event: data\n\n',
    'event: data\r\ndata: {}\r\n\r\n',
    'data: {}\nevent: data\n\n',
    'id: 1\nevent: data\ndata: {}\n\n',
    ': comment\n\n',
    'event: data\ndata:{}\n\n',
    'event: ping\n\nevent: data\ndata: {}\n',
  ];
  for (const bytes of wrong) assert.throws(() => parseEvents(bytes), JSON.stringify(bytes));
});

test('frames that repeat what the one before said count once, others do not', () => {
  const frame = (build_number: number, status: string): object => ({ latest_build: { build_number, status } });
  const frames = [frame(1, 'starting'), frame(1, 'starting'), frame(1, 'running'), frame(2, 'starting')];
  assert.equal(collapse(frames, essence).length, 3);
});
