import { onAbort } from '../api/abort.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import type { Observable } from './observable.ts';
import type { Ready, State } from './state.ts';

/**
 * Resolves to the workspace as soon as it satisfies `isSo`; `isSo` gets `undefined` if it no longer exists. Waits on while
 * the deployment is unavailable. Rejects with the reason of whichever signal aborts.
 */
export const waitForFact = async (
  state: Observable<State>,
  id: WorkspaceId,
  isSo: (workspace: Workspace | undefined) => boolean,
  signals: readonly AbortSignal[],
): Promise<Workspace | undefined> => {
  const { workspaces } = await waitForReady(state, (ready) => isSo(ready.workspaces.get(id)), signals);
  return workspaces.get(id);
};

/** Resolves to the state as soon as it is ready and satisfies `isSo`. Rejects with the reason of whichever signal aborts. */
export const waitForReady = (
  state: Observable<State>,
  isSo: (ready: Ready) => boolean,
  signals: readonly AbortSignal[],
): Promise<Ready> =>
  waitUntil(state, (current): current is Ready => current.kind === 'ready' && isSo(current), signals);

/** Resolves to the value as soon as it satisfies `isSo`. Rejects with the reason of whichever signal aborts. */
export const waitUntil = <T, Wanted extends T>(
  observable: Observable<T>,
  isSo: (value: T) => value is Wanted,
  signals: readonly AbortSignal[] = [],
): Promise<Wanted> =>
  new Promise((resolve, reject) => {
    const leave = (): void => {
      subscription.dispose();
      for (const stopListening of listening) stopListening();
    };
    const stop = (): void => {
      leave();
      reject(signals.find((signal) => signal.aborted)?.reason as Error);
    };
    const look = (value: T): void => {
      if (!isSo(value)) return;
      leave();
      resolve(value);
    };
    const subscription = observable.subscribe(look);
    const listening = signals.map((signal) => onAbort(signal, stop));
    if (signals.some((signal) => signal.aborted)) stop();
    else look(observable.value);
  });
