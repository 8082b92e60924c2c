import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { choose, escape, type as enter } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { titles } from './create-fixture.ts';
import { until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

const made = (verbs: VerbFixture, name: string) => {
  const workspace = verbs.deployment.workspace(`owner/${name}`);
  const [first] = workspace.builds;
  assert.ok(first, `${name} has no build`);
  return { workspace, first, values: Object.fromEntries(first.parameters.map((each) => [each.name, each.value])) };
};

/** A workspace of the template `dev` with answers of its own. */
async function original(verbs: VerbFixture): Promise<void> {
  const { ui } = verbs;
  ui.answers(choose('Development'));
  if (verbs.deployment.age === 'v2') {
    ui.answers(choose('No preset'), enter('mine'), choose('United States'), enter('https://example.com/mine.git'));
  } else {
    ui.answers(enter('mine'), enter('large'));
  }
  ui.answers(choose('Create mine'));
  await verbs.run('create');
  const { workspace } = made(verbs, 'mine');
  workspace.autostartSchedule = 'CRON_TZ=Europe/Paris 30 9 * * 1-5';
  workspace.ttlMs = 3 * 3_600_000;
  verbs.deployment.changed(workspace);
  await until('the schedule is known', () => verbs.known('mine').ttl_ms === 3 * 3_600_000);
  ui.questions.length = 0;
}

for (const age of ages) {
  describe(`duplicate (${age})`, () => {
    test('asks for a name, which is proposed, and what cannot be known; the rest is as in the other workspace', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await original(verbs);
      verbs.ui.answers((question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.equal(question.value, 'mine-2');
        assert.equal(question.canGoBack, false);
        return question.value;
      });
      // V0 tells nobody what a workspace was made with.
      if (age === 'v0') verbs.ui.answers(choose('eu'), enter('large'), enter('x'));
      verbs.ui.answers(choose('Create mine-2'));
      await verbs.run('duplicate', verbs.id('mine'));
      assert.deepEqual(verbs.errors.map(String), []);
      assert.deepEqual(
        titles(verbs),
        age === 'v2' ? ['Name', 'Summary'] : ['Name', 'region', 'size', 'token', 'Summary'],
      );
      for (const { title } of verbs.ui.questions) assert.match(title, /^Duplicate mine: /);
      const [one, other] = [made(verbs, 'mine'), made(verbs, 'mine-2')];
      if (age === 'v2') assert.deepEqual(other.values, one.values);
      assert.equal(other.workspace.autostartSchedule, one.workspace.autostartSchedule);
      assert.equal(other.workspace.ttlMs, one.workspace.ttlMs);
      assert.equal(other.first.versionId, one.first.versionId);
      assert.match(verbs.ui.said.join('\n'), /mine-2 started in /);
    });

    test('Escape at its first question sends nothing and says nothing', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(escape);
      await verbs.run('duplicate', verbs.id('api-server'));
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual(verbs.ui.said, []);
    });
  });
}

describe('what only V2 knows', () => {
  /** The workspace `mine`, whose template has another active version since. */
  async function outdated() {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    await original(verbs);
    const { store } = verbs.deployment;
    const { first, workspace } = made(verbs, 'mine');
    const version = store.versions.get(first.versionId);
    const template = store.templates.get(workspace.templateId);
    assert.ok(version !== undefined && template !== undefined, 'the deployment has no such version or template');
    const next = { ...version, id: randomUUID(), name: 'next_one1' };
    store.versions.set(next.id, next);
    template.activeVersionId = next.id;
    return { verbs, version, template, next };
  }

  test('a version that is no longer the active one is kept, and can be seen', async () => {
    const { verbs, version } = await outdated();
    verbs.ui.answers(enter(), (question) => {
      const row = 'rows' in question && question.rows.find(({ label }) => label === 'Template version');
      assert.equal(row && row.description, version.name);
      return choose('Create mine-2')(question);
    });
    await verbs.run('duplicate', verbs.id('mine'));
    assert.equal(made(verbs, 'mine-2').first.versionId, version.id);
  });

  test('one that is archived, or that the template no longer allows, gives way to the active one', async () => {
    for (const change of [{ archived: true }, { requireActiveVersion: true }]) {
      const { verbs, version, template, next } = await outdated();
      Object.assign('archived' in change ? version : template, change);
      verbs.ui.answers(enter(), choose('Create mine-2'));
      await verbs.run('duplicate', verbs.id('mine'));
      assert.equal(made(verbs, 'mine-2').first.versionId, next.id);
    }
  });

  test('a deprecated template is told, with its reason, and nothing is asked', async () => {
    const { verbs, template } = await outdated();
    template.deprecationMessage = 'Use slow instead';
    await verbs.run('duplicate', verbs.id('mine'));
    assert.deepEqual(verbs.ui.questions, []);
    assert.equal(verbs.ui.said.at(-1), 'Development is deprecated. Use slow instead.');
  });

  test("a dynamic form is filled with the other workspace's answers, and what they bring is there", async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    verbs.ui.answers(choose('dynamic'), enter('big'), choose('Large'), enter('3'), choose('Create big'));
    await verbs.run('create');
    verbs.ui.answers(enter(), choose('Create big-2'));
    await verbs.run('duplicate', verbs.id('big'));
    assert.deepEqual(made(verbs, 'big-2').values, { size: 'l', gpus: '3', secret: '' });
  });
});
