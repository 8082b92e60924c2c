// How each kind of parameter is asked for, and what is sent for it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '../deployment/ids.ts';
import { rich } from '../deployment/richParameter.ts';
import type { LegacyParameter, RichParameter } from '../deployment/template-spec.ts';
import { Dismissed } from '../../src/model/prompt.ts';
import {
  back,
  backTyping,
  choose,
  chooseAfterTyping,
  escape,
  escapeTyping,
  press,
  type as enter,
  type Question,
} from '../scriptedUi.ts';
import { create, rowOf, seeing, sent, templateNamed, versionOf } from './create-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

const options = ['a', 'b', 'c'].map((value) => ({ name: value.toUpperCase(), value, description: '', icon: '' }));

/** The template `slow`, asking for this. */
const asking = (verbs: VerbFixture, parameters: readonly RichParameter[]): void => {
  const version = versionOf(verbs, templateNamed(verbs, 'slow'));
  version.spec = { ...version.spec, parameters };
};

describe('parameters of every kind', () => {
  test('each form type is asked for in its way, and sent as its type', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, [
      rich('radio', { formType: 'radio', options }),
      rich('dropdown', { formType: 'dropdown', options }),
      rich('multi', { type: 'list(string)', formType: 'multi-select', options }),
      rich('tags', { type: 'list(string)', formType: 'tag-select' }),
      rich('slider', { type: 'number', formType: 'slider', validationMin: 1, validationMax: 9 }),
      rich('switch', { type: 'bool', formType: 'switch' }),
      rich('checkbox', { type: 'bool', formType: 'checkbox' }),
      rich('textarea', { formType: 'textarea' }),
      rich('input', { validationRegex: '^[a-z]+$' }),
    ]);
    await create(
      verbs,
      choose('slow'),
      enter('fresh'),
      choose('B'),
      choose('C'),
      choose('A', 'C'),
      choose('Add an entry…'),
      enter('one'),
      choose('Use these entries'),
      (question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.match(question.prompt ?? '', /from 1 to 9/);
        assert.match(question.validate?.('10') ?? '', /from 1 to 9/);
        return '7';
      },
      choose('Yes'),
      choose('No'),
      choose('Edit in the editor…'),
      () => 'one\ntwo',
      enter('abc'),
      choose('Create fresh'),
    );
    assert.deepEqual(verbs.errors.map(String), []);
    assert.deepEqual(sent(verbs), {
      radio: 'b',
      dropdown: 'c',
      multi: '["a","c"]',
      tags: '["one"]',
      slider: '7',
      switch: 'true',
      checkbox: 'false',
      textarea: 'one\ntwo',
      input: 'abc',
    });
  });

  test('Escape keeps what was entered so far: a text, the entries of a list, a text of several lines', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, [
      rich('input', {}),
      rich('tags', { type: 'list(string)', formType: 'tag-select' }),
      rich('textarea', { formType: 'textarea', validationRegex: '^a' }),
    ]);
    await create(
      verbs,
      choose('slow'),
      enter('fresh'),
      escapeTyping('half'),
      press(),
      enter(),
      choose('Add an entry…'),
      enter('one'),
      escape,
      press(),
      choose('Use these entries'),
      choose('Edit in the editor…'),
      () => 'b',
      escape,
      press(),
      choose('Edit in the editor…'),
      (question) => {
        assert.equal('value' in question && question.value, 'b');
        return 'ab';
      },
      choose('Create fresh'),
    );
    assert.deepEqual(sent(verbs), { input: 'half', tags: '["one"]', textarea: 'ab' });
  });

  test('ticks that Escape or Back would lose are there again, and Escape asks first', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, [
      rich('input', {}),
      rich('multi', {
        type: 'list(string)',
        formType: 'multi-select',
        options,
        required: false,
        defaultValue: '["a"]',
      }),
    ]);
    const ticked = (...wanted: string[]) =>
      seeing(
        (question) => {
          assert.ok(question.kind === 'pickMany', question.kind);
          const { rows, picked } = question;
          assert.deepEqual(
            rows.filter(({ value }) => picked(value)).map(({ label }) => label),
            wanted,
          );
        },
        choose(...wanted),
      );
    await create(
      verbs,
      choose('slow'),
      enter('fresh'),
      enter('x'),
      choose('Change parameters with defaults…'),
      escapeTyping('["a","c"]'),
      press(),
      (question) => {
        ticked('A', 'C')(question);
        return backTyping('["c","b"]')(question);
      },
      enter(),
      ticked('B', 'C'),
      choose('Create fresh'),
    );
    assert.deepEqual(sent(verbs), { input: 'x', multi: '["b","c"]' });
  });

  test('Back keeps what is in a box, the entries of a list and a text of several lines', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, [
      rich('input', {}),
      rich('tags', { type: 'list(string)', formType: 'tag-select' }),
      rich('textarea', { formType: 'textarea', validationRegex: '^a' }),
    ]);
    await create(
      verbs,
      choose('slow'),
      enter('fresh'),
      backTyping('half'),
      enter(),
      enter(),
      chooseAfterTyping('one', 'Add an entry…'),
      enter(),
      back,
      enter(),
      choose('Use these entries'),
      choose('Edit in the editor…'),
      () => 'b',
      back,
      choose('Use these entries'),
      choose('Edit in the editor…'),
      (question) => {
        assert.equal('value' in question && question.value, 'b');
        return 'ab';
      },
      choose('Create fresh'),
    );
    assert.deepEqual(sent(verbs), { input: 'half', tags: '["one"]', textarea: 'ab' });
  });

  test('a parameter that the template sets is shown with its value, and says so when it is selected', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const version = versionOf(verbs, templateNamed(verbs, 'dynamic'));
    const { evaluate } = version.spec;
    assert.ok(evaluate, 'the template has no form');
    version.spec.evaluate = (inputs) =>
      evaluate(inputs).map((each) => (each.name === 'size' ? { ...each, styling: { disabled: true } } : each));
    await create(
      verbs,
      choose('dynamic'),
      enter('fresh'),
      seeing((question) => assert.equal(rowOf(question, 'size')?.description, 'Small'), choose('size')),
      seeing(
        (question) => assert.equal('problem' in question && question.problem, 'The template sets size.'),
        choose('Create fresh'),
      ),
    );
    assert.equal(sent(verbs).size, 's');
  });

  test("a pattern in Go's syntax that JavaScript cannot read is the server's to judge", async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, [rich('input', { validationRegex: '^(?P<word>[[:alpha:]]+)\\z' })]);
    verbs.ui.answers(
      choose('slow'),
      enter('fresh'),
      (question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.equal(question.validate?.('anything'), undefined);
        throw new Dismissed();
      },
      press('Discard'),
    );
    await verbs.run('create');
    assert.deepEqual(verbs.errors.map(String), []);
  });

  test('one that cannot be changed later says so and is asked although it has a default; one for this start only is never filled in (coder/coder#25822)', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, [
      rich('disk', { mutable: false, required: false, defaultValue: '10' }),
      rich('debug', { ephemeral: true, defaultValue: 'x' }),
    ]);
    await create(
      verbs,
      choose('slow'),
      enter('fresh'),
      seeing(
        (question) => assert.match(('prompt' in question && question.prompt) || '', /Can't be changed later/),
        enter(),
      ),
      (question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.equal(question.value, '');
        assert.match(question.prompt ?? '', /Applies to this start only/);
        return 'y';
      },
      choose('Create fresh'),
    );
    assert.deepEqual(sent(verbs), { disk: '10', debug: 'y' });
  });

  test('one that has a default is not asked (coder/coder#22272)', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    asking(verbs, [rich('region', { required: false, defaultValue: 'eu' })]);
    await create(verbs, choose('slow'), enter('fresh'), choose('Create fresh'));
    assert.deepEqual(sent(verbs), { region: 'eu' });
  });

  test("V0 asks for what the schema lets its users set: choices, hidden values, defaults, and its own condition's sentence", async () => {
    const verbs = await verbsOn({ age: 'v0' });
    const size = versionOf(verbs, templateNamed(verbs, 'dev')).spec.legacyParameters.find(
      ({ name }) => name === 'size',
    );
    assert.ok(size, 'there is no size');
    Object.assign(size, { validationCondition: 'length(var.size) > 2', validationError: 'Three letters at least.' });
    await create(
      verbs,
      choose('Development'),
      enter('fresh'),
      seeing(
        (question) =>
          assert.match(('prompt' in question && question.prompt) || '', /The size · Three letters at least\./),
        enter('large'),
      ),
      choose('Change parameters with defaults…'),
      seeing(
        (question) =>
          assert.deepEqual('rows' in question && question.rows.map(({ label }) => label), ['ap', 'eu', 'us']),
        choose('us'),
      ),
      enter('large'),
      seeing((question) => assert.equal('password' in question && question.password, true), enter('hunter2')),
      choose('Create fresh'),
    );
    assert.deepEqual(sent(verbs), { region: 'us', size: 'large', token: 'hunter2' });
  });

  describe('in V0, whose types are Terraform’s', () => {
    const legacy = (name: string, valueType: string, defaultValue?: string): LegacyParameter => ({
      id: newId(),
      name,
      description: `The ${name}`,
      defaultValue,
      allowOverride: true,
      redisplay: true,
      validationError: '',
      validationCondition: '',
      valueType,
      contains: undefined,
    });
    const askingLegacy = async (...legacyParameters: LegacyParameter[]): Promise<VerbFixture> => {
      const verbs = await verbsOn({ age: 'v0' });
      const version = versionOf(verbs, templateNamed(verbs, 'slow'));
      version.spec = { ...version.spec, legacyParameters };
      return verbs;
    };
    const promptOf = (question: Question): string => ('prompt' in question && question.prompt) || '';

    test('a list is entered entry by entry, a bool is a choice, a number is one, and other types are named', async () => {
      const verbs = await askingLegacy(
        legacy('tools', 'list(string)'),
        legacy('gpu', 'bool'),
        legacy('cpu', 'number'),
        legacy('shape', 'object({ cpu = number })'),
        legacy('name', 'string'),
      );
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        choose('Add an entry…'),
        enter('git'),
        choose('Add an entry…'),
        enter('a "quoted" one'),
        choose('Use these entries'),
        choose('Yes'),
        (question) => {
          assert.ok(question.kind === 'enter', question.kind);
          assert.match(question.validate?.('two') ?? '', /Enter a number/);
          return '2';
        },
        seeing(
          (question) => assert.equal(promptOf(question), 'The shape · Terraform type: object({ cpu = number })'),
          enter('{ cpu = 2 }'),
        ),
        seeing((question) => assert.equal(promptOf(question), 'The name'), enter('x')),
        choose('Create fresh'),
      );
      assert.deepEqual(sent(verbs), {
        tools: '["git","a \\"quoted\\" one"]',
        gpu: 'true',
        cpu: '2',
        shape: '{ cpu = 2 }',
        name: 'x',
      });
    });

    test('a value that was given at the import is the default: nothing is required that has one', async () => {
      const verbs = await askingLegacy(
        legacy('size', 'string'),
        legacy('zone', 'string', 'eu'),
        { ...legacy('secret', 'string', 'x'), redisplay: false },
        legacy('team', 'string'),
      );
      const version = versionOf(verbs, templateNamed(verbs, 'slow'));
      version.legacyValues = ['size', 'zone', 'secret'].map((name) => ({ name, value: 'imported' }));
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        seeing((question) => assert.match(question.title, /team$/), enter('core')),
        choose('Change parameters with defaults…'),
        ...['imported', 'imported', ''].map((value) =>
          seeing((question) => assert.equal('value' in question && question.value, value), enter()),
        ),
        enter(),
        choose('Create fresh'),
      );
      assert.deepEqual(sent(verbs), { size: 'imported', zone: 'imported', team: 'core' });
    });

    test('a text that is cleared is shown as the default that the template fills in for it', async () => {
      const verbs = await askingLegacy(legacy('zone', 'string', 'eu'), legacy('motd', 'string', 'one\ntwo'));
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        choose('Change parameters with defaults…'),
        seeing(
          (question) => assert.equal('placeholder' in question && question.placeholder, 'eu (default)'),
          enter(''),
        ),
        choose('Use the default'),
        seeing((question) => {
          assert.equal(rowOf(question, 'zone')?.description, 'eu (default)');
          assert.equal(rowOf(question, 'motd')?.description, 'one … (2 lines) (default)');
        }, choose('Create fresh')),
      );
      assert.deepEqual(sent(verbs), {});
    });
  });
});
