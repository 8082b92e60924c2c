import assert from 'node:assert/strict';
import { sleep } from '../../../src/api/abort.ts';
import * as builds from '../../../src/api/builds.ts';
import type { BuildLogEvent } from '../../../src/api/logs.ts';
import type { Build, Workspace } from '../../../src/api/schemas/workspaces.ts';
import type { Milliseconds } from '../../../src/api/units.ts';
import { isOfKind } from '../../../src/api/errors.ts';
import { Skip, skip } from '../check.ts';
import { lastEvent } from '../logEvents.ts';
import type { CheckContext } from '../checkContext.ts';

/** So many builds at once are asked of a deployment, and no more: others want to work, too. */
const MOST_BUILDS = 6;

const TAKEN_UP = 'the build that waited was taken up before it could be canceled';

interface Canceled {
  readonly build: Build;
  /** What a follower of its log heard. */
  readonly events: readonly BuildLogEvent[];
}

/**
 * Occupies every worker with builds that go on, so that the next one has to wait, and cancels that one.
 * @throws Skip if nothing ever waits
 */
export const canceledWhileQueued = (context: CheckContext): Promise<Canceled> =>
  context.workspaces.keep('canceled while queued', async () => {
    const { templates, isSiteOwner } = context.facts;
    const role = templates.has('hang') ? 'hang' : 'no-cancel';
    context.workspaces.template(role);
    if (role === 'no-cancel' && !isSiteOwner) skip('only the template that forbids to cancel takes long enough');
    const made: Workspace[] = [];
    try {
      while (made.length < MOST_BUILDS) {
        const workspace = await context.workspaces.make(role);
        made.push(workspace);
        if (await waits(context, workspace)) return await cancelAndFollow(context, workspace);
      }
      return skip(`${MOST_BUILDS} builds at once, and none had to wait`);
    } finally {
      await release(context, made);
    }
  });

/** Whether nobody takes it up. */
const waits = async (
  { client, limits, signal }: CheckContext,
  { latest_build: build }: Workspace,
): Promise<boolean> => {
  const endsAt = Date.now() + limits.queueMs;
  for (;;) {
    if ((await builds.get(client.calls, build.id, signal)).job.status !== 'pending') return false;
    if (Date.now() > endsAt) return true;
    await sleep(limits.firstLookMs as Milliseconds, signal);
  }
};

const cancelAndFollow = async (context: CheckContext, { latest_build: queued }: Workspace): Promise<Canceled> => {
  const { client, signal } = context;
  const following = new AbortController();
  const events: BuildLogEvent[] = [];
  const followed = (async () => {
    for await (const event of context.follow(queued.id, client, AbortSignal.any([signal, following.signal]))) {
      events.push(event);
    }
  })();
  // It may be lost before anybody waits for it; whoever waits hears of it.
  followed.catch(() => undefined);
  try {
    await builds.cancel(client.calls, queued.id, { expectStatus: 'pending' }, signal).catch((error: unknown) => {
      throw isOfKind(error, 'notNow') ? new Skip(TAKEN_UP) : error;
    });
    const build = await builds.get(client.calls, queued.id, signal);
    // The document's age cancels it all the same; its end is that of a build that ran.
    if (build.status === 'canceling') skip(TAKEN_UP);
    await followed;
    assert.equal(lastEvent(events).kind, 'ended');
    return { build, events };
  } finally {
    following.abort();
    await followed.catch(() => undefined);
  }
};

/** Gives the workers back. One that may not be canceled ends by itself. */
const release = async ({ client, signal, workspaces }: CheckContext, made: readonly Workspace[]): Promise<void> => {
  for (const { latest_build: build } of made)
    await builds.cancel(client.calls, build.id, {}, signal).catch(() => undefined);
  for (const { latest_build: build } of made) await workspaces.ended(build.id, signal).catch(() => undefined);
};
