import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latestBuild } from '../deployment/store.ts';
import { choose, escape, press, type as enter, type Answer } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { publishFor, stored, withTeam } from './newer-version.ts';
import { until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

// What happens while a verb's own question stands there. The wizard's: verbs-create-middle.

/** A verb that asks, what is answered in the end, and what has to be so before. */
const CASES: readonly {
  readonly verb: string;
  readonly name: string;
  readonly answer: Answer;
  readonly before?: (verbs: VerbFixture) => Promise<unknown>;
}[] = [
  { verb: 'stop', name: 'web', answer: press('Stop') },
  { verb: 'restart', name: 'web', answer: press('Restart') },
  { verb: 'update', name: 'hung', answer: enter('blue'), before: (verbs) => publishFor(verbs, 'hung', teamIn) },
  {
    verb: 'changeVersion',
    name: 'hung',
    answer: (question) => ('rows' in question ? question.rows[0]?.value : undefined),
    before: (verbs) => publishFor(verbs, 'hung'),
  },
  { verb: 'retryBuild', name: 'broken', answer: choose('Clean up') },
  { verb: 'delete', name: 'hung', answer: enter('hung') },
  { verb: 'cancel', name: 'warming-up', answer: press('Cancel Build') },
  {
    verb: 'extend',
    name: 'notebook',
    answer: (question) => ('rows' in question ? question.rows[1]?.value : undefined),
  },
  { verb: 'setAutostart', name: 'hung', answer: enter('Mon 7:15 UTC') },
  { verb: 'setTtl', name: 'hung', answer: choose('2 h') },
  { verb: 'rename', name: 'hung', answer: enter('hanged') },
];

/** `slow` has no parameter of its own to copy in V0. */
const teamIn: Parameters<typeof publishFor>[2] = (spec) => ({
  ...withTeam()(spec),
  legacyParameters: [
    {
      id: '8d1c0a52-5f4b-4b43-8a50-3b6a0d1e7c11',
      name: 'team',
      description: '',
      defaultValue: undefined,
      allowOverride: true,
      redisplay: true,
      validationError: '',
      validationCondition: '',
      contains: undefined,
    },
  ],
});

/** Runs each verb; `meanwhile` happens while its question stands there. */
async function eachVerb(
  age: (typeof ages)[number],
  meanwhile: (verbs: VerbFixture, name: string) => Promise<void>,
  check: (verbs: VerbFixture, verb: string, problems: readonly string[]) => Promise<void> | void,
  mayAskAgain = false,
): Promise<void> {
  for (const { verb, name, answer, before } of CASES) {
    const verbs = await verbsOn({ age, allowRenames: true }, ALL_STREAMS);
    await before?.(verbs);
    const builds = stored(verbs, name).builds.length;
    const problems: string[] = [];
    const again: Answer = (question) => {
      problems.push(('problem' in question ? question.problem : undefined) ?? '');
      return escape(question);
    };
    verbs.ui.answers(
      async (question) => {
        await meanwhile(verbs, name);
        return answer(question);
      },
      ...(mayAskAgain ? [again] : []),
    );
    verbs.ui.standing.set(`Discard your entries for ${name}?`, press('Discard'));
    await verbs.run(verb, verbs.id(name));
    assert.equal(verbs.ui.unused, mayAskAgain ? 1 - problems.length : 0, `${verb} asked`);
    assert.equal(verbs.deployment.workspace(`owner/${name}`).builds.length, builds, `${verb} built nothing`);
    await check(verbs, verb, problems);
  }
}

for (const age of ages) {
  describe(`while a verb asks (${age})`, () => {
    test('signing out closes the question, and nothing is sent or told', () =>
      eachVerb(
        age,
        (verbs) => {
          verbs.sessionFixture.end.abort();
          return Promise.resolve();
        },
        (verbs, verb) => {
          assert.deepEqual(verbs.writes(), [], verb);
          assert.deepEqual(verbs.ui.said, [], verb);
          assert.deepEqual(verbs.errors, [], verb);
        },
      ));

    test('a token that expires ends the session once, and nothing is told twice', () =>
      eachVerb(
        age,
        (verbs) => {
          verbs.deployment.store.keys.clear();
          return Promise.resolve();
        },
        async (verbs, verb) => {
          await until('the session has ended', () => verbs.session.signal.aborted);
          assert.deepEqual(verbs.ui.said, [], verb);
          assert.deepEqual(verbs.errors, [], verb);
        },
      ));

    test('a deployment that goes away is told in one sentence, and nothing is done', () =>
      eachVerb(
        age,
        (verbs) => verbs.deployment.misbehave('gateway-403', { path: /./ }),
        (verbs, verb, problems) => {
          // What was entered is asked for again, with the reason.
          const told = [...problems, ...verbs.ui.said];
          assert.equal(told.length, 1, `${verb}: ${told.join('|')}`);
          assert.match(told.join(), /\S.*\.$/s, verb);
          assert.equal(verbs.ui.builds.length, 0, verb);
        },
        true,
      ));

    test('a version that is deleted while it is chosen is told in the server’s words, and nothing is built', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const newer = await publishFor(verbs, 'hung');
      const { number } = latestBuild(stored(verbs, 'hung'));
      verbs.ui.answers((question) => {
        verbs.deployment.store.versions.delete(newer.id);
        return 'rows' in question ? question.rows[0]?.value : undefined;
      });
      await verbs.run('changeVersion', verbs.id('hung'));
      assert.match(verbs.ui.said.join(), /Coder says: .*does not exist/);
      assert.equal(latestBuild(stored(verbs, 'hung')).number, number);
    });
  });
}
