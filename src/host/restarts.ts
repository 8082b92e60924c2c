import type { BuildId } from '../api/units.ts';
import { Variable, type Observable } from '../model/observable.ts';
import type { SharedNames } from './sharedNames.ts';

/** Restarts in progress, by their stop build. An interrupted restart is shown but never continued by itself. */
export interface Restarts {
  /** Interrupted ones: the window was closed, or the start was rejected. */
  readonly left: Observable<readonly BuildId[]>;
  begun(stop: BuildId): void;
  ended(stop: BuildId): void;
  interrupted(stop: BuildId): void;
  /** What other windows have begun, ended or left meanwhile. */
  reread(): void;
}

/** How many of them are kept, for all windows. */
export const KEPT_RESTARTS = 20;

export function createRestarts(shared: SharedNames, logError: (error: unknown) => void): Restarts {
  const left = new Variable<readonly BuildId[]>([]);
  /** Restarts in progress in this window. */
  const own = new Set<string>();
  let before: Promise<unknown> = Promise.resolve();
  /** One after the other: what is ended was begun. */
  const next = (work: () => Promise<unknown>): void => {
    before = before.then(work).catch(logError);
  };
  const set = (stops: readonly BuildId[]): void => {
    if (stops.join() !== left.value.join()) left.set(stops);
  };
  const reread = (): void =>
    next(async () => {
      const stops = await shared.read();
      set(stops.filter((stop): stop is BuildId => !own.has(stop)));
    });
  reread();
  return {
    left,
    reread,
    begun: (stop) => {
      own.add(stop);
      next(() => shared.add(stop));
    },
    ended: (stop) => {
      next(async () => {
        await shared.remove(stop);
        own.delete(stop);
      });
      set(left.value.filter((each) => each !== stop));
    },
    interrupted: (stop) => {
      own.delete(stop);
      set([...left.value, stop]);
    },
  };
}
