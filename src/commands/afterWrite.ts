import * as l10n from '@vscode/l10n';
import { sleep } from '../api/abort.ts';
import { retryDelayMs } from '../api/backOff.ts';
import { ApiError, isOfKind } from '../api/errors.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import * as workspaces from '../api/workspaces.ts';
import { accessOf } from '../model/access.ts';
import { outcomeSentence } from '../model/outcome.ts';
import type { Session } from '../model/session.ts';
import { noLongerExists, notPermitted, Refusal } from './refusal.ts';
import { orNothing, type Target } from './target.ts';

// After a write. A write is sent once; its effect is read from the server, never guessed.

/** Errors that may be caused by a change not known here yet. */
const OVERTAKEN = ['conflict', 'notNow', 'invalid', 'gone', 'notFound'] as const;

/** Whether the outcome of a write is unknown: its response was lost and reading its effect failed, too. */
export const isUnconfirmed = (error: unknown): error is ApiError => error instanceof ApiError && error.maybeDone;

/**
 * Reads the workspace after a write was rejected with `error`. Throws `error` if it can't be caused by a change, or if the
 * workspace can't be read; throws a `Refusal` if the workspace is deleted or no longer visible.
 */
export async function rereadAfter(error: unknown, target: Target): Promise<Workspace> {
  const { session, workspace, signal } = target;
  // V2's response to a write that its database doesn't permit (contract 2.10; 2.14, Shared workspaces).
  const mayBeForbidden = error instanceof ApiError && error.status === 500;
  if (mayBeForbidden && !mayDoAll(target)) throw notPermitted(workspace);
  if (!mayBeForbidden && !isOfKind(error, ...OVERTAKEN)) throw error;
  let now: Workspace | undefined;
  try {
    now = (await session.refetch(workspace.id, signal)) ?? (await readDeleted(target));
  } catch {
    signal.throwIfAborted();
    throw error;
  }
  if (now === undefined) throw noLongerExists(workspace);
  if (now.latest_build.status === 'deleted') throw new Refusal(l10n.t('{0} is deleted.', now.name));
  return now;
}

/**
 * Reads the workspace, even a deleted one, and waits until the deployment is available. Rejects with the signal's reason, and
 * with a `Refusal` if the workspace is no longer visible.
 */
export async function rereadOnceBack(target: Target): Promise<Workspace> {
  const { session, workspace, signal } = target;
  const ready = await session.readAgain(signal);
  const now = ready.workspaces.get(workspace.id) ?? (await readDeleted(target));
  if (now === undefined) throw noLongerExists(workspace);
  return now;
}

/** What to say where `build`, of somebody else, has ended in place of the one that was asked for. */
export const anotherFirst = (name: string, build: Build): string =>
  l10n.t('Another build of {0} started first. {1}', name, outcomeSentence(name, build));

/** Reads a workspace outside the list; `undefined`: it isn't visible. */
const readDeleted = ({ session, workspace, signal }: Target): Promise<Workspace | undefined> =>
  orNothing(workspaces.get(session.calls, workspace.id, { includeDeleted: true }, signal));

const mayDoAll = ({ session: { state }, workspace }: Target): boolean =>
  state.value.kind !== 'ready' || ['own', 'site'].includes(accessOf(workspace, state.value.user));

/** Throws `error` unless only a read has failed, after which it isn't known what came of a write. */
export async function unlessUnread(error: unknown, session: Session): Promise<void> {
  if (!(error instanceof ApiError) || (await session.noticed(error))) throw error;
}

const READS = 4;

/**
 * What `read` gives, when the deployment is back where it is away, and again after a while where only this read fails.
 * @throws ApiError
 */
export async function readOnceBack<T>(
  { session, signal }: Pick<Target, 'session' | 'signal'>,
  read: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let reads = 1; ; reads += 1) {
    try {
      return await read(signal);
    } catch (error) {
      if (!(error instanceof ApiError) || isOfKind(error, ...OVERTAKEN) || reads === READS) throw error;
      if (await session.noticed(error)) throw error;
      await sleep(retryDelayMs(error, reads, Math.random()), signal);
      await session.readAgain(signal);
    }
  }
}
