// What only the first age has: values that are never sent back, and Terraform's own types.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MisbehaviourName } from '../deployment/index.ts';
import { latestBuild, must } from '../deployment/store.ts';
import { choose, escape, press, type as enter, type Answer } from '../scriptedUi.ts';
import { rowsOf, seeing } from './create-fixture.ts';
import { stored, valuesOf } from './newer-version.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

describe('Start with Parameters (v0)', () => {
  test('asks for all without showing values, sends what was entered, and keeps what was left empty', async () => {
    const verbs = await verbsOn({ age: 'v0' }, ALL_STREAMS);
    latestBuild(stored(verbs, 'archive')).parameters = [
      { name: 'region', value: 'eu' },
      { name: 'size', value: 'large' },
    ];
    const keeps = / · Leave it empty to keep the current value\.$/;
    verbs.ui.answers(
      seeing((question) => {
        assert.ok(question.kind === 'pick', question.kind);
        assert.deepEqual(
          rowsOf(question).map(({ label }) => label),
          ['Keep the current value', 'ap', 'eu', 'us'],
        );
        assert.equal(question.active?.(''), true, 'where one begins');
      }, choose('Keep the current value')),
      seeing((question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.match(question.prompt ?? '', keeps);
        assert.deepEqual([question.value, question.placeholder], ['', 'size'], 'required, and yet kept');
      }, enter('')),
      enter('hunter2'),
    );
    await verbs.run('startWithParameters', verbs.id('archive'));
    assert.deepEqual(verbs.ui.unused, 0);
    assert.match(verbs.ui.said.join(), /^archive started in /);
    assert.deepEqual(valuesOf(verbs, 'archive'), { region: 'eu', size: 'large', token: 'hunter2' });
  });

  test('mends a start that failed because of a value', async () => {
    const verbs = await verbsOn({ age: 'v0' }, ALL_STREAMS);
    const { store } = verbs.deployment;
    const broken = stored(verbs, 'broken');
    const dev = must(store.versions, latestBuild(stored(verbs, 'archive')).versionId);
    must(store.versions, latestBuild(broken).versionId).spec = {
      ...dev.spec,
      legacyParameters: dev.spec.legacyParameters.filter(({ name }) => name === 'size'),
    };
    verbs.ui.answers(enter('small'));
    await verbs.run('startWithParameters', verbs.id('broken'));
    assert.match(verbs.ui.said.join(), /^broken started in /);
    assert.deepEqual(valuesOf(verbs, 'broken'), { size: 'small' });
  });
});

/** An operation of the reference document, and how a person reaches it. */
interface Reached {
  readonly operation: string;
  readonly path: RegExp;
  readonly verb: string;
  /** Of which workspace; none: the command asks for nothing that there is. */
  readonly of?: string;
  readonly answers: readonly Answer[];
}

const first: Answer = (question) => rowsOf(question)[0]?.value;

const REACHED: readonly Reached[] = [
  {
    operation: 'POST /organizations/{organization}/members/{user}/workspaces',
    path: /\/members\/[^/]+\/workspaces$/,
    verb: 'create',
    answers: [choose('slow'), enter('fresh'), choose('Create fresh')],
  },
  {
    operation: 'GET /workspaces/{id}',
    path: /\/workspaces\/0{8}-/,
    verb: 'openWorkspace',
    answers: [enter('00000000-0000-4000-8000-000000000000')],
  },
  {
    operation: 'PATCH /workspaces/{workspace}',
    path: /\/workspaces\/[^/]+$/,
    verb: 'rename',
    of: 'archive',
    answers: [enter('attic')],
  },
  {
    operation: 'PUT /workspaces/{workspace}/autostart',
    path: /\/autostart$/,
    verb: 'setAutostart',
    of: 'archive',
    answers: [enter('weekdays 9:30')],
  },
  { operation: 'PUT /workspaces/{workspace}/extend', path: /\/extend$/, verb: 'extend', of: 'web', answers: [first] },
  { operation: 'PUT /workspaces/{workspace}/ttl', path: /\/ttl$/, verb: 'setTtl', of: 'web', answers: [first] },
  {
    operation: 'PATCH /workspacebuilds/{workspacebuild}/cancel',
    path: /\/cancel$/,
    verb: 'cancel',
    of: 'warming-up',
    answers: [press('Cancel Build')],
  },
  {
    operation: 'GET /workspacebuilds/{workspacebuild}/logs',
    path: /\/logs$/,
    verb: 'showLog',
    of: 'archive',
    answers: [],
  },
  {
    operation: 'GET /workspacebuilds/{workspacebuild}/resources',
    path: /\/resources$/,
    verb: 'showResources',
    of: 'archive',
    answers: [],
  },
  {
    operation: 'GET /workspacebuilds/{workspacebuild}/state',
    path: /\/state$/,
    verb: 'showState',
    of: 'archive',
    answers: [press('Open Read-Only')],
  },
  {
    operation: 'GET /workspaces/{workspace}/builds',
    path: /\/builds\?/,
    verb: 'showHistory',
    of: 'archive',
    answers: [],
  },
];

const REFUSALS: readonly MisbehaviourName[] = ['400', '403', 'not-found', '409', '412', '500', '503'];

/** What the writes would change. */
const settled = ({ deployment }: VerbFixture): readonly unknown[] =>
  [...deployment.store.workspaces.values()].map(({ name, ttlMs, autostartSchedule, builds }) => {
    const { deadline, job } = builds.at(-1) ?? {};
    return [name, ttlMs, autostartSchedule, builds.length, deadline, job?.canceledAt];
  });

/** What is told of a refusal: in a message, or at the question that it leads back to. */
const told = ({ ui }: VerbFixture): readonly string[] => [
  ...ui.said,
  ...ui.questions.flatMap((question) => ('problem' in question ? (question.problem ?? []) : [])),
];

describe('the operations of the reference document, refused (v0)', () => {
  for (const { operation, path, verb, of, answers } of REACHED) {
    test(`${operation}: each refusal is one sentence for a person, and nothing is done`, async () => {
      const verbs = await verbsOn({ age: 'v0' }, ALL_STREAMS);
      const method = operation.replace(/ .*/, '');
      const before = settled(verbs);
      for (const refusal of REFUSALS) {
        const writes = verbs.writes().length;
        await verbs.deployment.misbehave(refusal, { path, method });
        verbs.ui.answers(...answers, escape, press('Discard'));
        await verbs.run(verb, of === undefined ? undefined : verbs.id(of));
        while (verbs.ui.unused > 0) await verbs.ui.confirm('', '', ['Discard']).catch(() => undefined);
        const all = told(verbs);
        assert.equal(all.length > 0, true, `${refusal}: nothing is told`);
        const said = all.at(-1) ?? '';
        assert.match(said, /^[A-Z0-9].*\.$/s, refusal);
        assert.doesNotMatch(said, /\b[45]\d\d\b|\/api\/|undefined|null|\[object|problem:/, refusal);
        assert.equal(verbs.session.state.value.kind, 'ready', refusal);
        assert.ok(method === 'GET' || verbs.writes().length > writes, `${refusal}: nothing was sent`);
        await verbs.deployment.heal(refusal);
        verbs.ui.toasts.length = 0;
        verbs.ui.questions.length = 0;
      }
      assert.deepEqual(settled(verbs), before, 'nothing is done');
    });
  }
});
