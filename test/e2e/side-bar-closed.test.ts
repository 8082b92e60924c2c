// The view is never opened: what is to be told is told all the same, in the status bar and by notices.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { startDeployment, type AgeName, type Deployment } from '../deployment/index.ts';
import { latestBuild } from '../deployment/store.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { signIn } from './actions.ts';
import { openPackaged, scenariosIn } from './scenario.ts';

const deadlineItem = 'coderWorkspaces.deadline';
const MINUTE_MS = 60_000;

// Each age waits for most of a minute. One window waits for both in turn: a second one would compute for its start.
describe('With the side bar closed', () => {
  let workbench: Workbench | undefined;
  after(() => workbench?.close());

  for (const age of ['v2', 'v0'] satisfies AgeName[]) {
    describe(`on ${age}`, () => {
      let coder: Deployment;
      let name: string;
      before(async () => {
        coder = await startDeployment({ age, workspaces: 1, running: 0, speed: 4 });
        if (workbench === undefined) workbench = await openPackaged(coder);
        else await signIn(workbench, coder.url);
        name = [...coder.store.workspaces.values()].find((each) => each.ownerId === coder.users.owner.id)?.name ?? '';
      });
      after(() => coder.close());

      const window = (): Workbench => workbench ?? assert.fail('no window was opened');
      const scenario = scenariosIn(window);

      scenario(
        'a workspace that somebody starts elsewhere is counted down within a minute',
        `closed-started-${age}`,
        async () => {
          await eventually('the extension has read its workspaces', () =>
            Promise.resolve(coder.requests.some(({ path }) => path.includes('/workspaces?'))),
          );
          assert.equal(await window().statusItem(deadlineItem), undefined, 'nothing runs yet');
          const { calls } = new CoderClient({ url: coder.url, token: coder.token });
          const id = coder.workspace(`owner/${name}`).id as WorkspaceId;
          await workspaces.createBuild(calls, id, { transition: 'start' }, AbortSignal.timeout(10_000));
          const item = await eventually('the countdown', () => window().statusItem(deadlineItem), {
            timeoutMs: 2 * MINUTE_MS,
          });
          assert.match(item.text, /\d+ (h|min)/);
          assert.match(item.ariaLabel, new RegExp(name));
        },
      );

      scenario('its autostop is told, though nobody looks at the rows', `closed-autostop-${age}`, async () => {
        const { deadline = 0 } = latestBuild(coder.workspace(`owner/${name}`));
        assert.ok(deadline > 0, 'it has a deadline');
        coder.advance(deadline - Date.now() + 1_000);
        const notice = await window().notifications.waitFor(new RegExp(`^${name} was stopped by autostop\\.$`), {
          timeoutMs: 2 * MINUTE_MS,
        });
        assert.deepEqual(notice.buttons, ['Start', "Don't Show Again"]);
        assert.equal(await window().tree.row(name), undefined, 'the view was never opened');
        await window().notifications.dismissAll();
      });
    });
  }
});
