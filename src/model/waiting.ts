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
  new Promise((resolve, reject) => {
    const leave = (): void => {
      subscription.dispose();
      for (const signal of signals) signal.removeEventListener('abort', stop);
    };
    const stop = (): void => {
      leave();
      reject(signals.find((signal) => signal.aborted)?.reason as Error);
    };
    const look = (current: State): void => {
      if (current.kind !== 'ready' || !isSo(current)) return;
      leave();
      resolve(current);
    };
    const subscription = state.subscribe(look);
    for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
    if (signals.some((signal) => signal.aborted)) stop();
    else look(state.value);
  });
