import { inBackground } from '../api/errors.ts';
import { Variable, type Observable } from '../model/observable.ts';
import { TaskQueue } from '../model/taskQueue.ts';
import type { SharedNames } from './sharedNames.ts';

/** Restarts in progress, by their stop (`restartedStop`). An interrupted restart is shown but never continued by itself. */
export interface Restarts {
  /** Interrupted ones: the window was closed, or the start was rejected. */
  readonly left: Observable<readonly string[]>;
  /** Resolves when it is on record, or can't be. */
  begun(stop: string): Promise<void>;
  /** Resolves when it isn't any more. */
  ended(stop: string): Promise<void>;
  interrupted(stop: string): void;
  /** What other windows have begun, ended or left meanwhile. */
  reread(): void;
}

/** How many of them are kept, for all windows. */
export const KEPT_RESTARTS = 20;

export function createRestarts(shared: SharedNames, logError: (error: unknown) => void): Restarts {
  const left = new Variable<readonly string[]>([]);
  /** Restarts in progress in this window. */
  const own = new Set<string>();
  const tasks = new TaskQueue();
  /** One after the other: what is ended was begun. */
  const next = (work: () => Promise<void>): Promise<void> => tasks.run(work).catch(logError);
  const set = (stops: readonly string[]): void => {
    if (stops.join() !== left.value.join()) left.set(stops);
  };
  const reread = (): void => {
    const work = next(async () => {
      const stops = await shared.read();
      set(stops.filter((stop) => !own.has(stop)));
    });
    inBackground(work, logError);
  };
  reread();
  return {
    left,
    reread,
    begun: (stop) => {
      own.add(stop);
      return next(() => shared.add(stop));
    },
    ended: (stop) => {
      set(left.value.filter((each) => each !== stop));
      return next(async () => {
        await shared.remove(stop);
        own.delete(stop);
      });
    },
    interrupted: (stop) => {
      own.delete(stop);
      set([...left.value, stop]);
    },
  };
}
