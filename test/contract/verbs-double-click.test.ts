import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { choose, press, type as enter, type Answer } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { publishFor } from './newer-version.ts';
import { until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

/** A verb, what it is answered each time, and how many requests it is when it is chosen once. */
const CASES: readonly {
  readonly verb: string;
  readonly name: string;
  readonly answer?: Answer;
  readonly requests: { readonly v0: number; readonly v2: number };
  readonly before?: (verbs: VerbFixture) => Promise<unknown>;
}[] = [
  { verb: 'start', name: 'hung', requests: { v0: 1, v2: 1 } },
  { verb: 'stop', name: 'web', requests: { v0: 1, v2: 1 } },
  { verb: 'restart', name: 'web', requests: { v0: 2, v2: 2 } },
  { verb: 'update', name: 'docs-site', requests: { v0: 1, v2: 2 } },
  {
    verb: 'changeVersion',
    name: 'hung',
    answer: (question) => ('rows' in question ? question.rows[0]?.value : undefined),
    requests: { v0: 1, v2: 1 },
    before: (verbs) => publishFor(verbs, 'hung'),
  },
  { verb: 'retryBuild', name: 'broken', answer: choose('Clean up'), requests: { v0: 1, v2: 1 } },
  { verb: 'delete', name: 'hung', answer: enter('hung'), requests: { v0: 1, v2: 1 } },
  { verb: 'cancel', name: 'warming-up', answer: press('Cancel Build'), requests: { v0: 1, v2: 1 } },
];

for (const age of ages) {
  describe(`a double click (${age})`, () => {
    for (const { verb, name, answer, requests, before } of CASES) {
      test(`${verb} is sent once, and told once`, async () => {
        const verbs = await verbsOn({ age });
        verbs.settings = { ...verbs.settings, confirmStop: false };
        await before?.(verbs);
        if (answer !== undefined) verbs.ui.answers(answer, answer);
        const id = verbs.id(name);
        await Promise.all([verbs.run(verb, id), verbs.run(verb, id)]);
        assert.equal(verbs.writes().length, requests[age], verbs.writes().join('\n'));
        assert.equal(verbs.ui.said.length, 1, verbs.ui.said.join('\n'));
        assert.equal(verbs.ui.builds.length, 1, 'one notification');
      });
    }
  });
}

test('Start with Parameters is sent once, and told once (v2)', async () => {
  const verbs = await verbsOn({ age: 'v2' });
  const id = verbs.id('hung');
  await Promise.all([verbs.run('startWithParameters', id), verbs.run('startWithParameters', id)]);
  assert.equal(verbs.writes().length, 1);
  assert.equal(verbs.ui.said.length, 1);
});

describe('two verbs at the same time', () => {
  const CROSSING: readonly (readonly [verb: string, other: string, name: string, answer: Answer])[] = [
    ['restart', 'stop', 'web', press('Restart')],
    ['update', 'stop', 'docs-site', press('Restart')],
    ['delete', 'start', 'archive', enter('archive')],
    ['retryBuild', 'delete', 'broken', choose('Start again')],
  ];
  for (const [verb, other, name, answer] of CROSSING) {
    test(`${verb}, confirmed after ${other} has begun here, is not dropped without a word (v2.36)`, async () => {
      const verbs = await verbsOn({ age: 'v2', release: '2.36' });
      verbs.deployment.hold('builds');
      let begun: Promise<void> | undefined;
      verbs.ui.answers(async (question) => {
        verbs.settings = { ...verbs.settings, confirmStop: false };
        verbs.ui.answers(...(other === 'delete' ? [enter(name)] : []));
        begun = verbs.run(other, verbs.id(name));
        await until('the other is followed', () => verbs.ui.builds.length > 0);
        return answer(question);
      });
      await verbs.run(verb, verbs.id(name));
      assert.deepEqual(verbs.ui.said, [`A build of ${name} is in progress.`]);
      verbs.deployment.release();
      await begun;
      assert.equal(verbs.ui.said.length, 2);
      assert.equal(verbs.writes().length, 1);
      assert.equal(verbs.ui.builds.length, 1, 'one notification');
    });
  }
});
