import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as workspaces from '../../src/api/workspaces.ts';
import * as workspaceSettings from '../../src/api/workspaceSettings.ts';
import { latestBuild } from '../deployment/store.ts';
import { choose, press, type as enter, type Answer } from '../scriptedUi.ts';
import { ages, createWorkspace, soon } from './client-fixture.ts';
import { publishFor, stored } from './newer-version.ts';
import { passUntil, statusOf, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

/** A verb that asks, on a workspace that changes its name or is replaced while it does. */
interface Case {
  readonly verb: string;
  readonly name: string;
  readonly answers: readonly Answer[];
  /** What is said of `renamed` afterwards. */
  readonly said: RegExp;
  readonly isDone: (verbs: VerbFixture, id: string) => boolean;
  readonly before?: (verbs: VerbFixture) => Promise<unknown>;
  readonly onlyV2?: true;
}

const latest = (verbs: VerbFixture, id: string) => {
  const workspace = verbs.deployment.store.workspaces.get(id);
  assert.ok(workspace, 'it is still there');
  return latestBuild(workspace);
};

const CASES: readonly Case[] = [
  {
    verb: 'stop',
    name: 'web',
    answers: [press('Stop')],
    said: /^renamed stopped in /,
    isDone: (verbs, id) => latest(verbs, id).transition === 'stop',
  },
  {
    verb: 'restart',
    name: 'web',
    answers: [press('Restart')],
    said: /^renamed restarted in /,
    isDone: (verbs, id) => latest(verbs, id).number === 3,
  },
  {
    verb: 'update',
    name: 'docs-site',
    answers: [press('Restart')],
    said: /^renamed started in .* with the template version /,
    isDone: (verbs, id) => latest(verbs, id).transition === 'start' && latest(verbs, id).number > 1,
  },
  {
    verb: 'changeVersion',
    name: 'archive',
    answers: [(question) => ('rows' in question ? question.rows[0]?.value : undefined)],
    before: (verbs) => publishFor(verbs, 'archive'),
    said: /^renamed started in .* with the template version newer/,
    isDone: (verbs, id) => latest(verbs, id).transition === 'start',
  },
  {
    verb: 'retryBuild',
    name: 'broken',
    answers: [choose('Clean up')],
    said: /renamed /,
    isDone: (verbs, id) => latest(verbs, id).transition === 'stop',
  },
  {
    verb: 'delete',
    name: 'archive',
    answers: [enter('archive')],
    said: /^renamed was deleted in /,
    isDone: (verbs, id) => latest(verbs, id).transition === 'delete',
  },
  {
    verb: 'cancel',
    name: 'warming-up',
    answers: [press('Cancel Build')],
    said: /The start of renamed was canceled\./,
    isDone: (verbs, id) => latest(verbs, id).job.canceledAt !== undefined,
  },
  {
    verb: 'setAutostart',
    name: 'notebook',
    answers: [enter('Mon 7:15 UTC')],
    said: /^Autostart for renamed: Mon 07:15/,
    isDone: (verbs, id) => verbs.deployment.store.workspaces.get(id)?.autostartSchedule === 'CRON_TZ=UTC 15 7 * * 1',
  },
  {
    verb: 'setTtl',
    name: 'archive',
    answers: [choose('2 h')],
    said: /^renamed stops 2 h after each start\./,
    isDone: (verbs, id) => verbs.deployment.store.workspaces.get(id)?.ttlMs === 7_200_000,
  },
  {
    verb: 'extend',
    name: 'notebook',
    answers: [(question) => ('rows' in question ? question.rows[1]?.value : undefined)],
    said: /^renamed now stops at /,
    isDone: (verbs) => verbs.writes().some((each) => each.endsWith('/extend')),
  },
  {
    verb: 'setAutomaticUpdates',
    name: 'archive',
    answers: [choose('Always')],
    said: /^renamed is updated automatically at each start\./,
    isDone: (verbs) => verbs.writes().some((each) => each.endsWith('/autoupdates')),
    onlyV2: true,
  },
  {
    verb: 'sleep',
    name: 'archive',
    answers: [press('Make Dormant')],
    said: /^renamed is now dormant\./,
    isDone: (verbs, id) => verbs.deployment.store.workspaces.get(id)?.dormantAt !== undefined,
    onlyV2: true,
  },
];

/** The first question is answered after `change`. */
const answersAfter = ({ answers }: Case, change: () => Promise<unknown>): Answer[] =>
  answers.map((answer, index) =>
    index > 0
      ? answer
      : async (question) => {
          await change();
          return answer(question);
        },
  );

for (const age of ages) {
  describe(`what was chosen, while it is asked about (${age})`, () => {
    for (const each of CASES.filter(({ onlyV2 }) => age === 'v2' || onlyV2 === undefined)) {
      const { verb, name, said, isDone, before } = each;

      test(`${verb}: renamed meanwhile, it is acted upon and told by its new name`, async () => {
        const verbs = await verbsOn({ age, allowRenames: true }, ALL_STREAMS);
        const id = verbs.id(name);
        await before?.(verbs);
        verbs.ui.standing.set('renamed: debug', enter(''));
        verbs.ui.answers(
          ...answersAfter(each, async () => {
            await workspaceSettings.rename(verbs.other.calls, id, 'renamed', soon());
            // Another takes the old name.
            await createWorkspace(verbs.other, 'slow', name);
            await verbs.session.refetch(id);
            await until('its new name is known', () => statusOf(verbs.session, 'renamed') !== undefined);
          }),
        );
        await verbs.run(verb, id);
        assert.match(verbs.ui.said.at(-1) ?? '', said);
        assert.ok(isDone(verbs, id), 'it was done to the one that was chosen');
        const other = verbs.deployment.workspace(`owner/${name}`);
        assert.notEqual(other.id, id);
        assert.equal(other.builds.length, 1, 'nothing was done to the other one');
        assert.deepEqual([other.autostartSchedule, other.dormantAt], [undefined, undefined]);
      });

      test(`${verb}: deleted and made anew meanwhile, neither is acted upon`, async () => {
        const verbs = await verbsOn({ age }, ALL_STREAMS);
        const id = verbs.id(name);
        await before?.(verbs);
        const workspace = stored(verbs, name);
        verbs.ui.answers(
          ...answersAfter(each, async () => {
            if (verb === 'cancel') {
              const { job } = latestBuild(workspace);
              job.completedAt = verbs.deployment.store.clock.now();
            }
            await workspaces.createBuild(verbs.other.calls, id, { transition: 'delete' }, soon());
            await passUntil(verbs.timing, 'it is gone', () => statusOf(verbs.session, name) === undefined);
            verbs.session.adopt(await createWorkspace(verbs.other, 'slow', name));
            await until('the new one runs', () => statusOf(verbs.session, name) === 'running');
          }),
        );
        await verbs.run(verb, id);
        assert.match(verbs.ui.said.join(), new RegExp(`^${name} (?:is deleted\\.$|no longer exists)`));
        const other = stored(verbs, name);
        assert.equal(other.builds.length, 1);
        assert.ok(
          verbs.deployment.requests.every(({ method, path }) => method === 'GET' || !path.includes(other.id)),
          'nothing was sent to the new one',
        );
      });
    }
  });
}
