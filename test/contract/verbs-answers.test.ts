import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rich } from '../deployment/richParameter.ts';
import type { LegacyParameter, RichParameter, TemplateSpec } from '../deployment/template-spec.ts';
import { back, choose, edit, type as enter, type Answer, type Question } from '../scriptedUi.ts';
import { create as createWith, rowOf, seeing, sent } from './create-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

/** The template `slow`, asking for this. */
const asking = (verbs: VerbFixture, changes: Partial<TemplateSpec>, isDynamic = false): void => {
  const { store } = verbs.deployment;
  const template = [...store.templates.values()].find(({ name }) => name === 'slow');
  const version = template && store.versions.get(template.activeVersionId);
  assert.ok(version);
  template.classicParameters = !isDynamic;
  version.spec = { ...version.spec, ...changes };
};

const create = (verbs: VerbFixture, ...answers: Answer[]): Promise<void> =>
  createWith(verbs, choose('slow'), enter('fresh'), ...answers, choose('Create fresh'));

/** Asked for, although it has a default. */
const fixed = (name: string, more: Partial<RichParameter>): RichParameter =>
  rich(name, { mutable: false, required: false, ...more });

const option = (name: string, value: string) => ({ name, value, description: '', icon: '' });

const PEOPLE = '["Doe, Jane",  "plain"]';
const SCRIPT = '#!/bin/sh\r\necho one\n\techo two  \n';

const list = fixed('people', { type: 'list(string)', formType: 'tag-select', defaultValue: PEOPLE });
const text = fixed('script', { formType: 'textarea', defaultValue: SCRIPT });

describe('answers on V2', () => {
  test('what nobody touched is sent as the template has it, to the letter', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const parameters = [
      list,
      text,
      fixed('motd', { defaultValue: 'one\ntwo' }),
      fixed('size', { type: 'number', defaultValue: '2.0' }),
      fixed('zones', {
        type: 'list(string)',
        formType: 'multi-select',
        defaultValue: '["us","eu"]',
        options: [option('Europe', 'eu'), option('States', 'us')],
      }),
    ];
    asking(verbs, { parameters });
    const ticked = (question: Question) => {
      assert.ok(question.kind === 'pickMany');
      return question.rows.filter((row) => question.picked(row.value)).map((row) => row.value);
    };
    await create(verbs, choose('Use these entries'), choose('Use this text'), choose('Use this text'), enter(), ticked);
    assert.deepEqual(sent(verbs), {
      people: PEOPLE,
      script: SCRIPT,
      motd: 'one\ntwo',
      size: '2.0',
      zones: '["us","eu"]',
    });
  });

  test('a list is changed entry by entry: one is added, one changed, one removed', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, { parameters: [{ ...list, defaultValue: '["Doe, Jane","plain","gone","long\\nentry"]' }] });
    const summary = seeing((question) => {
      assert.equal(rowOf(question, 'people')?.description, '“Doe, Jane”, Plain!, long … (2 lines), “x, y”');
    }, choose('people'));
    await create(
      verbs,
      choose('Add an entry…'),
      back,
      choose('Add an entry…'),
      enter('x, y'),
      choose('plain'),
      choose('Change…'),
      enter('Plain!'),
      choose('gone'),
      choose('Remove'),
      choose('long … (2 lines)'),
      choose('Change…'),
      edit(),
      choose('Use these entries'),
      summary,
      choose('Use these entries'),
    );
    assert.equal(sent(verbs).people, '["Doe, Jane","Plain!","long\\nentry","x, y"]');
  });

  test('a list that must not be empty says so, and stays to be filled', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, { parameters: [{ ...list, required: true }] });
    const told = (question: Question) => {
      assert.ok(question.kind === 'pick');
      assert.equal(question.problem, 'Enter a value.');
    };
    await create(
      verbs,
      choose('Leave it empty'),
      seeing(told, choose('Add an entry…')),
      enter('one'),
      choose('Use these entries'),
    );
    assert.equal(sent(verbs).people, '["one"]');
  });

  test('a text is edited in an editor; closing it changes nothing, and what does not fit is edited again', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const fits = { validationRegex: '^#!', validationError: 'It must begin with #!.' };
    asking(verbs, { parameters: [{ ...text, ...fits, defaultValue: '#!/bin/sh\necho one' }] });
    await create(
      verbs,
      choose('Edit in the editor…'),
      edit(),
      choose('Edit in the editor…'),
      seeing((question) => {
        assert.ok(question.kind === 'edit');
        assert.deepEqual([question.name, question.value], ['script', '#!/bin/sh\necho one']);
      }, edit('echo')),
      seeing((question) => {
        assert.ok(question.kind === 'pick');
        assert.equal(question.problem, 'It must begin with #!.');
      }, choose('Edit in the editor…')),
      seeing((question) => assert.ok(question.kind === 'edit' && question.value === 'echo'), edit('#!\r\ntwo  \r\n')),
    );
    assert.equal(sent(verbs).script, '#!\ntwo  \n');
  });

  test('an option whose value is empty can be chosen where an answer is required, and reads as its label', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const options = [option('None', ''), option('Europe', 'eu')];
    asking(verbs, { parameters: [fixed('region', { required: true, options, mutable: true })] });
    const summary = seeing(
      (question) => assert.equal(rowOf(question, 'region')?.description, 'None'),
      choose('region'),
    );
    await create(verbs, choose('None'), summary, choose('None'));
    assert.deepEqual(sent(verbs), { region: '' });
  });

  test('a cleared number shows the default that will be used', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, { parameters: [fixed('size', { type: 'number', defaultValue: '2' })] });
    const seen = (question: Question) => {
      assert.ok(question.kind === 'enter');
      assert.equal(question.placeholder, '2 (default)');
    };
    const summary = seeing(
      (question) => assert.equal(rowOf(question, 'size')?.description, '2 (default)'),
      choose('size'),
    );
    await create(verbs, seeing(seen, enter('')), summary, seeing(seen, enter('')));
    assert.deepEqual(sent(verbs), { size: '2' });
  });

  test('a masked text of several lines comes from the clipboard, and no editor shows it', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const key = '-----BEGIN KEY-----\nnot hexadecimal\n-----END KEY-----\n';
    const held = (value: string) => ({ value, valid: true });
    const evaluate: NonNullable<TemplateSpec['evaluate']> = (inputs) => [
      {
        name: 'key',
        type: 'string',
        form_type: 'textarea',
        styling: { mask_input: true },
        mutable: false,
        required: true,
        order: 1,
        ephemeral: false,
        display_name: '',
        description: '',
        icon: '',
        options: [],
        validations: [],
        diagnostics: [],
        value: held(inputs.key ?? ''),
        default_value: held(''),
      },
    ];
    asking(verbs, { evaluate }, true);
    verbs.ui.clipboard = key;
    const summary = seeing((question) => assert.equal(rowOf(question, 'key')?.description, '•••'), choose('key'));
    await create(verbs, choose('Paste from the clipboard'), summary, choose('Keep the current text'));
    assert.equal(sent(verbs).key, key);
    assert.ok(verbs.ui.questions.every((question) => question.kind !== 'edit'));
    // An id may hold any short run of hexadecimal digits.
    assert.ok(!JSON.stringify(verbs.ui.questions).includes('not hexadecimal'), 'a question shows the text');
  });
});

describe('answers on V0', () => {
  const legacy = (name: string, more: Partial<LegacyParameter>): LegacyParameter => ({
    id: name,
    name,
    description: '',
    defaultValue: undefined,
    allowOverride: true,
    redisplay: true,
    validationError: '',
    validationCondition: '',
    contains: undefined,
    ...more,
  });

  test('what nobody touched is sent as the template has it, to the letter', async () => {
    const verbs = await verbsOn({ age: 'v0' });
    asking(verbs, { legacyParameters: [legacy('script', { defaultValue: SCRIPT }), legacy('size', {})] });
    await create(verbs, enter('large'), choose('Change parameters with defaults…'), choose('Use this text'), enter());
    assert.deepEqual(sent(verbs), { script: SCRIPT, size: 'large' });
  });

  test('a masked text keeps the line breaks that a box of one line does not show', async () => {
    const verbs = await verbsOn({ age: 'v0' });
    asking(verbs, { legacyParameters: [legacy('key', { defaultValue: 'one\ntwo', redisplay: false })] });
    const oneLine = (question: Question) => {
      assert.ok(question.kind === 'enter' && question.password === true);
      // As a browser has it.
      return question.value?.replaceAll('\n', '');
    };
    await create(verbs, choose('Change parameters with defaults…'), oneLine);
    assert.deepEqual(sent(verbs), { key: 'one\ntwo' });
  });

  test('nothing is one of the choices only where it is the default: V0 takes that for an empty value', async () => {
    for (const [defaultValue, offered] of [
      ['', ['empty', 'eu']],
      ['eu', ['eu']],
    ] as const) {
      const verbs = await verbsOn({ age: 'v0' });
      asking(verbs, { legacyParameters: [legacy('region', { defaultValue, contains: ['', 'eu'] })] });
      const seen = seeing((question) => {
        assert.ok('rows' in question);
        assert.deepEqual(
          question.rows.map((row) => row.label),
          offered,
        );
      }, choose(offered[0]));
      await create(verbs, choose('Change parameters with defaults…'), seen);
    }
  });
});
