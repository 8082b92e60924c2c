import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { firstLine } from '../../src/api/plainText.ts';
import { allows } from '../../src/model/actions.ts';
import { statusDescription } from '../../src/model/statusText.ts';
import { workspaceTooltip } from '../../src/model/tooltip.ts';
import { PLACE } from '../unit/model-fixture.ts';
import { back, choose, escape, press, type as enter } from '../scriptedUi.ts';
import { ages, createWorkspace } from './client-fixture.ts';
import { titles } from './create-fixture.ts';
import { outageOf } from './proxied-session.ts';
import { readyState, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

/** Both ages' routes; V0 is first asked for V2's, which it does not know. */
const CREATE = /\/(users|members)\/me\/workspaces$/;
const LIST = /\/workspaces\?/;
const BY_NAME = /\/workspace\/[\w-]+(\?|$)/;

const creations = (verbs: VerbFixture): number =>
  verbs.deployment.requests.filter(
    ({ method, path, status }) => method === 'POST' && CREATE.test(path) && status !== 404 && status !== 405,
  ).length;

const madeOnes = ({ deployment }: VerbFixture, name: string): number =>
  [...deployment.store.workspaces.values()].filter((workspace) => workspace.name === name).length;

for (const age of ages) {
  describe(`create (${age})`, () => {
    test('asks for template and name, makes one workspace, and follows its build (coder/vscode-coder#64)', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(choose('slow'), enter('fresh'), choose('Create fresh'));
      await verbs.run('create');
      assert.equal(creations(verbs), 1);
      assert.deepEqual(
        verbs.ui.builds.map(({ title }) => title),
        ['Starting fresh'],
      );
      assert.match(verbs.ui.said.join('\n'), /^fresh started in /);
    });

    test('one whose first build fails is there, with the reason in its row, its tooltip and the message, and can be tried again (coder/coder#2811, #17315)', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(choose('failing'), enter('fresh'), choose('Create fresh'));
      await verbs.run('create');
      const { user, workspaces } = await readyState(verbs.session);
      const made = verbs.known('fresh');
      const reason = made.latest_build.job.error?.trimEnd() ?? '';
      assert.match(reason, /\S/);
      assert.equal(verbs.ui.toasts.at(-1)?.kind, 'error');
      assert.ok(verbs.ui.said.at(-1)?.startsWith(`fresh failed to start: ${firstLine(reason)}`), verbs.ui.said.at(-1));
      const options = { displayLocale: PLACE };
      const now = verbs.session.now();
      assert.ok(statusDescription(made, options, now, user).startsWith(`Start failed: ${firstLine(reason)}`), reason);
      const [error] = workspaceTooltip(made, options, now, user).filter(({ kind }) => kind === 'error');
      assert.deepEqual(error, { kind: 'error', lines: reason.split('\n') });
      assert.ok(workspaces.has(made.id), 'it has no row');
      assert.deepEqual(
        (['start', 'retryBuild', 'delete', 'showLog'] as const).filter((verb) => allows(verb, made, user)),
        ['start', 'retryBuild', 'delete', 'showLog'],
      );
    });

    test('Escape sends nothing at any step; what was typed is asked about first', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(escape);
      await verbs.run('create');
      verbs.ui.answers(choose('slow'), escape);
      await verbs.run('create');
      verbs.ui.answers(choose('slow'), enter('fresh'), escape, press(), escape, press('Discard'));
      await verbs.run('create');
      assert.equal(verbs.ui.unused, 0);
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('closing Creating X takes only the progress away: it is made, followed and told', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('slow', { path: CREATE, method: 'POST', delayMs: 700 });
      verbs.ui.answers(choose('slow'), enter('fresh'), choose('Create fresh'));
      const done = verbs.run('create');
      await until('it is being created', () => verbs.ui.waits.some(({ title }) => title === 'Creating fresh'));
      await pause(100);
      verbs.ui.waits.at(-1)?.pressCancel();
      await until('it is said', () => verbs.ui.said.length > 0);
      assert.equal(verbs.ui.said[0], 'Coder is already creating fresh. This continues in the background.');
      await done;
      assert.equal(madeOnes(verbs, 'fresh'), 1);
      assert.equal(creations(verbs), 1);
      assert.match(verbs.ui.said[1] ?? '', /^fresh started in /);
      assert.equal(verbs.ui.unused, 0);
    });

    test('a creation that is refused after its progress was closed is told, and goes on only when asked to', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await createWorkspace(verbs.other, 'slow', 'fresh-too');
      await verbs.deployment.misbehave('slow', { path: CREATE, method: 'POST', delayMs: 700, times: 1 });
      // Free when it is entered, taken when it is asked for.
      verbs.ui.answers(choose('slow'), () => 'fresh-too', choose('Create fresh-too'));
      const done = verbs.run('create');
      await until('it is being created', () => verbs.ui.waits.some(({ title }) => title === 'Creating fresh-too'));
      verbs.ui.waits.at(-1)?.pressCancel();
      await done;
      assert.equal(verbs.ui.questions.length, 3);
      const told = verbs.ui.toasts.at(-1);
      assert.ok(told, 'nothing is told');
      assert.match(told.message, /^fresh-too wasn't created\. .*taken/);
      assert.deepEqual(
        told.buttons.map(({ label }) => label),
        ['Edit and Try Again'],
      );
      verbs.ui.answers((question) => {
        assert.ok(question.kind === 'enter', question.kind);
        assert.match(question.problem ?? '', /taken/);
        return 'fresh-three';
      }, choose('Create fresh-three'));
      await told.buttons[0]?.run();
      assert.equal(madeOnes(verbs, 'fresh-three'), 1);
      assert.match(verbs.ui.said.join('\n'), /fresh-three started in /);
    });

    test('a name that is taken is asked for alone, and the summary comes again (coder/coder#25668)', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await createWorkspace(verbs.other, 'slow', 'theirs');
      verbs.ui.answers(choose('slow'), () => 'theirs', choose('Create theirs'), enter('ours'), choose('Create ours'));
      await verbs.run('create');
      assert.deepEqual(titles(verbs), ['Template', 'Name', 'Summary', 'Name', 'Summary']);
      assert.match(verbs.ui.said.join('\n'), /^ours started in /);
    });

    test('Back at the name that is changed from the summary leads to the summary', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(choose('slow'), enter('fresh'), choose('Name'), back, choose('Create fresh'));
      await verbs.run('create');
      assert.deepEqual(titles(verbs), ['Template', 'Name', 'Summary', 'Name', 'Summary']);
    });

    test('an answer that is lost is read back: one workspace, followed', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('lost-answer', { path: age === 'v0' ? /\/members\/me\/workspaces$/ : CREATE });
      verbs.ui.answers(choose('slow'), enter('fresh'), choose('Create fresh'));
      await verbs.run('create');
      assert.equal(madeOnes(verbs, 'fresh'), 1);
      assert.match(verbs.ui.said.join('\n'), /^fresh started in /);
    });

    test('an answer that is lost while the deployment goes away is found in the list once it is back', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('lost-answer', { path: age === 'v0' ? /\/members\/me\/workspaces$/ : CREATE });
      await verbs.deployment.misbehave('503', { path: BY_NAME });
      await verbs.deployment.misbehave('503', { path: LIST });
      verbs.ui.answers(choose('slow'), enter('fresh'), choose('Create fresh'));
      const done = verbs.run('create');
      await until('it is said', () => verbs.ui.said.length > 0);
      assert.deepEqual(verbs.ui.said, ["Coder was asked to create fresh but hasn't confirmed it yet."]);
      await until('the outage is known', () => outageOf(verbs) !== undefined);
      await verbs.deployment.heal();
      await verbs.timing.advance(60_000);
      await done;
      assert.match(verbs.ui.said[1] ?? '', /^fresh started in /);
      assert.equal(madeOnes(verbs, 'fresh'), 1);
    });

    test('one that was lost on its way, and not made, leads back to the summary with everything in it', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('reset', {
        path: age === 'v0' ? /\/members\/me\/workspaces$/ : CREATE,
        times: 1,
      });
      await verbs.deployment.misbehave('503', { path: BY_NAME });
      verbs.ui.answers(choose('slow'), enter('fresh'), choose('Create fresh'), choose('Create fresh'));
      await verbs.run('create');
      assert.deepEqual(titles(verbs), ['Template', 'Name', 'Summary', 'Summary']);
      assert.equal(madeOnes(verbs, 'fresh'), 1);
    });
  });
}
