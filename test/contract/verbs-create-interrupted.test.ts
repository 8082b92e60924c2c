// Interruptions while a workspace is created: answers that change the form, Escape, outages, the end of a session.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { startRelay } from '../bench/relay.ts';
import { Dismissed } from '../../src/model/prompt.ts';
import { back, choose, escape, escapeTyping, press, type as enter, type Answer, type Question } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { create, publish, seeing, sent, templateNamed, titles, versionOf } from './create-fixture.ts';
import { withTeam } from './newer-version.ts';
import { until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

const problemOf = (question: Question): string | undefined => ('problem' in question ? question.problem : undefined);

const PARAMETERS = /\/dynamic-parameters(\/evaluate)?$/;

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
    const version = versionOf(verbs, templateNamed(verbs, 'dynamic'));
    assert.ok(version.spec.evaluate, 'the template has no form');
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
    const { store } = verbs.deployment;
    verbs.ui.answers(
      choose('dynamic'),
      enter('fresh'),
      () => {
        for (const [id, { name, activeVersionId }] of store.templates) {
          if (name !== 'dynamic') continue;
          store.templates.delete(id);
          store.versions.delete(activeVersionId);
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
  describe(`create, interrupted (${age})`, () => {
    test('Escape asks before what is in a box is lost, and the box begins with it again', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        escapeTyping('fre'),
        seeing(
          (question) => assert.equal('detail' in question && question.detail, 'Your entries will be lost.'),
          press(),
        ),
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
        verbs.sessionFixture.end.abort();
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
        verbs.deployment.store.keys.clear();
        return choose('Create fresh')(question);
      });
      await verbs.run('create');
      await until('the session has ended', () => verbs.session.signal.aborted);
      assert.deepEqual(verbs.ui.said, []);
      assert.equal(verbs.ui.unused, 0);
    });

    test('a template that is deleted before the summary is sent leads to the templates that are left', async () => {
      const verbs = await verbsOn({ age });
      const { store } = verbs.deployment;
      await create(
        verbs,
        choose('hang'),
        enter('fresh'),
        (question) => {
          for (const [id, { name }] of store.templates) if (name === 'hang') store.templates.delete(id);
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

    test('a new active version asks what it newly needs before anything is built of it', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        (question) => {
          publish(verbs, 'slow', withTeam());
          return choose('Create fresh')(question);
        },
        seeing((question) => {
          assert.match(question.title, /team$/);
          assert.equal(problemOf(question), 'slow has a new active version. Check your answers.');
        }, enter('ours')),
        choose('Create fresh'),
      );
      assert.equal(sent(verbs).team, 'ours');
    });

    test('a new active version that asks nothing new leads to the summary, which says so', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        (question) => {
          publish(verbs, 'slow');
          return choose('Create fresh')(question);
        },
        seeing(
          (question) => assert.equal(problemOf(question), 'slow has a new active version. Check your answers.'),
          choose('Create fresh'),
        ),
      );
      assert.deepEqual(titles(verbs), ['Template', 'Name', 'Summary', 'Summary']);
    });

    for (const [what, misbehaviour] of [
      ['an outage', '503'],
      ['a 401 that is not about the session', '401'],
    ] as const)
      test(`${what} when it is sent leads back to the summary, and nothing that was entered is lost`, async () => {
        const verbs = await verbsOn({ age });
        await create(
          verbs,
          choose('slow'),
          enter('fresh'),
          async (question) => {
            await verbs.deployment.misbehave(misbehaviour, { path: /\/workspaces$/, method: 'POST' });
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
