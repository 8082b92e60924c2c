import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import type { Observable } from './observable.ts';
import type { Ready, State } from './state.ts';

/**
 * Ends with the workspace as soon as what is known of it satisfies `isSo`; `undefined` stands for one that is gone.
 * While the deployment is away nothing is known and the wait goes on. Rejects with the reason of whichever signal aborts.
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

/** Ends with the state as soon as it is ready and satisfies `isSo`. Rejects with the reason of whichever signal aborts. */
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
