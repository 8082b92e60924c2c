import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latestBuild, must } from '../deployment/store.ts';
import { choose, escape, press, type as enter, type Question } from '../scriptedUi.ts';
import { ages, createWorkspace } from './client-fixture.ts';
import { rich } from '../deployment/richParameter.ts';
import { publishFor, stored, templateOf, valuesOf, withTeam } from './newer-version.ts';
import { statusOf, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn } from './verb-fixture.ts';

const ONE_BUILD = 'POST /api/v2/workspaces/…/builds';

const titles = (questions: readonly Question[]): string[] => questions.map(({ title }) => title);

for (const age of ages) {
  describe(`update, start and versions (${age})`, () => {
    test('an update of a running workspace asks once and ends with the active version', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { activeVersionId } = templateOf(verbs, 'docs-site');
      verbs.ui.answers(press('Restart'));
      await verbs.run('update', verbs.id('docs-site'));
      assert.deepEqual(titles(verbs.ui.questions), ['Update and restart docs-site?']);
      assert.equal(verbs.known('docs-site').latest_build.template_version_id, activeVersionId);
      assert.equal(statusOf(verbs.session, 'docs-site'), 'running');
      assert.match(verbs.ui.said.join('\n'), /^docs-site started in .* with the template version \S+\.$/);
      // V0 starts over what runs; V2 stops it first.
      assert.deepEqual(verbs.writes().filter((each) => each === ONE_BUILD).length, age === 'v0' ? 1 : 2);
    });

    test('an update asks for what the new version newly requires, and keeps the rest', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const newer = await publishFor(verbs, 'archive', withTeam());
      const before = valuesOf(verbs, 'archive');
      verbs.ui.answers(enter('blue'));
      await verbs.run('update', verbs.id('archive'));
      assert.deepEqual(titles(verbs.ui.questions), ['archive: team']);
      assert.equal(latestBuild(stored(verbs, 'archive')).versionId, newer.id);
      assert.deepEqual(valuesOf(verbs, 'archive'), { ...before, team: 'blue', ...(age === 'v2' && { debug: '' }) });
    });

    test('Escape at a new parameter builds nothing', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await publishFor(verbs, 'archive', withTeam());
      verbs.ui.answers(escape);
      await verbs.run('update', verbs.id('archive'));
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('a workspace on the active version is not updated', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.run('update', verbs.id('archive'));
      assert.deepEqual(verbs.ui.said, ['archive already uses the active version of its template.']);
      assert.deepEqual(verbs.writes(), []);
    });

    test('a start of an outdated workspace keeps its version', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { versionId } = latestBuild(stored(verbs, 'archive'));
      await publishFor(verbs, 'archive', withTeam());
      await verbs.run('start', verbs.id('archive'));
      assert.equal(latestBuild(stored(verbs, 'archive')).versionId, versionId);
      assert.match(verbs.ui.said.join(), /^archive started in [^w]*\.$/);
    });

    test('Change Version lists the others, says which is active, and builds the one that is chosen', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const newer = await publishFor(verbs, 'archive');
      verbs.ui.answers((question) => {
        assert.ok(question.kind === 'pick');
        assert.deepEqual(
          question.rows.map(({ label, description }) => [label, description?.startsWith('active · ')]),
          [[newer.name, true]],
        );
        return choose(newer.name)(question);
      });
      await verbs.run('changeVersion', verbs.id('archive'));
      assert.equal(latestBuild(stored(verbs, 'archive')).versionId, newer.id);
      assert.match(verbs.ui.said.join(), new RegExp(`with the template version ${newer.name}\\.$`));
    });

    test('a template with one version has nothing to change to', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.run('changeVersion', verbs.id('archive'));
      assert.deepEqual(verbs.ui.said, ['The template of archive has no other version.']);
    });

    test('a retry of a failed start cleans up first where the server’s age does, and tells how it ends', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(choose('Start again'));
      await verbs.run('retryBuild', verbs.id('broken'));
      assert.equal(verbs.writes().length, age === 'v0' ? 1 : 2);
      assert.match(verbs.ui.said.at(-1) ?? '', /^broken failed to start: /);
    });

    test('Clean up stops what a failed start has left, and starts nothing', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(choose('Clean up'));
      await verbs.run('retryBuild', verbs.id('broken'));
      assert.deepEqual(verbs.writes(), [ONE_BUILD]);
      assert.equal(statusOf(verbs.session, 'broken'), 'stopped');
      assert.match(verbs.ui.said.at(-1) ?? '', /^broken stopped in /);
    });
  });
}

describe('what only V2 knows', () => {
  const age = 'v2';

  test('with automatic updates a start builds the active version, and says so before and after', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    stored(verbs, 'archive').automaticUpdates = 'always';
    const newer = await publishFor(verbs, 'archive', withTeam());
    verbs.ui.answers(enter('blue'));
    await verbs.run('start', verbs.id('archive'));
    assert.equal(verbs.ui.builds[0]?.title, 'Updating archive: automatic updates are on');
    assert.match(verbs.ui.said.join(), new RegExp(`with the template version ${newer.name}\\.$`));
    assert.equal(latestBuild(stored(verbs, 'archive')).versionId, newer.id);
    assert.equal(valuesOf(verbs, 'archive').team, 'blue');
  });

  test('where the template requires its active version a member’s start builds that, and says so', async () => {
    const verbs = await verbsOn({ age }, { as: 'dana', ...ALL_STREAMS });
    templateOf(verbs, 'api-server').requireActiveVersion = true;
    const newer = await publishFor(verbs, 'api-server');
    await verbs.run('start', verbs.id('api-server'));
    assert.equal(verbs.ui.builds[0]?.title, 'Updating api-server: its template requires the active version');
    assert.match(verbs.ui.said.join(), new RegExp(`with the template version ${newer.name}\\.$`));
  });

  test('a start asks for what holds for one start only, unfilled, and sends it', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    verbs.ui.standing.clear();
    verbs.ui.answers((question) => {
      assert.ok(question.kind === 'enter');
      assert.equal(question.value ?? '', '');
      return enter('verbose')(question);
    });
    await verbs.run('start', verbs.id('archive'));
    assert.deepEqual(titles(verbs.ui.questions), ['archive: debug']);
    assert.equal(valuesOf(verbs, 'archive').debug, 'verbose');
  });

  test('an update asks again for a value that the new version no longer accepts', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    await publishFor(verbs, 'archive', ({ parameters }) => ({
      parameters: parameters.map((each) =>
        each.name === 'repo' ? rich('repo', { validationRegex: '^ssh://' }) : each,
      ),
    }));
    verbs.ui.answers((question) => {
      assert.ok(question.kind === 'enter');
      assert.equal(question.value, 'https://example.com/r.git');
      return enter('ssh://example.com/r.git')(question);
    });
    await verbs.run('update', verbs.id('archive'));
    assert.deepEqual(titles(verbs.ui.questions), ['archive: repo']);
    assert.equal(valuesOf(verbs, 'archive').repo, 'ssh://example.com/r.git');
  });

  test('a new parameter that is not required and has a default is not asked for (coder/coder#22272)', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    await publishFor(verbs, 'archive', withTeam({ required: false, defaultValue: 'eu' }));
    await verbs.run('update', verbs.id('archive'));
    assert.deepEqual(titles(verbs.ui.questions), []);
    assert.equal(valuesOf(verbs, 'archive').team, 'eu');
  });

  test('an immutable parameter is asked for before it locks; one that has a value is never sent (coder/coder#25822)', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    await publishFor(verbs, 'archive', withTeam({ required: false, defaultValue: 'eu', mutable: false }));
    verbs.ui.answers(enter('us'));
    await verbs.run('update', verbs.id('archive'));
    assert.deepEqual(titles(verbs.ui.questions), ['archive: team']);
    assert.deepEqual([valuesOf(verbs, 'archive').team, valuesOf(verbs, 'archive').region], ['us', 'eu']);
    assert.equal(statusOf(verbs.session, 'archive'), 'running');
  });

  test('what the server does not accept is asked again, with its words', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    const newer = await publishFor(verbs, 'archive', withTeam());
    verbs.ui.answers(
      (question) => {
        Object.assign(newer.spec.parameters.at(-1) ?? {}, { validationRegex: '^y' });
        return enter('blue')(question);
      },
      (question) => {
        assert.match('problem' in question ? (question.problem ?? '') : '', /does not match/);
        return enter('yellow')(question);
      },
    );
    await verbs.run('update', verbs.id('archive'));
    assert.equal(valuesOf(verbs, 'archive').team, 'yellow');
    assert.equal(verbs.ui.toasts.length, 1);
  });

  test('Start with Parameters shows what the workspace has, and sends what was changed', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    const before = valuesOf(verbs, 'archive');
    verbs.ui.answers((question) => {
      assert.ok(question.kind === 'enter', question.kind);
      assert.equal(question.value, before.cpu);
      assert.match(question.validate?.(String(Number(before.cpu) - 1)) ?? '', /^This value can only increase\./);
      return enter('4')(question);
    });
    // Escape asks before the answer is lost.
    verbs.ui.answers(escape, press(), enter(), choose('Yes'), choose('Use these entries'));
    await verbs.run('startWithParameters', verbs.id('archive'));
    const asked = titles(verbs.ui.questions.filter(({ kind }) => kind !== 'confirm'));
    assert.deepEqual(asked.slice(0, 4), ['archive: CPU cores', 'archive: repo', 'archive: repo', 'archive: gpu']);
    assert.deepEqual(valuesOf(verbs, 'archive'), { ...before, cpu: '4', gpu: 'true', debug: '' });
  });

  test('Start with Parameters that cannot read them starts nothing, and says why', async () => {
    for (const path of [/builds\/[^/]+\/parameters/, /rich-parameters/]) {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('500', { path, method: 'GET' });
      await verbs.run('startWithParameters', verbs.id('archive'));
      assert.match(verbs.ui.said.join(), /^Coder had an internal error\./);
      assert.deepEqual(verbs.writes(), []);
    }
  });

  test('a number that is cleared in Start with Parameters takes its default, as its box says', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    const parameters = [
      rich('size', { type: 'number', required: false, defaultValue: '2' }),
      rich('limit', { type: 'number', required: false, defaultValue: '2', validationMonotonic: 'increasing' }),
    ];
    await publishFor(verbs, 'archive', () => ({ parameters, presets: [] }));
    const build = latestBuild(stored(verbs, 'archive'));
    build.versionId = templateOf(verbs, 'archive').activeVersionId;
    build.parameters = parameters.map(({ name }) => ({ name, value: '4' }));
    await verbs.session.refetch(verbs.id('archive'));
    verbs.ui.answers(
      (question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.equal(question.placeholder, '2 (default)');
        return enter('')(question);
      },
      (question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.match(question.validate?.('') ?? '', /^This value can only increase\./);
        return enter('5')(question);
      },
    );
    await verbs.run('startWithParameters', verbs.id('archive'));
    assert.deepEqual(valuesOf(verbs, 'archive'), { size: '2', limit: '5' });
  });

  test('debug output that is not allowed is explained, and nothing is stopped', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    verbs.ui.answers(choose('Start again with debug output'));
    await verbs.run('retryBuild', verbs.id('broken'));
    assert.match(verbs.ui.said.join(), /^Debug output isn't allowed\. .*Log level "debug" is not allowed\.$/);
    assert.equal(statusOf(verbs.session, 'broken'), 'failed');
  });

  test('debug output that is allowed is asked for with each build of a retry, and of a deletion', async () => {
    for (const release of [undefined, '2.36'] as const) {
      const verbs = await verbsOn({ age, ...(release && { release }) }, ALL_STREAMS);
      verbs.deployment.store.allowsDebug = true;
      verbs.ui.answers(choose('Start again with debug output'));
      await verbs.run('retryBuild', verbs.id('broken'));
      const { builds } = stored(verbs, 'broken');
      assert.deepEqual(
        builds.slice(1).map(({ transition, logLevel }) => [transition, logLevel]),
        [
          ['stop', 'debug'],
          ['start', 'debug'],
        ],
      );
      assert.equal(verbs.writes().length, 2);
      latestBuild(stored(verbs, 'broken')).transition = 'delete';
      verbs.deployment.changed(stored(verbs, 'broken'));
      await verbs.session.refetch(verbs.id('broken'));
      verbs.ui.answers(choose('Delete again with debug output'), choose('Delete again'), enter('broken'));
      await verbs.run('retryBuild', verbs.id('broken'));
      assert.equal(builds.at(-1)?.logLevel, 'debug');
      assert.match(verbs.ui.said.at(-1) ?? '', /^broken was deleted in /);
    }
  });

  test('a workspace whose deletion failed can be orphaned by whoever may change the template', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    const build = latestBuild(stored(verbs, 'broken'));
    build.transition = 'delete';
    verbs.deployment.changed(stored(verbs, 'broken'));
    await verbs.session.refetch(verbs.id('broken'));
    verbs.ui.answers(choose('Orphan'), (question) => {
      assert.match(
        question.kind === 'enter' ? (question.prompt ?? '') : '',
        /not its resources\. Coder will no longer manage them\./,
      );
      return enter('broken')(question);
    });
    await verbs.run('delete', verbs.id('broken'));
    assert.match(verbs.ui.said.join(), /^broken was deleted in /);
  });

  test('start with the parameters of a dynamic form follows each answer (coder/vscode-coder#972)', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    verbs.session.adopt(await createWorkspace(verbs.other, 'dynamic', 'shapes'));
    await until('it runs', () => statusOf(verbs.session, 'shapes') === 'running');
    await verbs.session.refetch(verbs.id('shapes'));
    const version = must(verbs.deployment.store.versions, latestBuild(stored(verbs, 'shapes')).versionId);
    const { evaluate } = version.spec;
    version.spec.evaluate = (inputs) => (evaluate?.(inputs) ?? []).map((each) => ({ ...each, mutable: true }));
    verbs.settings = { ...verbs.settings, confirmStop: false };
    await verbs.run('stop', verbs.id('shapes'));
    verbs.ui.answers(choose('Large'), enter('3'), enter('hush'));
    await verbs.run('startWithParameters', verbs.id('shapes'));
    assert.deepEqual(
      titles(verbs.ui.questions).map((title) => title.toLowerCase()),
      ['shapes: size', 'shapes: gpus', 'shapes: secret'],
    );
    assert.deepEqual(valuesOf(verbs, 'shapes'), { size: 'l', gpus: '3', secret: 'hush' });
  });

  test('a form that cannot be read after an answer is asked again, and the other answers are kept', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    verbs.session.adopt(await createWorkspace(verbs.other, 'dynamic', 'shapes'));
    await until('it runs', () => statusOf(verbs.session, 'shapes') === 'running');
    await verbs.session.refetch(verbs.id('shapes'));
    const version = must(verbs.deployment.store.versions, latestBuild(stored(verbs, 'shapes')).versionId);
    const { evaluate } = version.spec;
    version.spec.evaluate = (inputs) => (evaluate?.(inputs) ?? []).map((each) => ({ ...each, mutable: true }));
    verbs.settings = { ...verbs.settings, confirmStop: false };
    await verbs.run('stop', verbs.id('shapes'));
    await verbs.deployment.misbehave('no-websockets');
    verbs.ui.answers(
      choose('Large'),
      async (question) => {
        await verbs.deployment.misbehave('500', { path: /evaluate/, times: 1 });
        return enter('3')(question);
      },
      (question) => {
        assert.match('problem' in question ? (question.problem ?? '') : '', /^Coder had an internal error\./);
        return enter()(question);
      },
      enter('hush'),
    );
    await verbs.run('startWithParameters', verbs.id('shapes'));
    assert.deepEqual(valuesOf(verbs, 'shapes'), { size: 'l', gpus: '3', secret: 'hush' });
  });

  test('what was entered is not lost where the server is away when it is sent: the last question says so', async () => {
    for (const fault of ['502', '500', '429', 'reset'] as const) {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await publishFor(verbs, 'archive', (spec) => ({ parameters: [...spec.parameters, rich('team'), rich('floor')] }));
      await verbs.deployment.misbehave(fault, { path: /\/builds$/, method: 'POST', times: 1 });
      verbs.ui.answers(enter('blue'), enter('2'), (question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.deepEqual([question.title, question.value], ['archive: floor', '2']);
        assert.notEqual(question.problem ?? '', '');
        return enter()(question);
      });
      await verbs.run('update', verbs.id('archive'));
      const { team, floor } = valuesOf(verbs, 'archive');
      assert.deepEqual([team, floor], ['blue', '2'], fault);
      assert.match(verbs.ui.said.join(), /^archive started in /);
      assert.equal(verbs.writes().length, 2);
    }
  });

  test('a dynamic form whose value is not accepted any more is asked for it at the update', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    verbs.session.adopt(await createWorkspace(verbs.other, 'dynamic', 'shapes'));
    await until('it runs', () => statusOf(verbs.session, 'shapes') === 'running');
    await publishFor(verbs, 'shapes', ({ evaluate }) => ({
      evaluate: (inputs) =>
        (evaluate?.({ ...inputs }) ?? []).map((each) =>
          each.name === 'size' && each.value !== null && inputs.size !== 'l'
            ? {
                ...each,
                mutable: true,
                diagnostics: [{ severity: 'error', summary: 'Too small', detail: 'take l', extra: { code: '' } }],
              }
            : each,
        ),
    }));
    verbs.settings = { ...verbs.settings, confirmStop: false };
    verbs.ui.answers((question) => {
      assert.equal('problem' in question ? question.problem : '', 'Too small: take l');
      return choose('Large')(question);
      // What the answer brings along cannot be changed later.
    }, enter('2'));
    await verbs.run('update', verbs.id('shapes'));
    assert.deepEqual(valuesOf(verbs, 'shapes'), { size: 'l', gpus: '2', secret: '' });
    assert.equal(statusOf(verbs.session, 'shapes'), 'running');
  });

  test('V2.36 is told with the stop what to start: an update of a running workspace is one request', async () => {
    const verbs = await verbsOn({ age, release: '2.36' }, ALL_STREAMS);
    const newer = await publishFor(verbs, 'api-server', withTeam());
    verbs.ui.answers(press('Restart'), enter('blue'));
    await verbs.run('update', verbs.id('api-server'));
    assert.deepEqual(verbs.writes(), [ONE_BUILD]);
    assert.equal(latestBuild(stored(verbs, 'api-server')).versionId, newer.id);
    assert.equal(valuesOf(verbs, 'api-server').team, 'blue');
    assert.match(verbs.ui.said.join(), new RegExp(`^api-server started in .* with the template version ${newer.name}`));
  });

  test('a start that fails for want of a parameter leads to where they are entered', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    verbs.deployment.hold('builds');
    const done = verbs.run('start', verbs.id('broken'));
    await until('it is shown', () => verbs.ui.builds.length > 0);
    latestBuild(stored(verbs, 'broken')).job.errorCode = 'MISSING_TEMPLATE_PARAMETER';
    verbs.deployment.release();
    await done;
    const [enterThem] = verbs.ui.toasts.at(-1)?.buttons ?? [];
    assert.equal(enterThem?.label, 'Enter Parameters');
    enterThem.run();
    assert.deepEqual(verbs.ui.executed, [['coderWorkspaces.startWithParameters', verbs.id('broken')]]);
  });

  test('a deletion says what is lost', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    verbs.ui.answers((question) => {
      assert.match(question.kind === 'enter' ? (question.prompt ?? '') : '', /permanently deletes \S.* Type web to/);
      return escape(question);
    });
    await verbs.run('delete', verbs.id('web'));
    assert.deepEqual(verbs.writes(), []);
  });

  test('a deletion of what a task was made for says that the task goes, too (contract 7.23)', async () => {
    const verbs = await verbsOn({ age }, ALL_STREAMS);
    stored(verbs, 'web').taskId = verbs.id('archive');
    await verbs.session.refetch(verbs.id('web'));
    verbs.ui.answers((question) => {
      assert.match(question.kind === 'enter' ? (question.prompt ?? '') : '', / Its task is deleted, too\. Type web to/);
      return escape(question);
    });
    await verbs.run('delete', verbs.id('web'));
  });
});
