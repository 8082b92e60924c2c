import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type ApiErrorFacts } from '../../src/api/errors.ts';
import { createWorkspace } from '../../src/api/operations.ts';
import { Template } from '../../src/api/schemas/templates.ts';
import { ExternalAuth, Preset, RichParameter } from '../../src/api/schemas/templateVersions.ts';
import { User } from '../../src/api/schemas/users.ts';
import type { TemplateVersionId } from '../../src/api/units.ts';
import { askedFields, type Draft } from '../../src/commands/create/draft.ts';
import { refusedStep } from '../../src/commands/create/refusedStep.ts';
import { fieldsFromRich } from '../../src/model/parameters.ts';

const preset = Preset.parse({ ID: 'p-1', Name: 'small', Parameters: [{ Name: 'cpu', Value: '64' }] });

/** Asks for `repo`; `region` has a default, and the preset gives `cpu`. */
const draftOf = (more: Partial<Draft> = {}): Draft => ({
  organizations: [],
  answers: new Map([['repo', 'x']]),
  owner: User.parse({ id: 'u-1', username: 'owner' }),
  settled: new Set(),
  revisited: new Set(),
  asksForAll: false,
  touched: true,
  preset,
  form: {
    template: Template.parse({ id: 't-1', name: 'dev' }),
    source: { after: () => Promise.reject(new Error('not asked')), close: () => undefined },
    versionId: 'v-1' as TemplateVersionId,
    facts: Promise.resolve({ mayChooseOwner: false }),
    age: 'rich',
    fixed: [],
    fields: fieldsFromRich(
      [
        { name: 'repo', type: 'string', required: true, mutable: true },
        { name: 'region', type: 'string', default_value: 'eu', mutable: true },
        { name: 'cpu', type: 'number', default_value: '2', mutable: true },
      ].map((each) => RichParameter.parse(each)),
    ),
    problems: new Map(),
    presets: [preset],
    externalAuth: [ExternalAuth.parse({ id: 'github', authenticated: true })],
  },
  ...more,
});

const refused = (facts: Partial<ApiErrorFacts>): ApiError =>
  new ApiError({ operation: createWorkspace, host: 'coder.example.com', kind: 'invalid', ...facts });
const about = (field: string, detail = 'No.') => refused({ validations: [{ field, detail }] });
const stepsOf = (draft: Draft) => askedFields(draft).map(({ name }) => name);

test('A refusal about the name, the template or an answer leads to that step, with what the server says there', () => {
  const draft = draftOf();
  assert.equal(refusedStep(about('name'), draft).to, 'name');
  assert.equal(refusedStep(refused({ kind: 'conflict' }), draft).to, 'name');
  assert.equal(refusedStep(about('template_version_id'), draft).to, 'template');
  assert.deepEqual(refusedStep(about('repo', 'No such repository.'), draft), {
    to: 'parameter:repo',
    then: 'summary',
    problem: 'No such repository.',
  });
});

test('A refusal about the name and an answer is told at the name without what is about the answer', () => {
  const validations = [
    { field: 'name', detail: 'Already in use.' },
    { field: 'repo', detail: 'No such repository.' },
  ];
  const move = refusedStep(refused({ validations }), draftOf());
  assert.equal(move.to, 'name');
  assert.match(move.problem, /Already in use/);
});

test('A classic refusal that names a parameter only in its sentence leads there, too', () => {
  const error = refused({ serverMessage: 'Unable to validate parameter "repo".', detail: 'It is no address.' });
  assert.equal(refusedStep(error, draftOf()).to, 'parameter:repo');
});

test('A default that the server refuses is asked for from then on', () => {
  const draft = draftOf();
  assert.deepEqual(stepsOf(draft), ['repo']);
  assert.equal(refusedStep(about('region'), draft).to, 'parameter:region');
  assert.deepEqual(stepsOf(draft), ['repo', 'region']);
});

test('A refusal of what a preset gives leads to the preset, for the parameter has no step', () => {
  assert.equal(refusedStep(about('cpu'), draftOf()).to, 'preset');
});

test('A sign-in that is over by then is asked for again, one that nobody knows of is told at the summary', () => {
  const draft = draftOf();
  assert.equal(refusedStep(about('external_auth', 'github'), draft).to, 'external_auth');
  assert.equal(draft.form?.externalAuth[0]?.authenticated, false);
  assert.equal(refusedStep(about('external_auth', 'gitlab'), draft).to, 'summary');
});

test('An outage and a refusal of the whole lead back to the summary and lose nothing', () => {
  for (const kind of ['unreachable', 'timeout', 'refused', 'server', 'rateLimited', 'forbidden', 'notNow'] as const) {
    const move = refusedStep(refused({ kind }), draftOf());
    assert.equal(move.to, 'summary', kind);
    assert.ok(move.problem.endsWith('.'));
  }
});

test('What was answered keeps its step, also where the form would not ask for it any more', () => {
  assert.deepEqual(stepsOf(draftOf({ answers: new Map([['region', 'us']]) })), ['repo', 'region']);
});

test('What a refusal is about is asked alone, and the summary comes again; another template asks for other things', () => {
  assert.equal(refusedStep(refused({ kind: 'conflict' }), draftOf()).then, 'summary');
  assert.equal(refusedStep(about('template_id'), draftOf()).then, undefined);
  assert.deepEqual(refusedStep(refused({ kind: 'forbidden' }), draftOf()).then, undefined);
});

test('A refused parameter that is called like a field of the request leads to its own step; a taken name to the name', () => {
  const draft = draftOf();
  const { form } = draft;
  assert.ok(form !== undefined, 'a form');
  const fields = ['name', 'template_id', 'external_auth'].map((name) => RichParameter.parse({ name, required: true }));
  draft.form = { ...form, fields: fieldsFromRich(fields) };
  for (const { name } of fields) {
    assert.deepEqual(refusedStep(about(name, 'Too short.'), draft), {
      to: `parameter:${name}`,
      then: 'summary',
      problem: 'Too short.',
    });
  }
  const taken = refused({ kind: 'conflict', validations: [{ field: 'name', detail: 'In use.' }] });
  assert.equal(refusedStep(taken, draft).to, 'name');
});
