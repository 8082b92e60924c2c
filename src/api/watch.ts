import { LinkedController, sleep } from './abort.ts';
import { route } from './address.ts';
import { reported } from './answer.ts';
import { AsyncQueue } from './asyncQueue.ts';
import type { Calls } from './calls.ts';
import { ApiError, inBackground, isOfKind } from './errors.ts';
import * as operations from './operations.ts';
import { Workspace } from './schemas/workspaces.ts';
import { serverFrames } from './serverFrames.ts';
import type { Milliseconds, WorkspaceId } from './units.ts';

/** `open`: no change is missed from here on. `error`: an error frame; the stream continues. */
export type WatchEvent =
  | { readonly kind: 'open' }
  | { readonly kind: 'workspace'; readonly workspace: Workspace }
  | { readonly kind: 'error'; readonly error: ApiError };

/** How long the first workspace may take to come by itself before it is read: where it comes, and where that is not known. */
const SNAPSHOT_WITHIN_MS = 5_000 as Milliseconds;
const UNPROMISED_SNAPSHOT_WITHIN_MS = 150 as Milliseconds;

/**
 * One workspace as it changes: `GET /workspaces/{id}/watch`, and where that route is unknown `…/watch-ws` (contract
 * 1.9, 3.1, 3.2). The first workspace comes by itself in both ages. Payloads that cannot be read are `error` events.
 *
 * `isRefused`: as in `StreamRoutes`. Ends only by throwing: ApiError when refused or lost, the signal's reason when aborted. Reconnecting is up to the
 * caller.
 */
export async function* watchWorkspace(
  calls: Calls,
  id: WorkspaceId,
  signal: AbortSignal,
  isRefused?: boolean,
): AsyncGenerator<WatchEvent, never> {
  const leaving = new LinkedController(signal);
  const queue = new AsyncQueue<WatchEvent>();
  relay(calls, id, queue, leaving.signal, isRefused).catch((error: unknown) => queue.fail(error));
  try {
    for (;;) yield* await queue.take();
  } finally {
    leaving.abort();
  }
}

const relay = async (
  calls: Calls,
  id: WorkspaceId,
  queue: AsyncQueue<WatchEvent>,
  signal: AbortSignal,
  isRefused?: boolean,
) => {
  const where = { operation: operations.watchWorkspace, host: calls.transport.url.host } as const;
  const path = route`/workspaces/${id}/watch`;
  const snapshot = new LinkedController(signal);
  try {
    const routes = { operation: where.operation, events: path, socket: `${path}-ws`, isRefused };
    for await (const frame of serverFrames(calls, routes, signal)) {
      if (frame.kind === 'alive') {
        queue.push({ kind: 'open' });
        inBackground(fetchSnapshot(calls, id, queue, snapshot.signal), (error) => queue.fail(error));
      } else if (frame.kind === 'error') {
        queue.push({ kind: 'error', error: reported(frame.value, where) });
      } else {
        const workspace = Workspace.tryParse(frame.value);
        // Newer than whatever is being fetched.
        if (workspace !== undefined) snapshot.abort();
        queue.push(
          workspace === undefined
            ? { kind: 'error', error: new ApiError({ ...where, kind: 'unreadable' }) }
            : { kind: 'workspace', workspace },
        );
      }
    }
  } finally {
    snapshot.abort();
  }
};

const fetchSnapshot = async (calls: Calls, id: WorkspaceId, queue: AsyncQueue<WatchEvent>, signal: AbortSignal) => {
  try {
    const isPromised = calls.features.streamsBeginWithSnapshot === true;
    await sleep(isPromised ? SNAPSHOT_WITHIN_MS : UNPROMISED_SNAPSHOT_WITHIN_MS, signal);
    const path = route`/workspaces/${id}`;
    const workspace = await calls.read(operations.getWorkspace, path, Workspace.parse, signal);
    queue.push({ kind: 'workspace', workspace });
  } catch (error) {
    if (signal.aborted) return;
    // Without a snapshot, changes from before the stream opened may be missing: the caller reopens it.
    if (!isOfKind(error, 'unreadable')) throw error;
    queue.push({ kind: 'error', error });
  }
};
