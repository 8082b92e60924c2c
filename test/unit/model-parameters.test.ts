import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { ParameterSchema, RichParameter } from '../../src/api/schemas/templateVersions.ts';
import { nameProblem, proposeName } from '../../src/model/names.ts';
import {
  fieldNote,
  fieldsFromLegacy,
  fieldsFromRich,
  legacyValues,
  richValues,
  type FormField,
} from '../../src/model/parameters.ts';
import { recorded } from './model-fixture.ts';

const rich = (changes: object): FormField => {
  const [field] = fieldsFromRich([RichParameter.parse({ name: 'p', type: 'string', mutable: true, ...changes })]);
  assert.ok(field !== undefined);
  return field;
};

const legacy = (changes: object): FormField[] =>
  fieldsFromLegacy([
    ParameterSchema.parse({
      name: 'p',
      allow_override_source: true,
      redisplay_value: true,
      default_source_scheme: 'data',
      default_source_value: 'eu',
      default_destination_scheme: 'provisioner_variable',
      ...changes,
    }),
  ]);

test('a parameter with a default is not asked for when as little as possible is asked', () => {
  assert.equal(rich({ required: false, default_value: 'eu' }).needsAnswer, false);
  assert.equal(rich({ required: false, default_value: 'eu' }).defaultValue, 'eu');
  assert.equal(rich({ required: true }).needsAnswer, true);
  assert.equal(rich({ required: true }).defaultValue, undefined);
});

test('what cannot be changed later is asked before it is fixed, and says so', () => {
  const field = rich({ mutable: false, default_value: 'eu' });
  assert.equal(field.needsAnswer, true);
  assert.equal(fieldNote(field), "Can't be changed later.");
  assert.equal(fieldNote(rich({ ephemeral: true })), 'Applies to this start only.');
  assert.equal(fieldNote(rich({})), undefined);
});

test('a number is held against its type and range, in the template’s own words where it has some', () => {
  const field = rich({ type: 'number', validation_min: 1, validation_max: 8 });
  for (const value of ['1', '8', '2.5', '1e0']) assert.equal(field.validate(value), undefined, value);
  for (const value of ['x', '0x10', '1,5', 'Infinity', ' 1'])
    assert.equal(field.validate(value), 'Enter a number, such as 2 or 0.5.');
  assert.equal(field.validate('9'), 'Enter a number from 1 to 8.');
  assert.equal(rich({ type: 'number', validation_min: 2 }).validate('1'), 'Enter 2 or more.');
  assert.equal(rich({ type: 'number', validation_max: 2 }).validate('3'), 'Enter 2 or less.');
  const own = rich({ type: 'number', validation_max: 8, validation_error: '{value} is more than {max} cores.' });
  assert.equal(own.validate('9'), '9 is more than 8 cores.');
});

test('a number that may only grow or shrink is held against the last build’s', () => {
  const growing = rich({ type: 'number', validation_monotonic: 'increasing' });
  assert.equal(growing.validate('9', '10'), 'This value can only increase. Enter 10 or more.');
  assert.equal(growing.validate('10', '10'), undefined);
  assert.equal(growing.validate('1'), undefined);
  const shrinking = rich({ type: 'number', validation_monotonic: 'decreasing' });
  assert.equal(shrinking.validate('11', '10'), 'This value can only decrease. Enter 10 or less.');
});

test('a pattern is held as the server would, with its own sentence', () => {
  const field = rich({ validation_regex: '^[a-z]{2}-[a-z]+$', validation_error: 'Like eu-west.' });
  assert.equal(field.validate('eu-west'), undefined);
  assert.equal(field.validate('EU'), 'Like eu-west.');
  assert.match(rich({ validation_regex: '^a$' }).validate('b') ?? '', /must match the pattern \^a\$/);
  assert.equal(rich({ validation_regex: '(?i)^EU$' }).validate('eu'), undefined);
});

test('a pattern that JavaScript reads differently, or not in time, is left to the server', () => {
  for (const validation_regex of [
    '^\\z',
    '^[[:alpha:]]+$',
    '(?P<x>a)',
    '^\\pL$',
    '^\\p{Greek}$',
    '^\\Qa.b\\E$',
    '^a(?i)b$',
    '(?s)^.$',
    '(?U)^b+$',
    '\\Ab',
    '(',
    '(a+)+$',
    '(a|a)*$',
    // Without a repeated group.
    '.*.*.*.*.*.*.*.*!x',
    `${'(?:a|a)'.repeat(60)}b`,
    // Which V8 would never have compiled.
    `${'a?'.repeat(60)}${'a'.repeat(61)}`,
  ]) {
    assert.equal(rich({ validation_regex }).validate(`${'a'.repeat(60)}!`), undefined, validation_regex);
  }
  assert.equal(rich({ validation_regex: 'x'.repeat(100_000) }).validate('b'), undefined);
  assert.notEqual(rich({ validation_regex: '^a$' }).validate('b'.repeat(200)), undefined);
  assert.equal(rich({ validation_regex: '^a$' }).validate('b'.repeat(201)), undefined, 'a long value');
  // V8 would end the process: it has no room to compile it.
  assert.equal(
    rich({ validation_regex: `^${'(a'.repeat(5_000)}${')'.repeat(5_000)}` }).validate('b'),
    undefined,
    'deeply nested',
  );
  assert.match(rich({ validation_regex: '((a+)b)*c' }).validate('a!') ?? '', /must match/, 'fast enough');
  // White space and ends of lines to JavaScript only.
  for (const value of ['a\rb', 'a\u00a0b', 'a\u2028b', 'a\vb']) {
    assert.equal(rich({ validation_regex: '^\\S+$' }).validate(value), undefined, JSON.stringify(value));
    assert.equal(rich({ validation_regex: '^.+$' }).validate(value), undefined, JSON.stringify(value));
  }
  assert.match(rich({ validation_regex: '^\\S+$' }).validate('a b') ?? '', /must match/);
});

test('an expression whose attempt was held up by a busy machine is tried again, a few times at most', (t) => {
  const tooLate = (): never => {
    throw new Error('Script execution timed out after 200ms');
  };
  t.mock.method(process, 'cpuUsage', () => ({ user: 0, system: 0 }));
  const run = t.mock.method(Script.prototype, 'runInThisContext', () => false);
  run.mock.mockImplementationOnce(tooLate);
  assert.match(rich({ validation_regex: '^held up$' }).validate('b') ?? '', /must match/);
  assert.equal(run.mock.callCount(), 2);
  run.mock.mockImplementation(tooLate);
  assert.equal(rich({ validation_regex: '^held up always$' }).validate('b'), undefined);
  const attempts = run.mock.callCount() - 2;
  assert.ok(attempts > 1 && attempts <= 5, `${attempts} attempts`);
  assert.equal(rich({ validation_regex: '^held up always$' }).validate('b'), undefined);
  assert.equal(run.mock.callCount(), attempts + 2, 'and then no more');
});

test('an expression that had its time is tried once', (t) => {
  t.mock.method(process, 'cpuUsage', () => ({ user: 190_000, system: 0 }));
  const run = t.mock.method(Script.prototype, 'runInThisContext', () => {
    throw new Error('Script execution timed out after 200ms');
  });
  assert.equal(rich({ validation_regex: '^had its time$' }).validate('b'), undefined);
  assert.equal(run.mock.callCount(), 1);
});

test('choices limit a value, and of a list each element', () => {
  const options = [
    { name: 'Europe', value: 'eu', description: '', icon: '' },
    { name: '', value: 'us', description: 'Far', icon: '' },
  ];
  const one = rich({ options });
  assert.equal(one.validate('eu'), undefined);
  assert.equal(one.validate('asia'), "“asia” isn't one of the options.");
  assert.deepEqual(
    one.options.map((option) => option.label),
    ['Europe', 'us'],
  );
  const several = rich({ type: 'list(string)', options });
  assert.equal(several.validate('["eu","us"]'), undefined);
  assert.equal(several.validate('["eu","asia"]'), "“asia” isn't one of the options.");
  for (const value of ['eu', '{}', '[1]', '["eu"']) assert.equal(several.validate(value), 'Enter a list of values.');
});

test('options of a list are its elements, of which any number is picked, or whole lists, of which one is', () => {
  const option = (value: string) => ({ name: '', value, description: '', icon: '' });
  const elements = rich({ type: 'list(string)', options: [option('eu'), option('us')] });
  assert.equal(elements.picksMany, true);
  const whole = rich({ type: 'list(string)', options: [option('["eu","us"]'), option('["asia"]')] });
  assert.equal(whole.picksMany, false);
  assert.equal(whole.validate('["eu","us"]'), undefined);
  assert.equal(whole.validate('["eu"]'), "“eu” isn't one of the options.");
  assert.equal(rich({ type: 'list(string)', options: [] }).picksMany, false);
});

test('nothing is an answer only to what is not required', () => {
  assert.equal(rich({ required: true }).validate(''), 'Enter a value.');
  assert.equal(rich({ required: true, type: 'list(string)' }).validate('[]'), 'Enter a value.');
  assert.equal(rich({ type: 'number' }).validate(''), undefined);
  assert.equal(rich({ type: 'bool' }).validate('yes'), 'Enter true or false.');
});

test('nothing is an answer where it is one of the choices', () => {
  const options = [
    { name: 'None', value: '', description: '', icon: '' },
    { name: 'Europe', value: 'eu', description: '', icon: '' },
  ];
  const field = rich({ required: true, options });
  assert.equal(field.validate(''), undefined);
  assert.deepEqual(richValues([field], new Map([['p', '']])), [{ name: 'p', value: '' }]);
});

test('in V0 only what the template lets its users set is asked, and only what has no default must be', () => {
  assert.deepEqual(legacy({ allow_override_source: false }), []);
  assert.equal(legacy({})[0]?.needsAnswer, false);
  assert.equal(legacy({ default_source_scheme: 'none' })[0]?.needsAnswer, true);
  assert.equal(legacy({ redisplay_value: false })[0]?.secret, true);
  const [chosen] = legacy({ validation_contains: ['eu', 'us'] });
  assert.equal(chosen?.validate('asia'), "“asia” isn't one of the options.");
});

test('V0 gets answers with the destination of the schema, empty ones are the template’s to fill in', () => {
  const fields = legacy({});
  assert.deepEqual(legacyValues(fields, new Map([['p', 'us']])), [
    { name: 'p', source_scheme: 'data', source_value: 'us', destination_scheme: 'provisioner_variable' },
  ]);
  assert.deepEqual(legacyValues(fields, new Map([['p', '']])), []);
  assert.deepEqual(legacyValues(fields, new Map([['other', 'x']])), []);
});

test('V2 gets answers by name, and an empty text is an answer', () => {
  assert.deepEqual(richValues([rich({})], new Map([['p', '']])), [{ name: 'p', value: '' }]);
  assert.deepEqual(richValues([rich({ type: 'number' })], new Map([['p', '']])), []);
  assert.deepEqual(richValues([rich({})], new Map()), []);
});

test('recorded parameters of both ages become questions whose defaults are valid answers', () => {
  const fields = [
    ...fieldsFromLegacy((recorded('v0/schema') as unknown[]).map((each) => ParameterSchema.parse(each))),
    ...fieldsFromRich((recorded('v2/rich-parameters') as unknown[]).map((each) => RichParameter.parse(each))),
  ];
  assert.ok(fields.length >= 4);
  for (const field of fields) {
    assert.equal(field.validate(field.defaultValue ?? ''), field.required ? 'Enter a value.' : undefined, field.name);
  }
});

test('hostile labels are shown as one plain line', () => {
  assert.equal(rich({ display_name: 'a\u202eb\nc' }).label, 'ab c');
  assert.equal(rich({ display_name: '' }).label, 'p');
});

test('a name is refused for its length, its characters, reserved words and names that are taken', () => {
  assert.equal(nameProblem('api-server-2'), undefined);
  assert.equal(nameProblem('A'.repeat(32)), undefined);
  for (const name of ['', 'a'.repeat(33), '-a', 'a-', 'a--b', 'a_b', 'a b', 'ä', 'new', 'Create']) {
    assert.ok(nameProblem(name) !== undefined, name);
  }
  assert.match(nameProblem('DEV', ['dev']) ?? '', /already have a workspace named “dev”/);
});

test('a proposed name is always allowed and free', () => {
  assert.equal(proposeName('dev', []), 'dev');
  assert.equal(proposeName('dev', ['Dev', 'dev-2']), 'dev-3');
  assert.equal(proposeName('Über große Vorlage!', []), 'ber-gro-e-Vorlage');
  assert.equal(proposeName('…', []), 'workspace');
  assert.equal(proposeName('new', []), 'new-2');
  const long = 'a-very-long-template-name-of-forty-letters';
  const taken = [proposeName(long, [])];
  for (const name of [proposeName(long, []), proposeName(long, taken)]) assert.equal(nameProblem(name, []), undefined);
  assert.notEqual(proposeName(long, taken), taken[0]);
});
