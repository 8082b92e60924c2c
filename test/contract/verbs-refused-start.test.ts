import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rich } from '../deployment/richParameter.ts';
import type { TemplateVersion } from '../deployment/model.ts';
import { restartedStop } from '../../src/model/restartedStop.ts';
import { latestBuild, must } from '../deployment/store.ts';
import { choose, escape, press, type as enter, type Question } from '../scriptedUi.ts';
import { publishFor, stored, valuesOf, withTeam } from './newer-version.ts';
import { statusOf, until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

// A server that wants a value when the start is sent: nobody knew of it before. V0 never refuses one (contract 2.1).

const titles = (questions: readonly Question[]): string[] => questions.map(({ title }) => title);

const versionOf = (verbs: VerbFixture, name: string): TemplateVersion =>
  must(verbs.deployment.store.versions, latestBuild(stored(verbs, name)).versionId);

/** From now on the version that `name` has wants a team. */
const wantTeam = (verbs: VerbFixture, name: string): void => {
  const { spec } = versionOf(verbs, name);
  Object.assign(spec, withTeam()(spec));
};

/** A restart whose stop is under way, and after which the server wants more than before. */
const restarting = async (
  release?: '2.36',
): Promise<{ verbs: VerbFixture; done: Promise<void>; stop: string; record: string }> => {
  const verbs = await verbsOn({ age: 'v2', ...(release && { release }) });
  verbs.settings = { ...verbs.settings, confirmStop: false };
  verbs.deployment.hold('builds');
  const done = verbs.run('restart', verbs.id('api-server'));
  await until('the stop is shown', () => verbs.ui.builds.length > 0);
  wantTeam(verbs, 'api-server');
  return {
    verbs,
    done,
    stop: latestBuild(stored(verbs, 'api-server')).id,
    record: restartedStop(verbs.known('api-server').latest_build),
  };
};

describe('a start that the server refuses for want of a value (v2)', () => {
  test('after the stop of a restart, exactly what the server names is asked for, and the restart goes on', async () => {
    const { verbs, done } = await restarting();
    verbs.ui.answers((question) => {
      assert.match('problem' in question ? (question.problem ?? '') : '', /"team" is required/);
      return enter('blue')(question);
    });
    verbs.deployment.release();
    await done;
    assert.deepEqual(titles(verbs.ui.questions), ['api-server: team']);
    assert.equal(valuesOf(verbs, 'api-server').team, 'blue');
    assert.equal(statusOf(verbs.session, 'api-server'), 'running');
    assert.match(verbs.ui.said.join(), /^api-server restarted in /);
    assert.equal(verbs.ui.builds.length, 1, 'one notification');
  });

  test('V2.36 that could not make the start by itself is asked by us, which asks for the value', async () => {
    const { verbs, done } = await restarting('2.36');
    latestBuild(stored(verbs, 'api-server')).onSuccess = undefined;
    verbs.ui.answers(enter('blue'));
    verbs.deployment.release();
    await done;
    assert.equal(valuesOf(verbs, 'api-server').team, 'blue');
    assert.match(verbs.ui.said.join(), /^api-server restarted in /);
  });

  test('Escape there leaves it stopped, which is said, and the row tells the restart', async () => {
    const { verbs, done, stop, record } = await restarting();
    verbs.ui.answers(escape);
    verbs.deployment.release();
    await done;
    assert.deepEqual(verbs.ui.said, ['api-server was stopped, but not started again.']);
    assert.deepEqual(verbs.restarts, [`begun ${record}`, `interrupted ${record}`]);
    assert.equal(latestBuild(stored(verbs, 'api-server')).id, stop);
  });

  test('Cancel in the notification closes the question and starts nothing', async () => {
    const { verbs, done, stop, record } = await restarting();
    verbs.ui.answers(async (question) => {
      verbs.ui.builds.at(-1)?.pressCancel();
      await until('it is called off', () => 'signal' in question && question.signal?.aborted === true);
      return enter('blue')(question);
    });
    verbs.deployment.release();
    await done;
    assert.deepEqual(verbs.ui.said, ['api-server was stopped, but not started again.']);
    assert.equal(latestBuild(stored(verbs, 'api-server')).id, stop);
    assert.deepEqual(verbs.restarts, [`begun ${record}`, `ended ${record}`]);
  });

  test('of several, one that it happens to is told as not started again', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    verbs.ui.answers(press('Restart'));
    verbs.deployment.hold('builds');
    const rows = ['api-server', 'by-hand'].map((name) => ({ refs: { workspaceId: verbs.id(name) } }));
    const done = verbs.run('restart', rows[0], rows);
    await until('both are stopping', () =>
      ['api-server', 'by-hand'].every((name) => latestBuild(stored(verbs, name)).transition === 'stop'),
    );
    const { spec } = versionOf(verbs, 'api-server');
    Object.assign(versionOf(verbs, 'api-server'), { spec: { ...spec, ...withTeam()(spec) } });
    verbs.deployment.release();
    await done;
    assert.match(verbs.ui.said.join(), /api-server was stopped, but not started again\./);
    assert.equal(verbs.ui.questions.length, 1);
  });

  test('where the parameters could not be read before, they are read and asked for then', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    wantTeam(verbs, 'archive');
    await verbs.deployment.misbehave('503', {
      path: /rich-parameters|builds\/[^/]+\/parameters/,
      method: 'GET',
      times: 3,
    });
    verbs.ui.answers(enter('blue'));
    await verbs.run('start', verbs.id('archive'));
    assert.deepEqual(titles(verbs.ui.questions), ['archive: team']);
    assert.equal(valuesOf(verbs, 'archive').team, 'blue');
    assert.match(verbs.ui.said.join(), /^archive started in /);
  });

  test('a value that is refused after the stop of an update is asked for again, and the other answers are kept', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const newer = await publishFor(verbs, 'api-server', (spec) => ({
      parameters: [...spec.parameters, rich('team'), rich('floor')],
    }));
    verbs.ui.answers(press('Restart'), enter('blue'), enter('2'));
    verbs.deployment.hold('builds');
    const done = verbs.run('update', verbs.id('api-server'));
    await until('the stop is shown', () => verbs.ui.builds.length > 0);
    Object.assign(newer.spec.parameters.find(({ name }) => name === 'team') ?? {}, { validationRegex: '^y' });
    verbs.ui.answers(enter('yellow'));
    verbs.deployment.release();
    await done;
    assert.deepEqual(titles(verbs.ui.questions).slice(1), [
      'api-server: team',
      'api-server: floor',
      'api-server: team',
    ]);
    const { team, floor } = valuesOf(verbs, 'api-server');
    assert.deepEqual([team, floor], ['yellow', '2']);
    assert.equal(latestBuild(stored(verbs, 'api-server')).versionId, newer.id);
  });

  test('a refusal that names no parameter is told as it is', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const newer = await publishFor(verbs, 'api-server');
    verbs.ui.answers(press('Restart'));
    verbs.deployment.hold('builds');
    const done = verbs.run('update', verbs.id('api-server'));
    await until('the stop is shown', () => verbs.ui.builds.length > 0);
    verbs.deployment.store.versions.delete(newer.id);
    verbs.deployment.release();
    await done;
    assert.equal(verbs.ui.questions.length, 1);
    assert.match(verbs.ui.said.join(), /^api-server was stopped, but not started again\. .*does not exist/);
  });
});

describe('a start that fails after the stop of the same act (v2)', () => {
  const ACTS = [
    ['restart', 'web', 'Start', 'start'],
    ['update', 'docs-site', 'Update', 'update'],
    ['retryBuild', 'broken', 'Start', 'start'],
  ] as const;

  for (const [verb, name, label, offered] of ACTS) {
    const stopped = async (fault: '502' | '429' | 'reset' | '403'): Promise<VerbFixture> => {
      const verbs = await verbsOn({ age: 'v2' });
      verbs.settings = { ...verbs.settings, confirmStop: false };
      if (verb === 'retryBuild') verbs.ui.answers(choose('Start again'));
      verbs.deployment.hold('builds');
      const done = verbs.run(verb, verbs.id(name));
      await until('the stop is shown', () => verbs.ui.builds.length > 0);
      await verbs.deployment.misbehave(fault, { path: /\/builds$/, method: 'POST' });
      verbs.deployment.release();
      await done;
      assert.match(verbs.ui.said.join(), new RegExp(`^${name} was stopped, but not started again\\. \\S`));
      return verbs;
    };

    test(`${verb}: what is left to do is one button away`, async () => {
      for (const fault of ['502', '429', 'reset'] as const) {
        const { ui, id } = await stopped(fault);
        const [button, ...others] = ui.toasts[0]?.buttons ?? [];
        assert.deepEqual([button?.label, others.length], [label, 0], fault);
        await button?.run();
        assert.deepEqual(ui.executed, [[`coderWorkspaces.${offered}`, id(name)]]);
      }
    });

    test(`${verb}: whoever may not start it is offered nothing`, async () => {
      assert.deepEqual((await stopped('403')).ui.toasts[0]?.buttons, []);
    });
  }
});
