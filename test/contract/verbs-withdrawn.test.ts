// What is said where a workspace is no longer shared, or its template no longer readable, while something is done with it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as workspaces from '../../src/api/workspaces.ts';
import { press, type Answer } from '../scriptedUi.ts';
import { soon } from './client-fixture.ts';
import { passUntil, until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

const GONE = (name: string) => `${name} no longer exists, or you don't have permission to see it anymore.`;

/** Dana may do all with `owner/NAME` but delete it, and her window knows it. */
async function sharedWithDana(name: string): Promise<VerbFixture> {
  const verbs = await verbsOn({ age: 'v2', release: '2.36' }, { as: 'dana' });
  const { deployment, session } = verbs;
  const workspace = deployment.workspace(`owner/${name}`);
  workspace.sharedWith.set(deployment.users.dana.id, 'admin');
  session.adopt(await workspaces.get(session.calls, workspace.id as never, {}, soon()));
  return verbs;
}

const unshare = ({ deployment }: VerbFixture, name: string): void => {
  deployment.workspace(`owner/${name}`).sharedWith.clear();
};

describe('a workspace that is no longer shared (v2.36)', () => {
  for (const [verb, name] of [
    ['start', 'hung'],
    ['stop', 'web'],
    ['restart', 'web'],
  ] as const) {
    test(`${verb}: somebody who sees it no longer while it is built is told so, not how it ended`, async () => {
      const verbs = await sharedWithDana(name);
      verbs.settings = { ...verbs.settings, confirmStop: false };
      verbs.deployment.hold('builds');
      const done = verbs.run(verb, verbs.deployment.workspace(`owner/${name}`).id);
      await until('its build is shown', () => verbs.ui.builds.length > 0);
      unshare(verbs, name);
      verbs.deployment.cutStreams({ kind: 'watch' });
      await passUntil(verbs.timing, 'something is said', () => verbs.ui.said.length > 0);
      await done;
      assert.deepEqual(verbs.ui.said, [GONE(name)]);
      assert.equal(verbs.writes().length, 1);
    });
  }

  const whileAsked =
    (verbs: VerbFixture, name: string, answer: Answer): Answer =>
    (question) => {
      unshare(verbs, name);
      return answer(question);
    };

  test('a stop that nobody may ask for any more by the time it is confirmed says so', async () => {
    const verbs = await sharedWithDana('web');
    verbs.ui.answers(whileAsked(verbs, 'web', press('Stop')));
    await verbs.run('stop', verbs.deployment.workspace('owner/web').id);
    assert.equal(verbs.ui.said.length, 1);
    assert.match(
      verbs.ui.said.join(),
      /^(?:The workspace doesn't exist|web no longer exists), or you don't have permission/,
    );
  });
});

test('a build that goes on where its workspace is no longer readable is not told as ended (v2)', async () => {
  const verbs = await verbsOn({ age: 'v2' });
  verbs.deployment.hold('builds');
  const done = verbs.run('start', verbs.id('hung'));
  await until('its build is shown', () => verbs.ui.builds.length > 0);
  // The template is no longer readable (contract 2.3).
  await verbs.deployment.misbehave('403', { path: /\/workspaces(?:\/|\?)/ });
  verbs.deployment.cutStreams({ kind: 'watch' });
  await passUntil(verbs.timing, 'something is said', () => verbs.ui.said.length > 0);
  await done;
  assert.deepEqual(verbs.ui.said, [GONE('hung')]);
});
