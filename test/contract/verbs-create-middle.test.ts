// What happens in the middle of a new workspace: answers that change the form, Escape, outages, the end of a session.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { startRelay } from '../bench/relay.ts';
import type { RichParameter } from '../deployment/template-spec.ts';
import { Dismissed } from '../../src/model/prompt.ts';
import { back, choose, escape, press, type as enter, type Answer, type Question } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

const titles = ({ ui }: VerbFixture): string[] => ui.questions.map((question) => question.title.replace(/^.*: /, ''));
const problemOf = (question: Question): string | undefined => ('problem' in question ? question.problem : undefined);
const seeing =
  (look: (question: Question) => void, answer: Answer): Answer =>
  (question) => {
    look(question);
    return answer(question);
  };
/** Esc, with something in the box that was not sent off. */
const escapeTyping =
  (text: string): Answer =>
  () => {
    throw new Dismissed(text);
  };

const PARAMETERS = /\/dynamic-parameters(\/evaluate)?$/;
const create = async (verbs: VerbFixture, ...answers: Answer[]): Promise<void> => {
  verbs.ui.answers(...answers);
  await verbs.run('create');
  assert.deepEqual(verbs.errors.map(String), []);
  assert.equal(verbs.ui.unused, 0);
};
const sent = (verbs: VerbFixture, name = 'fresh'): Record<string, string> => {
  const [build] = verbs.deployment.workspace(`owner/${name}`).builds;
  return Object.fromEntries(build?.parameters.map((each) => [each.name, each.value]) ?? []);
};

describe('a form that depends on its answers (coder/vscode-coder#972)', () => {
  test('asks for what an answer brings, no more for what it takes away, and remembers it meanwhile', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    await create(
      verbs,
      choose('dynamic'),
      enter('fresh'),
      choose('Large'),
      enter('3'),
      choose('size'),
      choose('Small'),
      seeing(
        (question) => assert.ok('rows' in question && !question.rows.some(({ label }) => label === 'gpus'), 'gpus'),
        choose('size'),
      ),
      choose('Large'),
      seeing(
        (question) =>
          assert.equal('rows' in question && question.rows.find(({ label }) => label === 'gpus')?.description, '3'),
        choose('Create fresh'),
      ),
    );
    assert.deepEqual(sent(verbs), { size: 'l', gpus: '3', secret: '' });
    assert.deepEqual(titles(verbs), [
      'Template',
      'Name',
      'size',
      'gpus',
      'Summary',
      'size',
      'Summary',
      'size',
      'Summary',
    ]);
    assert.equal(verbs.deployment.openSockets().byKind['dynamic-parameters'] ?? 0, 0);
  });

  test('what an answer brings that is changed from the summary is asked before the summary comes again', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    await create(
      verbs,
      choose('dynamic'),
      enter('fresh'),
      choose('Small'),
      choose('size'),
      choose('Large'),
      enter('3'),
      choose('Create fresh'),
    );
    assert.deepEqual(titles(verbs), ['Template', 'Name', 'size', 'Summary', 'size', 'gpus', 'Summary']);
    assert.deepEqual(sent(verbs), { size: 'l', gpus: '3', secret: '' });
  });

  test("the server's complaint stands at its parameter, which is asked again", async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const { world } = verbs.deployment;
    const template = [...world.templates.values()].find(({ name }) => name === 'dynamic');
    const version = world.versions.get(template?.activeVersionId ?? '');
    assert.ok(version?.spec.evaluate, 'the template has no form');
    // A rule that only the server knows.
    const { evaluate } = version.spec;
    version.spec.evaluate = (inputs) =>
      evaluate(inputs).map((each) => (each.name === 'gpus' ? { ...each, validations: [] } : each));
    await create(
      verbs,
      choose('dynamic'),
      enter('fresh'),
      choose('Large'),
      enter('9'),
      seeing((question) => assert.match(problemOf(question) ?? '', /9 is more than the maximum 4/), enter('2')),
      choose('Create fresh'),
    );
    assert.equal(sent(verbs).gpus, '2');
  });

  test('an outage between two questions asks the same question again, and the answer is kept', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    await create(
      verbs,
      choose('dynamic'),
      enter('fresh'),
      async () => {
        await verbs.deployment.misbehave('503', { path: PARAMETERS });
        verbs.deployment.cutStreams({ kind: 'dynamic-parameters' });
        return 'l';
      },
      async (question) => {
        assert.match(question.title, /size$/);
        assert.match(problemOf(question) ?? '', /503|later|unavailable/i);
        assert.ok(question.kind === 'pick' && question.active?.('l') === true, 'the answer is lost');
        await verbs.deployment.heal();
        return 'l';
      },
      enter('1'),
      choose('Create fresh'),
    );
    assert.equal(sent(verbs).size, 'l');
  });

  test('a template that is deleted meanwhile leads to the templates that are left', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const { world } = verbs.deployment;
    verbs.ui.answers(
      choose('dynamic'),
      enter('fresh'),
      () => {
        for (const [id, { name, activeVersionId }] of world.templates) {
          if (name !== 'dynamic') continue;
          world.templates.delete(id);
          world.versions.delete(activeVersionId);
        }
        verbs.deployment.cutStreams({ kind: 'dynamic-parameters' });
        return 'l';
      },
      choose('Select another template'),
      seeing(
        (question) =>
          assert.ok('rows' in question && !question.rows.some(({ label }) => label === 'dynamic'), 'it is still there'),
        choose('slow'),
      ),
      enter(),
      choose('Create fresh'),
    );
    await verbs.run('create');
    assert.equal(verbs.ui.unused, 0);
  });

  test('50 ms away, the form follows an answer within 0.5 s', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const asked = await from50Ms(verbs, choose('dynamic'), enter('fresh'), choose('Large'), enter('1'));
    assert.ok(asked.gpus !== undefined && asked.gpus < 500, `the form after ${asked.gpus} ms`);
    assert.ok(asked.Name !== undefined && asked.Name < 400, `the first question after ${asked.Name} ms`);
  });
});

/** How long each question came after the answer before it, in ms, by its title, from 50 ms away; left at the summary. */
async function from50Ms(verbs: VerbFixture, ...answers: Answer[]): Promise<Readonly<Record<string, number>>> {
  const relay = await startRelay(Number(new URL(verbs.deployment.url).port), 50);
  const far = new CoderClient({ url: `http://127.0.0.1:${relay.port}`, token: verbs.deployment.token });
  Object.defineProperty(verbs.session, 'client', { value: far });
  const took: Record<string, number> = {};
  let at = 0;
  const timed = [...answers, escape].map((answer): Answer => (question) => {
    took[question.title.replace(/^.*: /, '')] = performance.now() - at;
    at = performance.now();
    return answer(question);
  });
  await create(verbs, ...timed, press('Discard'));
  relay.close();
  return took;
}

for (const age of ages) {
  describe(`in the middle (${age})`, () => {
    test('Escape asks before what is in a box is lost, and the box begins with it again', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        escapeTyping('fre'),
        press(),
        seeing((question) => assert.equal('typed' in question && question.typed, 'fre'), enter('fresh')),
        choose('Create fresh'),
      );
      assert.equal(verbs.deployment.workspace('owner/fresh').builds.length, 1);
    });

    test('Escape at a question for a required value hangs nowhere and posts nothing (coder/vscode-coder#939)', async () => {
      const verbs = await verbsOn({ age });
      const start: Answer[] = age === 'v2' ? [choose('No preset'), enter('fresh'), choose('Europe')] : [enter('fresh')];
      await create(verbs, choose('Development'), ...start, escape, press('Discard'));
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('50 ms away, the first question comes within 0.4 s after the template', async () => {
      const verbs = await verbsOn({ age });
      const first = age === 'v2' ? [choose('No preset'), enter('fresh'), choose('Europe')] : [enter('fresh')];
      const asked = await from50Ms(verbs, choose('Development'), ...first);
      const took = asked[age === 'v2' ? 'Preset' : 'Name'];
      assert.ok(took !== undefined && took < 400, `the first question after ${took} ms`);
    });

    test('Back keeps the values', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        back,
        seeing((question) => assert.equal('value' in question && question.value, 'fresh'), enter()),
        choose('Create fresh'),
      );
    });

    test('signing out in the middle closes the question and says nothing more', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('slow'), enter('fresh'), () => {
        verbs.stage.end.abort();
        assert.ok(verbs.session.signal.aborted, 'the session goes on');
        throw new Dismissed();
      });
      await verbs.run('create');
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('a token that has expired by then sends nothing twice, and is told once, by the session', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('slow'), enter('fresh'), (question) => {
        verbs.deployment.world.keys.clear();
        return choose('Create fresh')(question);
      });
      await verbs.run('create');
      await until('the session has ended', () => verbs.session.signal.aborted);
      assert.deepEqual(verbs.ui.said, []);
      assert.equal(verbs.ui.unused, 0);
    });

    test('a template that is deleted before the summary is sent leads to the templates that are left', async () => {
      const verbs = await verbsOn({ age });
      const { world } = verbs.deployment;
      await create(
        verbs,
        choose('hang'),
        enter('fresh'),
        (question) => {
          for (const [id, { name }] of world.templates) if (name === 'hang') world.templates.delete(id);
          return choose('Create fresh')(question);
        },
        seeing((question) => {
          assert.match(question.title, /Template$/);
          assert.ok(problemOf(question), 'no reason is given');
          assert.ok('rows' in question && !question.rows.some(({ label }) => label === 'hang'), 'it is still there');
        }, choose('slow')),
        enter(),
        choose('Create fresh'),
      );
    });

    test('an outage when it is sent leads back to the summary, and nothing that was entered is lost', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        async (question) => {
          await verbs.deployment.misbehave('503', { path: /\/workspaces$/, method: 'POST' });
          return choose('Create fresh')(question);
        },
        async (question) => {
          assert.ok(problemOf(question), 'no reason is given');
          await verbs.deployment.heal();
          return choose('Create fresh')(question);
        },
      );
      assert.deepEqual(titles(verbs), ['Template', 'Name', 'Summary', 'Summary']);
    });
  });
}

const rich = (name: string, more: Partial<RichParameter>): RichParameter => ({
  name,
  description: '',
  descriptionPlain: '',
  type: 'string',
  formType: 'input',
  mutable: true,
  defaultValue: '',
  icon: '',
  options: [],
  required: true,
  ephemeral: false,
  ...more,
});
const options = ['a', 'b', 'c'].map((value) => ({ name: value.toUpperCase(), value, description: '', icon: '' }));

/** The template `slow`, asking for this. */
const asking = (verbs: VerbFixture, parameters: readonly RichParameter[]): void => {
  const { world } = verbs.deployment;
  const template = [...world.templates.values()].find(({ name }) => name === 'slow');
  const version = world.versions.get(template?.activeVersionId ?? '');
  assert.ok(version, 'there is no version');
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
    const { world } = verbs.deployment;
    const dev = [...world.templates.values()].find(({ name }) => name === 'dev');
    const version = world.versions.get(dev?.activeVersionId ?? '');
    const size = version?.spec.legacyParameters.find(({ name }) => name === 'size');
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
});
