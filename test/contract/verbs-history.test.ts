import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import * as builds from '../../src/api/builds.ts';
import type { Build } from '../../src/api/schemas/workspaces.ts';
import type { BuildId } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { buildActions } from '../../src/commands/buildActions.ts';
import { BuildList } from '../../src/commands/findBuild.ts';
import { showStateOf } from '../../src/commands/showState.ts';
import { writePrivateFile } from '../../src/host/privateFile.ts';
import { newId } from '../deployment/ids.ts';
import { latestBuild } from '../deployment/store.ts';
import { back, choose, escape, press, type PickQuestion, type Question } from '../scriptedUi.ts';
import { ages, soon } from './client-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

const labels = (question: Question | undefined): string[] =>
  (question as PickQuestion | undefined)?.rows.map(({ label }) => label) ?? [];

/** Builds that another client makes, one after the other. */
async function build(verbs: VerbFixture, name: string, ...transitions: ('start' | 'stop')[]): Promise<void> {
  for (const transition of transitions) {
    const { id } = await workspaces.createBuild(verbs.other.calls, verbs.id(name), { transition }, soon());
    for (;;) {
      const { job } = await builds.get(verbs.other.calls, id, soon());
      if (job.completed_at !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  await verbs.session.refresh();
}

const folder = await mkdtemp(path.join(tmpdir(), 'state-'));
after(() => rm(folder, { recursive: true }));

for (const age of ages) {
  describe(`the history of a workspace on a deployment of age ${age}`, () => {
    test('lists each build with what it was, who had it made, its version, when and how it ended, the newest first', async () => {
      const verbs = await verbsOn({ age });
      await build(verbs, 'archive', 'start', 'stop');
      verbs.ui.answers(escape);
      await verbs.run('showHistory', verbs.id('archive'));
      const [question] = verbs.ui.questions as [PickQuestion];
      assert.equal(question.title, 'Builds of archive');
      const last = verbs.known('archive').latest_build.build_number;
      assert.deepEqual(labels(question).slice(0, 2), [`#${last} stop`, `#${last - 1} start`]);
      assert.match(question.rows[0]?.description ?? '', /^stopped in \d/);
      assert.match(question.rows[0]?.detail ?? '', /^owner · \S+ · .*\d\d:\d\d, just now$/);
    });

    test('older builds are read when they are asked for, each once, although one was made meanwhile', async () => {
      const verbs = await verbsOn({ age, speed: 1000 });
      await build(verbs, 'archive', ...Array.from({ length: 56 }, (_, index) => (index % 2 === 0 ? 'start' : 'stop')));
      const number = verbs.known('archive').latest_build.build_number;
      verbs.ui.answers(async (question) => {
        await build(verbs, 'archive', 'start');
        return choose('Show Older Builds…')(question);
      }, escape);
      await verbs.run('showHistory', verbs.id('archive'));
      const [first, second] = verbs.ui.questions.map(labels);
      assert.equal(first?.length, 51);
      const numbers = second?.map((label) => Number(/#(\d+)/.exec(label)?.[1])) ?? [];
      assert.deepEqual(
        numbers,
        Array.from({ length: number }, (_, index) => number - index),
      );
    });

    test('the first of a thousand builds is at most five choices away, and each is listed once', async () => {
      const verbs = await verbsOn({ age });
      const { store } = verbs.deployment;
      const archived = verbs.deployment.workspace('owner/archive');
      const [first] = archived.builds;
      assert.ok(first, 'archive was built');
      archived.builds = Array.from({ length: 1000 }, (_, index) => ({ ...first, id: newId(), number: index + 1 }));
      for (const each of archived.builds) store.builds.set(each.id, each);
      await verbs.session.refresh();
      const older = choose('Show Older Builds…');
      verbs.ui.answers(older, older, older, older, choose('#1 start'), choose('Show Log'), escape);
      await verbs.run('showHistory', verbs.id('archive'));
      const shown = labels(verbs.ui.questions[4]);
      assert.deepEqual(
        shown,
        Array.from({ length: 1000 }, (_, index) => `#${1000 - index} start`),
      );
      assert.match(verbs.ui.texts[0]?.text ?? '', /^──── start #1 /);
    });

    test('each build opens its log, its resources and the rest that its deployment has of it', async () => {
      const verbs = await verbsOn({ age });
      await build(verbs, 'archive', 'start', 'stop');
      const number = verbs.known('archive').latest_build.build_number - 1;
      const see = async (label: string): Promise<string> => {
        verbs.ui.texts.length = 0;
        verbs.ui.answers(choose(`#${number} start`), choose(label));
        await verbs.run('showHistory', verbs.id('archive'));
        const [text] = verbs.ui.texts;
        assert.ok(text, `${label} opens nothing: ${verbs.ui.said.join()}`);
        assert.ok(text.path.at(-1)?.startsWith(`archive #${number}`), text.path.join('/'));
        return text.text;
      };
      assert.match(await see('Show Log'), /^──── start #\d+ .*[^]*──── started in .* ────\n$/);
      assert.match(await see('Show Resources'), /^ {2}agent main · linux\/amd64/m);
      if (age === 'v2') {
        assert.match(await see('Show Parameters'), /^Parameter +Value\n─+ +─+\n/);
        assert.match(await see('Show Timings'), /^Stage +Item +Started after +Duration +Outcome\n/);
      } else {
        assert.ok(!labels(verbs.ui.questions.at(-1)).some((label) => /Parameters|Timings/.test(label)));
      }
      verbs.ui.answers(choose(`#${number} start`), choose('Open in Dashboard'));
      await verbs.run('showHistory', verbs.id('archive'));
      assert.deepEqual(verbs.ui.opened, [`${verbs.deployment.url}/@owner/archive/builds/${number}`]);
    });

    test('one goes back from a build to the list, where one was', async () => {
      const verbs = await verbsOn({ age });
      await build(verbs, 'archive', 'start');
      const number = verbs.known('archive').latest_build.build_number;
      verbs.ui.answers(choose(`#${number - 1} stop`), back, escape);
      await verbs.run('showHistory', verbs.id('archive'));
      const again = verbs.ui.questions.at(-1) as PickQuestion<{ build_number: number }>;
      const active = again.rows.filter(({ value }) => again.active?.(value));
      assert.deepEqual(
        active.map(({ label }) => label),
        [`#${number - 1} stop`],
      );
    });

    test('of a failed build the error is copied, and its log', async () => {
      const verbs = await verbsOn({ age });
      await verbs.run('copyError', verbs.id('broken'));
      const { error } = verbs.known('broken').latest_build.job;
      assert.ok(error, 'it has no error');
      assert.equal(verbs.ui.clipboard, error.trimEnd());
      verbs.ui.answers(escape);
      await verbs.run('copyError');
      assert.ok(!labels(verbs.ui.questions.at(-1)).includes('web'), 'a build without an error is offered');
      await verbs.run('copyLog', verbs.id('broken'));
      assert.match(verbs.ui.clipboard, /^──── start #1 [^]*──── start failed.* ────\n$/);
    });

    test('where a build failed, the resources of the one before are offered: that machine may still run', async () => {
      const verbs = await verbsOn({ age });
      const workspace = verbs.known('broken');
      const failed = { ...workspace.latest_build, build_number: 9 };
      const good = { ...verbs.known('web').latest_build, build_number: 8 };
      const list = new BuildList({ session: verbs.session, workspace, signal: soon() });
      const label = 'Show Resources of #8 (May Still Be Running)';
      const offered = (...all: Build[]): boolean => {
        list.builds.splice(0, Infinity, ...all);
        return buildActions(verbs.context, list, all[0] ?? failed).some((action) => action && action.label === label);
      };
      assert.ok(offered(failed, good), 'they are not offered');
      assert.ok(!offered({ ...good, build_number: 9 }, good), 'a build that went well has its own');
      assert.ok(!offered(failed, { ...good, transition: 'stop' }), 'what was stopped does not run');
      list.builds.splice(0, Infinity, failed, good);
      const action = buildActions(verbs.context, list, failed).find((each) => each && each.label === label);
      assert.ok(action, 'it is not offered');
      await action.value();
      assert.match(verbs.ui.texts[0]?.text ?? '', /^ {2}agent /m);
    });

    test('two builds of a workspace are compared, the older one on the left', async () => {
      const verbs = await verbsOn({ age });
      await build(verbs, 'archive', 'start', 'stop');
      const number = verbs.known('archive').latest_build.build_number;
      verbs.ui.answers(choose(`#${number - 2} stop`));
      await verbs.run('compareLog', verbs.id('archive'));
      const [comparison] = verbs.ui.comparisons;
      assert.equal(comparison?.title, `archive: #${number - 2} ↔ #${number}`);
      assert.match(comparison.older.text, new RegExp(`^──── stop #${number - 2} `));
      assert.match(comparison.newer.text, new RegExp(`^──── stop #${number} `));
      assert.ok(!labels(verbs.ui.questions[0]).includes(`#${number} stop`), 'a build is compared with itself');
      // From the editor of a build's document, whose address names the build.
      await verbs.run('showLog', verbs.id('archive'), verbs.known('archive').latest_build.id);
      const query = new URLSearchParams(verbs.ui.texts.at(-1)?.refs).toString();
      verbs.ui.answers(choose(`#${number - 1} start`));
      await verbs.run('compareLog', { query });
      assert.equal(verbs.ui.comparisons[1]?.title, `archive: #${number - 1} ↔ #${number}`);
    });
  });

  test(`a log without a line is compared with another, and shown, on a deployment of age ${age}`, async () => {
    const verbs = await verbsOn({ age });
    const [first, second] = verbs.deployment.workspace('owner/archive').builds;
    assert.ok(first && second, 'archive has two builds');
    first.job.logs = [];
    verbs.ui.answers(choose('#1 start'));
    await verbs.run('compareLog', verbs.id('archive'));
    const [comparison] = verbs.ui.comparisons;
    assert.match(
      comparison?.older.text ?? '',
      /^──── start #1 .* ────\n──── the deployment has no log for this build ────\n──── started .*────\n$/,
    );
    assert.match(comparison?.newer.text ?? '', /^──── stop #2 .* ────\n[^]*▸ /);
    await verbs.run('showLog', verbs.id('archive'), first.id);
    assert.match(
      verbs.ui.texts[0]?.text ?? '',
      /^──── start #1 .* ────\n──── the deployment has no log for this build ────\n──── started .*────\n$/,
    );
    assert.deepEqual(verbs.errors, []);
  });

  describe(`the provisioner state of a build on a deployment of age ${age}`, () => {
    const withState = async (state: string): Promise<VerbFixture> => {
      const verbs = await verbsOn({ age });
      latestBuild(verbs.deployment.workspace('owner/archive')).state = state;
      return verbs;
    };

    test('is read only after a sentence that names the danger, and where it is to go; Escape reads nothing', async () => {
      const verbs = await withState('{"secret":"s3cr3t"}');
      const asked = () => verbs.deployment.requests.filter((request) => request.path.includes('/state')).length;
      verbs.ui.answers(press());
      await verbs.run('showState', verbs.id('archive'));
      verbs.ui.answers(press('Save As…'), () => undefined);
      await verbs.run('showState', verbs.id('archive'));
      assert.deepEqual([asked(), verbs.ui.texts, verbs.ui.toasts], [0, [], []]);
      assert.match(verbs.ui.questions[0]?.title ?? '', /can contain passwords and keys in plain text/);
      verbs.ui.answers(press('Open Read-Only'));
      await verbs.run('showState', verbs.id('archive'));
      assert.equal(verbs.ui.texts[0]?.text, '{"secret":"s3cr3t"}');
      assert.equal(asked(), 1);
      assert.deepEqual(verbs.errors, []);
    });

    test('is saved byte for byte, to be read by its owner alone', async () => {
      const bytes = '\u0000\u0001 not JSON \u00e9';
      const verbs = await withState(bytes);
      const file = path.join(folder, `${age}.tfstate`);
      await writeFile(file, 'before', { mode: 0o644 });
      verbs.ui.answers(press('Save As…'), () => ({ save: (given: Uint8Array) => writePrivateFile(file, given) }));
      await verbs.run('showState', verbs.id('archive'));
      assert.equal(await readFile(file, 'utf8'), bytes);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.ok(!(await readdir(folder)).some((name) => name.endsWith('.tmp')));
    });

    test('that cannot be written leaves what was there, says so, and leaves no half file', async () => {
      const verbs = await withState('{}');
      const missing = path.join(folder, 'no', 'such', 'folder');
      verbs.ui.answers(press('Save As…'), () => ({ save: (given: Uint8Array) => writePrivateFile(missing, given) }));
      await verbs.run('showState', verbs.id('archive'));
      assert.match(verbs.ui.said.join(), /^Couldn't save the provisioner state\. ENOENT/);
      assert.ok(!(await readdir(folder)).some((name) => name.endsWith('.tmp')));
    });

    test('that is empty, or refused, is said to be in one sentence', async () => {
      const verbs = await withState('');
      verbs.ui.answers(press('Open Read-Only'));
      await verbs.run('showState', verbs.id('archive'));
      assert.deepEqual(verbs.ui.texts, []);
      assert.match(verbs.ui.said.join(), /^Build #\d+ has no provisioner state\.$/);
      // To whoever may not change the template, V2 says that there is none (contract 2.13).
      const workspace = verbs.known('archive');
      const hidden = { ...workspace.latest_build, id: workspace.id as string as BuildId };
      const target = { session: verbs.session, workspace, signal: soon() };
      verbs.ui.answers(press('Open Read-Only'));
      await assert.rejects(
        showStateOf(verbs.context, target, hidden),
        /The build doesn't exist, or you don't have permission to see its state\./,
      );
      assert.deepEqual(verbs.ui.texts, []);
    });
  });
}
