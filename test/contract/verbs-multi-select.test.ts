import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Engine } from '../deployment/engine.ts';
import { addVersion } from '../deployment/seedTemplates.ts';
import { latestBuild } from '../deployment/store.ts';
import { choose, escape, press, type as enter } from '../scriptedUi.ts';
import * as builds from '../../src/api/builds.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { ages, soon } from './client-fixture.ts';
import { publishFor } from './newer-version.ts';
import { until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

const rows = (verbs: VerbFixture, ...names: string[]) =>
  names.map((name) => ({ refs: { workspaceId: verbs.id(name) } }));

/** As VS Code does it: the row that was clicked, and all that are selected with it. */
const runOn = (verbs: VerbFixture, verb: string, ...names: string[]): Promise<void> => {
  const selected = rows(verbs, ...names);
  return verbs.run(verb, selected[0], selected);
};

const statusOf = ({ deployment }: VerbFixture, name: string): string => {
  const { transition, job } = latestBuild(deployment.workspace(`owner/${name}`));
  return `${transition} ${job.completedAt === undefined ? 'under way' : 'over'}`;
};

for (const age of ages) {
  describe(`several workspaces at once (${age})`, () => {
    test('one question lists them and what is skipped; they are stopped side by side, and one message ends it', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers((question) => {
        assert.ok(question.kind === 'confirm', question.title);
        assert.equal(question.title, 'Stop: 2 workspaces');
        assert.equal(
          question.detail,
          "notebook, web\n\nRunning processes end, and anything that isn't on a persistent volume is lost.\n\nSkipped: archive is already stopped.",
        );
        return press('Stop')(question);
      });
      await runOn(verbs, 'stop', 'notebook', 'archive', 'web');
      assert.deepEqual([statusOf(verbs, 'notebook'), statusOf(verbs, 'web')], ['stop over', 'stop over']);
      assert.deepEqual(verbs.ui.said, ['Stopped 2 workspaces. Skipped: archive is already stopped.']);
      assert.deepEqual(verbs.ui.builds, [], 'no notification for each');
      assert.deepEqual(verbs.writes(), Array(2).fill('POST /api/v2/workspaces/…/builds'));
    });

    test('a name with line breaks begins no paragraph of its own in the question', async () => {
      const verbs = await verbsOn({ age });
      const selected = rows(verbs, 'web', 'notebook', 'archive');
      for (const name of ['notebook', 'archive']) {
        const workspace = verbs.deployment.workspace(`owner/${name}`);
        workspace.name = `${name}\n\nNothing is lost.\u2028\r\nIt is a test.`;
        verbs.deployment.changed(workspace);
        await verbs.session.refetch(workspace.id as WorkspaceId, new AbortController().signal);
      }
      verbs.ui.answers((question) => {
        assert.ok(question.kind === 'confirm', question.title);
        assert.equal(question.detail.split('\n\n').length, 3, question.detail);
        assert.doesNotMatch(question.detail, /\n(?:Nothing|It is)/);
        return escape(question);
      });
      await verbs.run('stop', selected[0], selected);
      assert.equal(verbs.ui.questions.length, 1);
    });

    test('a row and its parts are one workspace, asked as ever', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(press('Stop'));
      await runOn(verbs, 'stop', 'web', 'web');
      assert.equal(verbs.ui.questions[0]?.title, 'Stop web?');
    });

    test('to delete them their number is typed', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers((question) => {
        assert.ok(question.kind === 'enter', question.title);
        assert.match(question.prompt ?? '', /deletes these workspaces .*: archive, broken\. Type 2 to confirm/);
        assert.notEqual(question.validate?.('archive'), undefined);
        return enter('2')(question);
      });
      await runOn(verbs, 'delete', 'archive', 'broken', 'warming-up');
      for (const name of ['archive', 'broken']) assert.throws(() => verbs.deployment.workspace(`owner/${name}`), name);
      assert.deepEqual(verbs.ui.said, ['Deleted 2 workspaces. Skipped: A build of warming-up is in progress.']);
    });

    for (const [verb, name, done] of [
      ['stop', 'abandoned', 'Stopped web.'],
      ['update', 'archive', 'Updated web.'],
    ] as const)
      test(`${verb} ends nothing that began to run while they were asked about`, async () => {
        const verbs = await verbsOn({ age }, ALL_STREAMS);
        if (verb === 'update') for (const each of [name, 'web']) await publishFor(verbs, each);
        verbs.ui.answers(async (question) => {
          const { signal } = new AbortController();
          await workspaces.createBuild(verbs.other.calls, verbs.id(name), { transition: 'start' }, signal);
          await until(`${name} runs`, () => verbs.known(name).latest_build.status === 'running');
          return press(verb === 'stop' ? 'Stop' : 'Update')(question);
        });
        await runOn(verbs, verb, name, 'web');
        assert.deepEqual(verbs.ui.said, [
          `${done} Skipped: ${name}: It requires input. Run the command for this workspace alone.`,
        ]);
        assert.equal(verbs.known(name).latest_build.transition, 'start');
      });

    test('Escape at the question sends nothing', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(press(), escape, escape);
      await runOn(verbs, 'stop', 'notebook', 'web');
      await runOn(verbs, 'delete', 'notebook', 'web');
      await runOn(verbs, 'extend', 'notebook', 'web');
      assert.deepEqual([...verbs.writes(), ...verbs.ui.said], []);
    });

    test('one that is gone by then is told as gone, and the others are done', async () => {
      const verbs = await verbsOn({ age });
      const gone = { refs: { workspaceId: '364cfa7e-1c72-4952-b1a3-189f93bd8da8' } };
      const others = rows(verbs, 'notebook', 'web');
      verbs.ui.answers(press('Stop'));
      await verbs.run('stop', gone, [gone, ...others]);
      assert.deepEqual(verbs.ui.said, [
        "Stopped 2 workspaces. Skipped: The workspace doesn't exist, or you don't have permission to see it.",
      ]);
      await verbs.run('stop', gone, [gone, { refs: { workspaceId: '464cfa7e-1c72-4952-b1a3-189f93bd8da8' } }]);
      assert.match(
        verbs.ui.said.at(-1) ?? '',
        /^The workspace doesn't exist, or you don't have permission to see it\./,
      );
    });

    test('where none allows it, nothing is asked and each reason is told', async () => {
      const verbs = await verbsOn({ age });
      await runOn(verbs, 'start', 'notebook', 'web');
      assert.deepEqual(verbs.ui.said, ['notebook is already running. web is already running.']);
    });

    test('the stops of several are extended, each from its own', async () => {
      const verbs = await verbsOn({ age });
      const stops = ['notebook', 'web'].map(
        (name) => latestBuild(verbs.deployment.workspace(`owner/${name}`)).deadline ?? 0,
      );
      verbs.ui.answers(choose('+2 h'));
      await runOn(verbs, 'extend', 'notebook', 'web');
      const after = ['notebook', 'web'].map(
        (name) => latestBuild(verbs.deployment.workspace(`owner/${name}`)).deadline ?? 0,
      );
      assert.deepEqual(
        after.map((at, index) => Math.round((at - (stops[index] ?? 0)) / 3_600_000)),
        [2, 2],
      );
      assert.deepEqual(verbs.ui.said, ['Extended 2 workspaces.']);
    });

    test('one that fails is named with its reason and its log, and the others are done', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(press('Start'));
      await runOn(verbs, 'start', 'archive', 'broken');
      const [toast] = verbs.ui.toasts;
      assert.equal(toast?.kind, 'error');
      assert.match(toast.message, /^Started archive\. Failed: .*broken.*/);
      assert.deepEqual(
        toast.buttons.map(({ label }) => label),
        ['Show Log'],
      );
    });

    test('one that somebody cancels is not told as done', async () => {
      const verbs = await verbsOn({ age });
      verbs.deployment.hold('builds');
      verbs.ui.answers(press('Stop'));
      const stopping = runOn(verbs, 'stop', 'notebook', 'web');
      await until('both are known to be asked for', () =>
        ['notebook', 'web'].every((name) => verbs.known(name).latest_build.transition === 'stop'),
      );
      await builds.cancel(verbs.other.calls, verbs.known('web').latest_build.id, {}, soon());
      verbs.deployment.release();
      await stopping;
      assert.deepEqual(verbs.ui.said, ['Stopped notebook. Failed: The stop of web was canceled.']);
    });

    test('one whose answer is lost, and cannot be read back, is not told as done', async () => {
      const verbs = await verbsOn({ age });
      await verbs.deployment.misbehave('503', {
        path: new RegExp(`/workspaces/${verbs.id('web')}(\\?|$)`),
        method: 'GET',
      });
      verbs.ui.answers(choose('+1 h'));
      await runOn(verbs, 'extend', 'notebook', 'web');
      assert.match(
        verbs.ui.said.join(),
        /^Extended notebook.*Failed: Coder was asked to stop web at .* but hasn't confirmed it yet\.$/,
      );
    });

    test('one that is refused is named with the server’s word', async () => {
      const verbs = await verbsOn({ age });
      await verbs.deployment.misbehave('500', { path: new RegExp(`${verbs.id('web')}/builds$`), method: 'POST' });
      verbs.ui.answers(press('Stop'));
      await runOn(verbs, 'stop', 'notebook', 'web');
      assert.match(verbs.ui.said.join(), /^Stopped notebook\. Failed: web: /);
    });

    test('five are asked for at a time, and the next when one is accepted', async () => {
      const verbs = await verbsOn({ age, workspaces: 8, template: 'slow' });
      const names = Array.from({ length: 8 }, (_, index) => `generated-${index}`);
      await verbs.deployment.misbehave('slow', { delayMs: 400, path: /\/builds$/, method: 'POST' });
      verbs.ui.answers(press('Stop'));
      const from = verbs.deployment.requests.length;
      const sent = (): number => verbs.deployment.requests.slice(from).filter(({ method }) => method === 'POST').length;
      const running = runOn(verbs, 'stop', ...names);
      await until('five are asked for', () => sent() === 5);
      await running;
      assert.equal(sent(), 8);
      assert.deepEqual(verbs.ui.said, ['Stopped 8 workspaces.']);
    });

    test('called off, no more are begun, and the end says which', async () => {
      const verbs = await verbsOn({ age, workspaces: 7, template: 'slow' });
      const names = Array.from({ length: 7 }, (_, index) => `generated-${index}`);
      await verbs.deployment.misbehave('slow', { delayMs: 400, path: /\/builds$/, method: 'POST' });
      verbs.ui.answers(press('Stop'));
      const running = runOn(verbs, 'stop', ...names);
      await until('it is under way', () => verbs.writes().length === 5);
      verbs.ui.waits[0]?.pressCancel();
      await running;
      assert.match(verbs.ui.said.join(), /^Stopped 5 workspaces\. Skipped: generated-5: Canceled\. generated-6: /);
    });
  });
}

test('several are restarted, each one act of two builds, with one message (v2)', async () => {
  const verbs = await verbsOn({ age: 'v2' });
  verbs.ui.answers(press('Restart'));
  await runOn(verbs, 'restart', 'notebook', 'web', 'archive');
  assert.deepEqual(verbs.ui.said, ["Restarted 2 workspaces. Skipped: archive isn't running."]);
  assert.equal(verbs.ui.builds.length, 0);
});

test('of several that are updated, one that needs an answer is left out and named (v2)', async () => {
  const verbs = await verbsOn({ age: 'v2' });
  const { store } = verbs.deployment;
  const { templateId } = verbs.deployment.workspace('owner/docs-site');
  const version = store.versions.get(store.templates.get(templateId)?.activeVersionId ?? '');
  assert.ok(version, 'docs-site has a newer version');
  const asked = [...store.versions.values()].flatMap(({ spec }) => spec.parameters).find(({ name }) => name === 'repo');
  assert.ok(asked, 'a template asks for a repo');
  version.spec = { ...version.spec, parameters: [asked] };
  const archived = verbs.deployment.workspace('owner/archive');
  const newer = addVersion({ store } as Engine, archived.ownerId, archived.templateId, { behaves: 'slow' });
  const template = store.templates.get(archived.templateId);
  if (template !== undefined) template.activeVersionId = newer.id;
  // A name that is part of a word of the reason is told all the same.
  const renamed = verbs.deployment.workspace('owner/docs-site');
  renamed.name = 'quire';
  for (const each of [archived, renamed]) {
    verbs.deployment.changed(each);
    await verbs.session.refetch(each.id as WorkspaceId, soon());
  }
  verbs.ui.answers(press('Update'));
  await runOn(verbs, 'update', 'quire', 'archive');
  assert.deepEqual(verbs.ui.said, [
    'Updated archive. Skipped: quire: It requires input. Run the command for this workspace alone.',
  ]);
  assert.equal(latestBuild(archived).versionId, newer.id);
});

test('several become favorites without a question (v2)', async () => {
  const verbs = await verbsOn({ age: 'v2' });
  await runOn(verbs, 'favorite', 'notebook', 'web', 'archive');
  assert.deepEqual(verbs.ui.said, ['Added 2 workspaces to favorites. Skipped: web is already a favorite.']);
  assert.deepEqual([verbs.known('notebook').favorite, verbs.known('archive').favorite], [true, true]);
});

test('a session that ends in the middle says so once (v2)', async () => {
  const verbs = await verbsOn({ age: 'v2' });
  await verbs.deployment.misbehave('401');
  await runOn(verbs, 'favorite', 'notebook', 'archive');
  assert.equal(verbs.session.state.value.kind, 'signedOut');
  assert.deepEqual(verbs.ui.said, []);
});

test('a session that ends while the question is open ends the command without a word (v2)', async () => {
  for (const [verb, answer] of [
    ['stop', press('Stop')],
    ['extend', choose('+1 h')],
  ] as const) {
    const verbs = await verbsOn({ age: 'v2' });
    verbs.ui.answers((question) => {
      verbs.sessionFixture.end.abort();
      return answer(question);
    });
    await runOn(verbs, verb, 'notebook', 'web');
    assert.deepEqual([...verbs.ui.said, ...verbs.ui.waits, ...verbs.errors], [], verb);
  }
});
