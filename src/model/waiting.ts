import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import type { Observable } from './observable.ts';
import type { State } from './state.ts';

/**
 * Ends with the workspace as soon as what is known of it satisfies `isSo`; `undefined` stands for one that is gone.
 * While the deployment is away nothing is known and the wait goes on. Rejects with the reason of whichever signal aborts.
 */
export const waitForFact = (
  state: Observable<State>,
  id: WorkspaceId,
  isSo: (workspace: Workspace | undefined) => boolean,
  signals: readonly AbortSignal[],
): Promise<Workspace | undefined> =>
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
      if (current.kind !== 'ready') return;
      const workspace = current.workspaces.get(id);
      if (!isSo(workspace)) return;
      leave();
      resolve(workspace);
    };
    const subscription = state.subscribe(look);
    for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
    if (signals.some((signal) => signal.aborted)) stop();
    else look(state.value);
  });
