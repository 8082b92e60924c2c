import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as workspaces from '../../src/api/workspaces.ts';
import { choose, escape, press, type as enter, type Answer } from '../scriptedUi.ts';
import { soon } from './client-fixture.ts';
import { publishFor } from './newer-version.ts';
import { until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

// A 500 to a write on somebody else's workspace is a missing permission (contract 2.14, recordings/v2.36/shared-*); on
// one's own it is the server's trouble.

const first: Answer = (question) => ('rows' in question ? question.rows[0]?.value : undefined);

const CASES: readonly (readonly [verb: string, name: string, ...answers: Answer[]])[] = [
  ['start', 'hung'],
  ['stop', 'web'],
  ['restart', 'web'],
  ['update', 'docs-site'],
  ['retryBuild', 'broken', choose('Clean up')],
  ['cancel', 'warming-up', press('Cancel Build')],
  ['extend', 'notebook', first],
  ['setAutostart', 'hung', enter('Mon 7:15 UTC')],
  ['setTtl', 'hung', choose('2 h')],
  ['setAutomaticUpdates', 'hung', choose('Always')],
  ['rename', 'hung', enter('hanged')],
  ['sleep', 'hung', press('Make Dormant')],
  ['wake', 'sleeping'],
];

const refusing = async (verbs: VerbFixture): Promise<void> => {
  for (const method of ['POST', 'PUT', 'PATCH'])
    await verbs.deployment.misbehave('500', { path: /\/workspace(?:s|builds)\/[0-9a-f-]{36}/, method });
  verbs.settings = { ...verbs.settings, confirmStop: false };
};

const OPTIONS = { age: 'v2', release: '2.36', allowRenames: true } as const;

describe('a 500 to a write (v2.36)', () => {
  test('on somebody else’s workspace it is a missing permission, whatever was to be done', async () => {
    const verbs = await verbsOn(OPTIONS, { as: 'dana' });
    const { deployment, session, ui } = verbs;
    await refusing(verbs);
    for (const [verb, name, ...answers] of CASES) {
      const workspace = deployment.workspace(`owner/${name}`);
      workspace.sharedWith.set(deployment.users.dana.id, 'admin');
      session.adopt(await workspaces.get(session.calls, workspace.id as never, {}, soon()));
      ui.answers(...answers);
      await verbs.run(verb, workspace.id);
      assert.equal(ui.said.at(-1), `You don't have permission to do this with owner/${name}.`, verb);
      assert.equal(ui.unused, 0, verb);
    }
    assert.equal(ui.said.length, CASES.length);
  });

  test('on one’s own it is the server’s trouble, whatever was to be done', async () => {
    const verbs = await verbsOn(OPTIONS);
    await refusing(verbs);
    for (const [verb, name, ...answers] of CASES) {
      // A setting is asked for again, with what was entered.
      const isAskedAgain = ['extend', 'setAutostart', 'setTtl', 'rename'].includes(verb);
      let problem: string | undefined;
      const again: Answer = (question) => {
        problem = 'problem' in question ? question.problem : undefined;
        return escape(question);
      };
      verbs.ui.answers(...answers, ...(isAskedAgain ? [again] : []));
      const before = verbs.ui.said.length;
      await verbs.run(verb, verbs.id(name));
      const told = isAskedAgain ? [problem] : verbs.ui.said.slice(before);
      assert.match(told.join(' | '), /^Coder had an internal error\.[^|]*$/, verb);
    }
  });
});

test('an update that somebody may not build says so after the stop, too (v2)', async () => {
  const verbs = await verbsOn({ age: 'v2' });
  await publishFor(verbs, 'web');
  verbs.settings = { ...verbs.settings, confirmStop: false };
  verbs.deployment.hold('builds');
  const done = verbs.run('update', verbs.id('web'));
  await until('the stop is shown', () => verbs.ui.builds.length > 0);
  await verbs.deployment.misbehave('403', { path: /\/builds$/, method: 'POST' });
  verbs.deployment.release();
  await done;
  assert.match(verbs.ui.said.join(), /^web was stopped, but not started again\. You don't have permission/);
});
