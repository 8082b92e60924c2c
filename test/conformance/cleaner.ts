import * as builds from '../../src/api/builds.ts';
import type { CoderClient } from '../../src/api/client.ts';
import { ApiError } from '../../src/api/errors.ts';
import { hasEnded } from '../../src/api/buildEnd.ts';
import type { Build } from '../../src/api/schemas/workspaces.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import type { Ledger } from './ledger.ts';
import type { Limits } from './limits.ts';
import { poll } from './poll.ts';

const MOST_DELETES = 3;

/**
 * Deletes whatever the run has made: builds under way are canceled, or waited for where that is not allowed.
 * @returns the names of those that are left
 */
export const clean = async (
  client: CoderClient,
  ledger: Ledger,
  limits: Limits,
  signal: AbortSignal,
): Promise<string[]> => {
  await findUnanswered(client, ledger, limits, signal);
  const left = await Promise.all(
    [...ledger.made].map(async ([id, name]) => ((await isGone(client, id, limits, signal)) ? [] : [name])),
  );
  return [...left.flat(), ...ledger.unanswered];
};

/** A request that was stopped on its way may still have been carried out. */
const findUnanswered = async (
  client: CoderClient,
  ledger: Ledger,
  limits: Limits,
  signal: AbortSignal,
): Promise<void> => {
  for (const name of ledger.unanswered) {
    try {
      const found = await poll(name, limits.queueMs, limits, signal, () => byName(client, name, signal));
      ledger.add(found);
    } catch (error) {
      if (signal.aborted || error instanceof ApiError) return;
      // Looked for long enough: it was never made.
      ledger.forget(name);
    }
  }
};

const byName = async (client: CoderClient, name: string, signal: AbortSignal) => {
  try {
    return await workspaces.getByOwnerAndName(client.calls, 'me', name, {}, signal);
  } catch (error) {
    if (error instanceof ApiError && error.kind === 'notFound') return undefined;
    throw error;
  }
};

const isGone = async (client: CoderClient, id: WorkspaceId, limits: Limits, signal: AbortSignal): Promise<boolean> => {
  let canceled: string | undefined;
  let deletes = 0;
  const step = async (): Promise<boolean | undefined> => {
    const build = await latestBuild(client, id, signal);
    if (build === undefined) return true;
    if (!hasEnded(build)) {
      if (canceled !== build.id && build.transition !== 'delete') {
        canceled = build.id;
        await builds.cancel(client.calls, build.id, {}, signal);
      }
      return undefined;
    }
    if (deletes === MOST_DELETES) return false;
    deletes += 1;
    await workspaces.createBuild(client.calls, id, { transition: 'delete' }, signal);
    return undefined;
  };
  try {
    return await poll('the end of a workspace', limits.cleanMs, limits, signal, async () => {
      try {
        return await step();
      } catch (error) {
        // It moved on meanwhile, or the connection was lost: the next look tells.
        if (error instanceof ApiError && error.kind !== 'unauthorized') return undefined;
        throw error;
      }
    });
  } catch {
    return false;
  }
};

/** `undefined` once the workspace is gone. */
const latestBuild = async (client: CoderClient, id: WorkspaceId, signal: AbortSignal): Promise<Build | undefined> => {
  try {
    return (await workspaces.get(client.calls, id, {}, signal)).latest_build;
  } catch (error) {
    if (error instanceof ApiError && (error.kind === 'gone' || error.kind === 'notFound')) return undefined;
    throw error;
  }
};
