// What stands in the summary of a new workspace, and what can be chosen from there.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { rich } from '../deployment/richParameter.ts';
import { choose, chooseAfterTyping, type as enter } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { create, rowOf, rowsOf, seeing, templateNamed, titles, versionOf } from './create-fixture.ts';
import { until } from './session-fixture.ts';
import { verbsOn } from './verb-fixture.ts';

for (const age of ages) {
  describe(`the summary (${age})`, () => {
    test('names the organization, where there are several, and leads back to it', async () => {
      const verbs = await verbsOn({ age });
      const { store } = verbs.deployment;
      const other = { id: randomUUID(), name: 'labs', displayName: 'Labs', description: '', createdAt: 0 };
      store.otherOrganizations.push(other);
      templateNamed(verbs, 'hang').organizationId = other.id;
      const first = age === 'v2' ? 'Coder' : 'owner';
      await create(
        verbs,
        choose(first),
        choose('slow'),
        enter('fresh'),
        seeing((question) => assert.equal(rowOf(question, 'Organization')?.description, first), choose('Organization')),
        choose(first),
        choose('slow'),
        enter('fresh'),
        choose('Create fresh'),
      );
    });

    test('tells what it costs and what is left, where there is a quota; nothing where there is none', async () => {
      const verbs = await verbsOn({ age });
      verbs.deployment.store.quota = 1000;
      const dev = templateNamed(verbs, 'dev');
      const { spec } = versionOf(verbs, dev);
      versionOf(verbs, dev).spec = { ...spec, legacyParameters: [], parameters: [], presets: [] };
      await create(
        verbs,
        choose('Development'),
        enter('fresh'),
        seeing(
          (question) =>
            assert.match(rowOf(question, 'Create fresh')?.detail ?? '', /^Costs 5 credits a day; \d+ of 1000 left$/),
          choose('Create fresh'),
        ),
      );
      const [route] = verbs.deployment.requests.filter(
        ({ path, status }) => path.includes('workspace-quota') && status === 200,
      );
      assert.match(
        route?.path ?? '',
        age === 'v0' ? /\/workspace-quota\/me$/ : /\/organizations\/[^/]+\/members\/me\/workspace-quota$/,
      );
      const without = await verbsOn({ age });
      await create(
        without,
        choose('slow'),
        enter('fresh'),
        seeing((question) => assert.equal(rowOf(question, 'Create fresh')?.detail, undefined), choose('Create fresh')),
      );
    });

    test('says nothing of credits where there is no limit, nor where nobody has any and nothing costs any', async () => {
      for (const quota of [-1, 0]) {
        const verbs = await verbsOn({ age });
        verbs.deployment.store.quota = quota;
        await create(
          verbs,
          choose('slow'),
          enter('fresh'),
          seeing(
            (question) => assert.equal(rowOf(question, 'Create fresh')?.detail, undefined),
            choose('Create fresh'),
          ),
        );
      }
    });

    test('takes a time before autostop and an autostart as they are typed, and sends them', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        seeing(
          (question) =>
            assert.equal(
              rowOf(question, 'Change time before autostop…')?.description,
              '8 h after each start (template default)',
            ),
          choose('Change time before autostop…'),
        ),
        choose('Other…'),
        enter('2h30m'),
        choose('Change autostart…'),
        (question) => {
          assert.ok(question.kind === 'enter', question.kind);
          assert.match(question.validate?.('some day') ?? '', /weekdays 9:30/);
          assert.match(question.hint?.('weekdays 9:30') ?? '', /09:30 \(UTC\)\. Next start: /);
          return 'weekdays 9:30';
        },
        seeing((question) => {
          assert.equal(rowOf(question, 'Change time before autostop…')?.description, '2 h 30 min after each start');
          assert.match(rowOf(question, 'Change autostart…')?.description ?? '', /Mon.*Fri 09:30 \(UTC\)/);
        }, choose('Create fresh')),
      );
      const { ttlMs, autostartSchedule } = verbs.deployment.workspace('owner/fresh');
      assert.deepEqual([ttlMs, autostartSchedule], [150 * 60_000, 'CRON_TZ=UTC 30 9 * * 1-5']);
    });

    test('takes a time before autostop that is typed among the usual ones', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        choose('Change time before autostop…'),
        chooseAfterTyping('3h', 'Other…'),
        enter(),
        choose('Create fresh'),
      );
      assert.equal(verbs.deployment.workspace('owner/fresh').ttlMs, 180 * 60_000);
    });

    test('a workspace can be made for somebody else, by whoever may', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        seeing((question) => assert.equal(rowOf(question, 'Owner')?.description, 'owner'), choose('Owner')),
        seeing((question) => assert.equal(rowsOf(question)[0]?.description, 'you'), choose('dana')),
        seeing((question) => assert.equal(rowOf(question, 'Owner')?.description, 'dana'), choose('Create fresh')),
      );
      assert.equal(verbs.deployment.workspace('dana/fresh').builds.length, 1);
      assert.match(verbs.ui.said.join('\n'), /fresh started in /);
    });

    test('the owner stays where the form cannot be read for the other one', async () => {
      const verbs = await verbsOn({ age });
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        choose('Owner'),
        async (question) => {
          await verbs.deployment.misbehave('500', { path: /\/(?:rich-parameters|schema)$/ });
          return choose('dana')(question);
        },
        choose('Select another template'),
        choose('slow'),
        enter('fresh'),
        seeing((question) => assert.equal(rowOf(question, 'Owner')?.description, 'owner'), choose('Create fresh')),
      );
      assert.equal(verbs.deployment.workspace('owner/fresh').builds.length, 1);
    });

    test('one for somebody else whose answer is lost, and that cannot be read, is not confirmed: nobody is led to make it twice', async () => {
      const verbs = await verbsOn({ age });
      const path = age === 'v0' ? /\/members\/[^/]+\/workspaces$/ : /\/users\/[^/]+\/workspaces$/;
      await verbs.deployment.misbehave('lost-answer', { path, method: 'POST', times: 1 });
      await verbs.deployment.misbehave('403', { path: /\/workspace\/fresh/, method: 'GET' });
      await create(verbs, choose('slow'), enter('fresh'), choose('Owner'), choose('dana'), choose('Create fresh'));
      assert.equal(verbs.deployment.workspace('dana/fresh').builds.length, 1);
      assert.equal(verbs.ui.said.at(-1), "Coder was asked to create fresh but hasn't confirmed it yet.");
    });

    test('templates that were used last come first', async () => {
      const verbs = await verbsOn({ age });
      const ids = ['slow', 'failing'].map((name) => templateNamed(verbs, name).id);
      Object.assign(verbs.context.remembered, { recentTemplates: () => ids });
      await create(
        verbs,
        seeing((question) => {
          const [first, second, third] = rowsOf(question);
          assert.deepEqual([first?.heading, first?.label, second?.label], ['Recently used', 'slow', 'failing']);
          assert.equal(third?.heading, 'Other templates');
        }, choose('slow')),
        enter('fresh'),
        choose('Create fresh'),
      );
    });

    test('no owner is offered where nobody can say whether one may choose', async () => {
      const verbs = await verbsOn({ age });
      await verbs.deployment.misbehave('500', { path: /\/authcheck$/ });
      await create(
        verbs,
        choose('slow'),
        enter('fresh'),
        seeing((question) => assert.equal(rowOf(question, 'Owner'), undefined), choose('Create fresh')),
      );
      assert.equal(verbs.deployment.workspace('owner/fresh').builds.length, 1);
    });

    test('a progress that knows how long starts of the template take says what is left', async () => {
      // Of templates whose builds are to be seen it is known already.
      const verbs = await verbsOn({ age, seed: false });
      templateNamed(verbs, 'slow').usualStartMs = 43_000;
      verbs.deployment.hold('builds');
      verbs.ui.answers(choose('slow'), enter('fresh'), choose('Create fresh'));
      const done = verbs.run('create');
      await until('the progress says what is left', () =>
        /about \d+ s left$/.test(verbs.ui.builds[0]?.message.value ?? ''),
      );
      verbs.deployment.release();
      await done;
      assert.match(verbs.ui.said.join('\n'), /^fresh started in /);
    });
  });
}

describe('what only V2 knows', () => {
  test('another version than the active one is built; what it newly asks is asked, the rest is kept', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const dev = templateNamed(verbs, 'dev');
    const active = versionOf(verbs, dev);
    const parameters = [...active.spec.parameters, rich('team')];
    const older = { ...active, id: randomUUID(), name: 'older_one9', spec: { ...active.spec, parameters } };
    verbs.deployment.store.versions.set(older.id, older);
    await create(
      verbs,
      choose('Development'),
      choose('Small'),
      enter('fresh'),
      choose('Europe'),
      enter('https://example.com/r.git'),
      seeing(
        (question) => assert.equal(rowOf(question, 'Template version')?.description, 'active'),
        choose('Template version'),
      ),
      choose('older_one9'),
      seeing((question) => assert.match(question.title, /team$/), enter('blue')),
      seeing(
        (question) => assert.equal(rowOf(question, 'Template version')?.description, 'older_one9'),
        choose('Create fresh'),
      ),
    );
    const [build] = verbs.deployment.workspace('owner/fresh').builds;
    assert.ok(build, 'there is no build');
    assert.equal(build.versionId, older.id);
    const values = Object.fromEntries(build.parameters.map(({ name, value }) => [name, value]));
    assert.deepEqual([values.team, values.repo, values.cpu], ['blue', 'https://example.com/r.git', '2']);
  });

  test('release 2.36 lists whom one may create for, and what depends on the owner is read for them', async () => {
    const verbs = await verbsOn({ age: 'v2', release: '2.36' });
    await create(
      verbs,
      choose('dynamic'),
      enter('fresh'),
      choose('Large'),
      enter('3'),
      choose('Owner'),
      choose('dana'),
      seeing((question) => assert.equal(rowOf(question, 'gpus')?.description, '3'), choose('Create fresh')),
    );
    assert.ok(
      verbs.deployment.requests.some(({ path }) => path.includes('/available-users')),
      'the list was not asked for',
    );
    assert.equal(verbs.deployment.workspace('dana/fresh').builds.length, 1);
  });

  test('what the template forbids its users is not offered, and days are those that it permits', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const slow = templateNamed(verbs, 'slow');
    Object.assign(slow, { allowUserAutostop: false, requireActiveVersion: true, autostartDays: ['monday'] });
    await create(
      verbs,
      choose('slow'),
      enter('fresh'),
      seeing((question) => {
        assert.equal(rowOf(question, 'Change time before autostop…'), undefined);
        assert.equal(rowOf(question, 'Template version'), undefined);
      }, choose('Change autostart…')),
      (question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.match(question.validate?.('Tue 9:30') ?? '', /only on Mon/);
        return '';
      },
      choose('Create fresh'),
    );
  });

  test('a deprecated template says so, and why, and cannot be chosen', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    templateNamed(verbs, 'hang').deprecationMessage = 'Use slow instead';
    await create(
      verbs,
      seeing((question) => {
        const row = rowsOf(question).at(-1);
        assert.deepEqual([row?.heading, row?.label, row?.detail], ['Deprecated', 'hang', 'Use slow instead']);
      }, choose('hang')),
      seeing(
        (question) => assert.equal('problem' in question && question.problem, 'hang is deprecated. Use slow instead.'),
        choose('slow'),
      ),
      enter('fresh'),
      choose('Create fresh'),
    );
  });

  test('a preset with workspaces that are built beforehand says that it is usually ready right away', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const { presets } = versionOf(verbs, templateNamed(verbs, 'dev')).spec;
    const [small] = presets;
    assert.ok(small, 'there is no preset');
    small.prebuilt = 2;
    await create(
      verbs,
      choose('Development'),
      seeing((question) => {
        assert.equal(rowOf(question, 'Small')?.description, 'usually ready right away');
        assert.equal(rowOf(question, 'Large')?.description, 'default');
      }, choose('Small')),
      enter('fresh'),
      choose('Europe'),
      enter('https://example.com/r.git'),
      choose('Create fresh'),
    );
  });

  test('sign-ins that are missing are listed, opened in the browser, and noticed when they are done', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    await create(
      verbs,
      choose('github-dev'),
      choose('Sign in to GitHub'),
      async (question) => {
        assert.ok('signal' in question, question.title);
        // In the browser, while the list stands there.
        await fetch(verbs.ui.opened[0] ?? '');
        await until('the list closes by itself', () => question.signal?.aborted === true);
        return undefined;
      },
      enter('fresh'),
      choose('Create fresh'),
    );
    assert.deepEqual(
      titles(verbs),
      ['External Authentication', 'External Authentication', 'Name', 'Summary'].toSpliced(0, 0, 'Template'),
    );
  });
});
