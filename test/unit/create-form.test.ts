import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DynamicForm } from '../../src/api/schemas/templateVersions.ts';
import { readDynamic } from '../../src/commands/create/dynamicForm.ts';

const held = (value: string, valid = true) => ({ value, valid });
const parameter = (name: string, more: object) => ({
  name,
  type: 'string',
  form_type: 'input',
  mutable: true,
  required: false,
  order: 1,
  value: held(''),
  default_value: held(''),
  ...more,
});
const read = (form: object) => readDynamic(DynamicForm.parse(form));

test('A form that cannot be made says why, as the recorded one does', () => {
  const file = join(import.meta.dirname, '..', 'recordings', 'v2', 'dynamic-parameters-evaluate.json');
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as { response: { body: object } };
  const { fields, failure } = read(response.body);
  assert.deepEqual(fields, []);
  assert.match(failure ?? '', /^Failed to fetch workspace owner: /);
});

test('Parameters are asked in their order; what is fixed for good or has no value needs an answer', () => {
  const { fields } = read({
    parameters: [
      parameter('late', { order: 3, value: held('', false) }),
      parameter('first', { order: 1, mutable: false, default_value: held('eu') }),
      parameter('second', { order: 2, default_value: held('x'), value: held('x') }),
    ],
  });
  assert.deepEqual(
    fields.map(({ name, needsAnswer }) => [name, needsAnswer]),
    [
      ['first', true],
      ['second', false],
      ['late', true],
    ],
  );
  assert.equal(fields[1]?.defaultValue, 'x');
});

test('A masked parameter is typed like a password; a disabled one, and one that is an error, are shown and not asked', () => {
  const { fields, fixed, problems } = read({
    parameters: [
      parameter('key', { styling: { mask_input: true } }),
      parameter('fixed', { styling: { disabled: true }, value: held('eu') }),
      parameter('secret', { styling: { disabled: true, mask_input: true }, value: held('hunter2') }),
      parameter('zones', {
        form_type: 'error',
        value: held('', false),
        diagnostics: [{ severity: 'error', summary: 'No zones', detail: '' }],
      }),
    ],
  });
  assert.deepEqual(
    fields.map(({ name, secret }) => [name, secret]),
    [['key', true]],
  );
  assert.deepEqual(
    fixed.map(({ name, shown }) => [name, shown]),
    [
      ['fixed', 'eu'],
      ['secret', '•••'],
      ['zones', 'empty'],
    ],
  );
  assert.equal(problems.get('zones'), 'No zones');
});

test('An icon, an example of a value and the words beside a checkbox are the template’s', () => {
  const form = DynamicForm.parse({
    parameters: [
      parameter('repo', { icon: '/icon/git.svg', styling: { placeholder: 'https://github.com/…' } }),
      parameter('gpu', { type: 'bool', form_type: 'checkbox', styling: { label: 'Give me a GPU' } }),
    ],
  });
  const [repo, gpu] = readDynamic(form, (icon) => `https://coder.example.com${icon}`).fields;
  assert.equal(repo?.image, 'https://coder.example.com/icon/git.svg');
  assert.equal(repo.placeholder, 'https://github.com/…');
  assert.equal(gpu?.hint, 'Give me a GPU');
});

test('What the server says about an answer stands at its parameter; a warning does not', () => {
  const { problems, fields } = read({
    parameters: [
      parameter('gpus', {
        type: 'number',
        validations: [{ validation_min: 1, validation_max: 4 }],
        diagnostics: [{ severity: 'error', summary: 'Too many', detail: '9 is more than 4' }],
      }),
      parameter('note', { diagnostics: [{ severity: 'warning', summary: 'Hm', detail: '' }] }),
    ],
  });
  assert.deepEqual([...problems], [['gpus', 'Too many: 9 is more than 4']]);
  assert.match(fields[0]?.validate('9') ?? '', /1.*4/);
  assert.equal(fields[0]?.validate('3'), undefined);
});
