import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latestBuild } from '../deployment/store.ts';
import type { Engine } from '../deployment/engine.ts';
import { addBuild, endBuild } from '../deployment/seedWorkspace.ts';
import { choose, escape, type as enter, type Answer, type Question } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

const labels = (question: Question | undefined): string[] =>
  question !== undefined && 'rows' in question ? question.rows.map((row) => row.label) : [];

const described = (question: Question | undefined, label: string): string | undefined =>
  question !== undefined && 'rows' in question
    ? question.rows.find((row) => row.label === label)?.description
    : undefined;

const refused =
  (text: string, problem: RegExp): Answer =>
  (question) => {
    assert.match(question.kind === 'enter' ? (question.validate?.(text) ?? '') : '', problem);
    return escape(question);
  };

const last = ({ ui }: VerbFixture): Question | undefined => ui.questions.at(-1);

for (const age of ages) {
  describe(`open workspace (${age})`, () => {
    test('one that has a row is shown there: by owner and name, by its own name, by id, by an address', async () => {
      const verbs = await verbsOn({ age });
      const id = verbs.id('web');
      for (const typed of ['owner/web', 'WEB', id, `${verbs.deployment.url}/@owner/web/builds/1`]) {
        verbs.ui.answers(enter(typed));
        await verbs.run('openWorkspace');
      }
      assert.deepEqual(verbs.revealed, [id, id, id, id]);
      assert.deepEqual([verbs.ui.unused, verbs.ui.questions.length], [0, 4]);
    });

    test('one that a filter hides is shown with what it allows, and its verbs work', async () => {
      const verbs = await verbsOn({ age });
      verbs.hasRows = false;
      verbs.ui.answers(enter('web'), choose('Stop'));
      await verbs.run('openWorkspace');
      assert.equal(last(verbs)?.title, 'owner/web');
      assert.ok(!labels(last(verbs)).includes('Start'), 'it runs');
      assert.equal(
        described(last(verbs), 'Template'),
        'slow @ ' + verbs.known('web').latest_build.template_version_name,
      );
      assert.deepEqual(verbs.ui.executed, [['coderWorkspaces.stop', verbs.id('web')]]);
    });

    test('somebody else’s is in no list: it is shown, and started and followed like any other', async () => {
      const verbs = await verbsOn({ age });
      const { id } = verbs.deployment.workspace('dana/api-server');
      verbs.ui.answers(enter('dana/api-server'), choose('Start'));
      await verbs.run('openWorkspace');
      assert.equal(last(verbs)?.title, 'dana/api-server');
      assert.deepEqual([verbs.revealed, verbs.ui.executed], [[], [['coderWorkspaces.start', id]]]);
      verbs.ui.answers(enter('https://example.com/r.git'));
      await verbs.run('start', id);
      assert.equal(latestBuild(verbs.deployment.workspace('dana/api-server')).job.completedAt !== undefined, true);
      assert.match(verbs.ui.said.join(), /api-server started in /);
    });

    test('the page of one that is in no list opens without another question', async () => {
      const verbs = await verbsOn({ age });
      const { id } = verbs.deployment.workspace('dana/api-server');
      await verbs.run('openDashboard', id);
      assert.deepEqual(verbs.ui.opened, [`${verbs.deployment.url}/@dana/api-server`]);
      assert.deepEqual(verbs.ui.questions, []);
    });

    test('a deleted one is found, and allows only what is left of it', async () => {
      const verbs = await verbsOn({ age });
      const { id } = verbs.deployment.workspace('owner/archive');
      verbs.ui.answers(enter('archive'));
      await verbs.run('delete', id);
      verbs.ui.answers(enter('owner/archive'), choose('Show Build Log'));
      await verbs.run('openWorkspace');
      assert.match(
        last(verbs)?.kind === 'pick' ? ((last(verbs) as { placeholder?: string }).placeholder ?? '') : '',
        /^Deleted/,
      );
      for (const verb of ['Start', 'Delete', 'Rename', 'Set Autostart'])
        assert.ok(!labels(last(verbs)).includes(verb), verb);
      assert.deepEqual(verbs.ui.executed, [['coderWorkspaces.showLog', id]]);
      await verbs.run('start', id);
      assert.equal(verbs.ui.said.at(-1), 'archive is deleted.');
    });

    test('what was typed is there again where a gateway answers instead, and can be sent again', async () => {
      const verbs = await verbsOn({ age });
      const reads = verbs.deployment.requests.length;
      await verbs.deployment.misbehave('502', { path: /users\/owner\/workspace\/web/ });
      verbs.ui.answers(enter('owner/web'), async (question) => {
        assert.ok(question.kind === 'enter' && question.problem, question.title);
        assert.equal(question.value, 'owner/web');
        await verbs.deployment.heal();
        return enter()(question);
      });
      await verbs.run('openWorkspace');
      assert.ok(verbs.deployment.requests.length > reads, 'it was asked for');
      assert.equal(verbs.ui.unused, 0);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('what is not there, or not to be seen, is asked for again; another deployment is said so as it is typed', async () => {
      const verbs = await verbsOn({ age });
      const again: Answer = (question) => {
        assert.match(
          question.kind === 'enter' ? `${question.value} ${question.problem}` : '',
          / The workspace doesn't exist/,
        );
        return escape(question);
      };
      for (const typed of ['owner/nothing', 'nobody/web', '0b7ac1de-3b5f-4a2a-9c0a-1234567890ab']) {
        verbs.ui.answers(enter(typed), again);
        await verbs.run('openWorkspace');
      }
      verbs.ui.answers(
        refused('https://elsewhere.example.com/@owner/web', /is on elsewhere\.example\.com, and you're signed in to /),
      );
      await verbs.run('openWorkspace');
      verbs.ui.answers(refused('what is this', /^Enter owner\/name/));
      await verbs.run('openWorkspace');
      assert.deepEqual(verbs.writes(), []);
    });
  });

  describe(`show resources (${age})`, () => {
    test('each with its agents and metadata, hidden ones too; what is sensitive is only copied (coder/coder#10411)', async () => {
      const verbs = await verbsOn({ age });
      const { resources } = latestBuild(verbs.deployment.workspace('owner/api-server'));
      const sensitive = resources.flatMap(({ spec }) => spec.metadata).find((each) => each.sensitive);
      assert.ok(sensitive, 'the template has something sensitive');
      verbs.ui.answers(choose(sensitive.key));
      await verbs.run('showResources', verbs.id('api-server'));
      assert.equal(described(last(verbs), sensitive.key), '••••••••');
      assert.equal(verbs.ui.clipboard, sensitive.value);
      assert.deepEqual(verbs.ui.briefly, [`Copied ${sensitive.key}.`]);
      const withAgents = resources.find(({ spec }) => spec.agents.length > 0);
      assert.equal(labels(last(verbs))[0], withAgents?.spec.name, 'those with agents first (coder/coder#4407)');
      for (const { spec } of resources) assert.ok(labels(last(verbs)).includes(spec.name), spec.name);
      const shown = last(verbs);
      const headings = shown !== undefined && 'rows' in shown ? shown.rows.flatMap((row) => row.heading ?? []) : [];
      assert.deepEqual(new Set(headings), new Set(['']), 'a line between two, and no name twice');
    });

    test('of a stopped workspace those that are left, as a text, too', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('Open as Text'));
      await verbs.run('showResources', verbs.id('archive'));
      assert.match(JSON.stringify(last(verbs)), /, stop\. Select/);
      assert.equal(verbs.ui.texts.length, 1);
    });

    test('where the latest build failed, those of the last one that went well', async () => {
      const verbs = await verbsOn({ age });
      const workspace = verbs.deployment.workspace('owner/web');
      const engine = { store: verbs.deployment.store } as Engine;
      for (let count = 0; count < 60; count++) {
        const failed = addBuild(engine, workspace, 'start', Date.now());
        endBuild(engine, failed, Date.now(), 'Error: quota');
      }
      verbs.deployment.changed(workspace);
      await verbs.session.refetch(verbs.id('web'));
      verbs.ui.answers(escape);
      await verbs.run('showResources', verbs.id('web'));
      assert.match(JSON.stringify(last(verbs)), /Build #1, start, the last successful one/);
      verbs.ui.answers();
      await verbs.run('showResources', verbs.id('broken'));
      assert.equal(verbs.ui.said.at(-1), 'No build of broken has succeeded yet, so it has no resources.');
    });
  });
}

describe('somebody else’s workspace by its share (v2.36)', () => {
  const asDana = async (role?: 'use' | 'admin'): Promise<VerbFixture> => {
    const verbs = await verbsOn({ age: 'v2', release: '2.36' }, { as: 'dana' });
    const workspace = verbs.deployment.workspace('owner/web');
    if (role !== undefined) workspace.sharedWith.set(verbs.deployment.users.dana.id, role);
    return verbs;
  };

  test('who may use it is offered no setting of it, and is told why when asked for one all the same', async () => {
    const verbs = await asDana('use');
    verbs.ui.answers(enter('owner/web'), escape);
    await verbs.run('openWorkspace');
    assert.ok(labels(last(verbs)).includes('Stop'), labels(last(verbs)).join());
    for (const verb of ['Set Autostart', 'Set Time Before Autostop', 'Rename', 'Favorite', 'Delete']) {
      assert.ok(!labels(last(verbs)).includes(verb), verb);
    }
    const { id } = verbs.deployment.workspace('owner/web');
    await verbs.run('setTtl', id);
    await verbs.run('favorite', id);
    assert.deepEqual(verbs.ui.said, [
      "owner/web is shared with you, but your role “use” doesn't allow this.",
      'Only your own workspaces can be favorites.',
    ]);
    assert.deepEqual(verbs.writes(), []);
  });

  test('who may administer it sets it as its owner does', async () => {
    const verbs = await asDana('admin');
    const { id } = verbs.deployment.workspace('owner/web');
    verbs.ui.answers((question) => {
      assert.equal(question.title, 'Set Time Before Autostop for owner/web', 'named as its row is');
      return choose('4 h')(question);
    });
    await verbs.run('setTtl', id);
    assert.equal(verbs.deployment.workspace('owner/web').ttlMs, 4 * 3_600_000);
    assert.match(verbs.ui.said.join(), /^owner\/web stops 4 h after each start/);
  });

  test('what is not shared is not found', async () => {
    const verbs = await asDana();
    verbs.ui.answers(enter('owner/web'), (question) => {
      assert.match(question.kind === 'enter' ? (question.problem ?? '') : '', /don't have permission to see it/);
      return escape(question);
    });
    await verbs.run('openWorkspace');
    assert.equal(verbs.ui.unused, 0);
  });
});
