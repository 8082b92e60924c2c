// Public reports about verbs, as tests (the others are named where their verb is tested).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Dismissed } from '../../src/model/prompt.ts';
import { latestBuild } from '../deployment/store.ts';
import { press, type as enter, type Answer } from '../scriptedUi.ts';
import { ages, createWorkspace } from './client-fixture.ts';
import { verbsOn } from './verb-fixture.ts';

/** Verbs that are about one workspace, with one in the seed that allows them in every age. */
const ON_ONE = [
  'start',
  'stop',
  'restart',
  'cancel',
  'extend',
  'delete',
  'duplicate',
  'setAutostart',
  'setTtl',
  'showLog',
  'showHistory',
  'showResources',
  'openDashboard',
];

for (const age of ages) {
  describe(`reports about verbs (${age})`, () => {
    test('each verb without a row asks which workspace, and Escape sends nothing (coder/vscode-coder#341)', async () => {
      const verbs = await verbsOn({ age });
      for (const verb of ON_ONE) {
        const before = verbs.ui.questions.length;
        verbs.ui.answers(() => {
          throw new Dismissed();
        });
        await verbs.run(verb);
        const [asked] = verbs.ui.questions.slice(before);
        assert.ok(asked !== undefined && 'rows' in asked && asked.rows.length > 0, `${verb} asks nothing`);
        assert.equal(verbs.ui.unused, 0, verb);
      }
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('a question about a cancel has no second Cancel: its way out has a name (coder/vscode-coder#657)', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(press());
      await verbs.run('cancel', verbs.id('warming-up'));
      const [asked] = verbs.ui.questions;
      assert.ok(asked?.kind === 'confirm', asked?.kind);
      assert.deepEqual(asked.labels, ['Cancel Build']);
      assert.ok(asked.leave !== undefined && !/cancel/i.test(asked.leave), asked.leave);
    });

    test('to delete takes the whole name, and Escape deletes nothing (Toolbox 0.6.6)', async () => {
      const verbs = await verbsOn({ age });
      const half: Answer = (question) => {
        assert.ok(question.kind === 'enter', question.kind);
        for (const wrong of ['', 'arch', 'archive2', 'web']) {
          assert.ok(question.validate?.(wrong) !== undefined, `"${wrong}" deletes it`);
        }
        throw new Dismissed('arch');
      };
      verbs.ui.answers(half);
      await verbs.run('delete', verbs.id('archive'));
      assert.deepEqual(verbs.writes(), []);
      verbs.ui.answers(enter('archive'));
      await verbs.run('delete', verbs.id('archive'));
      assert.deepEqual(verbs.writes(), ['POST /api/v2/workspaces/…/builds']);
    });

    test('where the template forbids to cancel, nothing is asked or sent; where it does meanwhile, the server’s words stand there (coder/coder#5035)', async () => {
      const verbs = await verbsOn({ age }, { as: 'dana' });
      verbs.deployment.hold('builds');
      for (const name of ['guarded', 'free'])
        await createWorkspace(verbs.other, name === 'free' ? 'hang' : 'no-cancel', name);
      await verbs.session.readAgain(verbs.session.signal);
      for (const name of ['guarded', 'free']) {
        const { job } = latestBuild(verbs.deployment.workspace(`dana/${name}`));
        job.startedAt ??= verbs.deployment.store.clock.now();
      }
      await verbs.session.readAgain(verbs.session.signal);
      await verbs.run('cancel', verbs.id('guarded'));
      assert.equal(verbs.ui.questions.length, 0);
      assert.match(verbs.ui.said.join(), /doesn't let its users cancel builds/);
      const template = [...verbs.deployment.store.templates.values()].find(({ name }) => name === 'hang');
      assert.ok(template, 'there is no template');
      verbs.ui.answers((question) => {
        template.allowUserCancel = false;
        return press('Cancel Build')(question);
      });
      await verbs.run('cancel', verbs.id('free'));
      assert.match(verbs.ui.said.at(-1) ?? '', /Coder says: /);
      assert.equal(latestBuild(verbs.deployment.workspace('dana/free')).job.canceledAt, undefined);
      verbs.deployment.release();
    });
  });
}
