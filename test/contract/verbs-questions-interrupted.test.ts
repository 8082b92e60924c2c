import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sleep } from '../../src/api/abort.ts';
import { getTemplate } from '../../src/api/operations.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import { latestBuild } from '../deployment/store.ts';
import { choose, escape, press, type as enter, type Answer } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { publishFor, stored, withTeam } from './newer-version.ts';
import { statusOf, until } from './session-fixture.ts';
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

/** Another client starts the workspace, and it runs. */
const startElsewhere = async (verbs: VerbFixture, name: string): Promise<void> => {
  const { signal } = new AbortController();
  await workspaces.createBuild(verbs.other.calls, verbs.id(name), { transition: 'start' }, signal);
  await until(`${name} runs`, () => statusOf(verbs.session, name) === 'running');
};

/** The same before `answer` is given. */
const startedMeanwhile =
  (verbs: VerbFixture, name: string, answer: Answer): Answer =>
  async (question) => {
    await startElsewhere(verbs, name);
    return answer(question);
  };

for (const age of ages) {
  describe(`while a verb asks (${age})`, () => {
    test('a workspace that is started by somebody else meanwhile is not updated over what runs in it', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await publishFor(verbs, 'archive', withTeam());
      verbs.ui.answers(startedMeanwhile(verbs, 'archive', enter('blue')));
      await verbs.run('update', verbs.id('archive'));
      assert.deepEqual(verbs.ui.said, ['archive is already running.']);
      assert.equal(verbs.writes().length, 1, 'the other client’s start alone');
    });

    for (const [verb, name, button] of [
      ['stop', 'abandoned', 'Stop'],
      ['update', 'archive', 'Restart'],
    ] as const)
      test(`${verb} asks before it ends what began to run while the workspace was picked`, async () => {
        const verbs = await verbsOn({ age }, ALL_STREAMS);
        if (verb === 'update') await publishFor(verbs, name);
        verbs.ui.answers(startedMeanwhile(verbs, name, choose(name)), press(button));
        await verbs.run(verb);
        assert.equal(verbs.ui.unused, 0, 'it was asked');
        assert.equal(statusOf(verbs.session, name), verb === 'stop' ? 'stopped' : 'running');
        assert.equal(verbs.ui.said.length, 1, verbs.ui.said.join('|'));
      });

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

test('a workspace that is started after a failed deletion is not orphaned by whoever was about to', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  const name = 'hung';
  latestBuild(stored(verbs, name)).transition = 'delete';
  await verbs.session.refetch(verbs.id(name));
  verbs.ui.answers(choose('Orphan'), startedMeanwhile(verbs, name, enter(name)));
  await verbs.run('delete', verbs.id(name));
  assert.match(verbs.ui.said.join('|'), /^Another build of hung started first\. hung started in [^|]*$/);
  assert.equal(statusOf(verbs.session, name), 'running');
});

test('a workspace that is started while V0’s active version is read is not updated over what runs in it', async () => {
  const verbs = await verbsOn({ age: 'v0' }, ALL_STREAMS);
  await publishFor(verbs, 'archive');
  const { transport } = verbs.session.calls;
  const open = transport.open.bind(transport);
  transport.open = async (request, signal) => {
    if (request.operation === getTemplate) {
      transport.open = open;
      await startElsewhere(verbs, 'archive');
    }
    return open(request, signal);
  };
  await verbs.run('update', verbs.id('archive'));
  assert.deepEqual(verbs.ui.said, ['archive is already running.']);
  assert.equal(verbs.writes().length, 1, 'the other client’s start alone');
});

test('V0’s active version is no longer waited for once the loading of versions is canceled', async () => {
  const verbs = await verbsOn({ age: 'v0' });
  await verbs.deployment.misbehave('slow', { path: /\/templates\/[^/]+$/, delayMs: 20_000 });
  const done = verbs.run('changeVersion', verbs.id('archive'));
  await until('versions are loaded', () => verbs.ui.waits.length > 0);
  verbs.ui.waits.at(-1)?.pressCancel();
  const ended = await Promise.race([done.then(() => true), sleep(5_000 as Milliseconds, new AbortController().signal)]);
  assert.equal(ended, true);
  assert.deepEqual(verbs.ui.said, []);
});

test('a workspace that is started while its dormancy is confirmed stays awake, because it could not be stopped then', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  verbs.ui.answers(startedMeanwhile(verbs, 'archive', press('Make Dormant')));
  await verbs.run('sleep', verbs.id('archive'));
  assert.equal(verbs.known('archive').dormant_at, undefined);
  assert.deepEqual(verbs.ui.said, ["archive is running. Stop it first, because a dormant workspace can't be stopped."]);
});
