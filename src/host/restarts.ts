import type { Memento } from 'vscode';
import { inBackground } from '../api/errors.ts';
import type { BuildId } from '../api/units.ts';
import { Variable, type Observable } from '../model/observable.ts';

const KEY = 'restarts';
const KEPT = 20;

/** Restarts in progress, by their stop build. An interrupted restart is shown but never continued by itself. */
export interface Restarts {
  /** Interrupted ones: the window was closed, or the start was rejected. */
  readonly left: Observable<readonly BuildId[]>;
  begun(stop: BuildId): void;
  ended(stop: BuildId): void;
  interrupted(stop: BuildId): void;
  /** What other windows have begun, ended or left meanwhile: VS Code hands it over, and does not tell that it has. */
  reread(): void;
}

export function createRestarts(memento: Memento, logError: (error: unknown) => void): Restarts {
  const read = (): BuildId[] => {
    const value = memento.get<unknown>(KEY);
    return Array.isArray(value) ? value.filter((each): each is BuildId => typeof each === 'string').slice(0, KEPT) : [];
  };
  const write = (change: (others: BuildId[]) => BuildId[], stop: BuildId) =>
    inBackground(memento.update(KEY, change(read().filter((each) => each !== stop)).slice(0, KEPT)), logError);
  const left = new Variable<readonly BuildId[]>(read());
  /** Restarts in progress in this window. */
  const own = new Set<BuildId>();
  return {
    left,
    begun: (stop) => {
      own.add(stop);
      write((others) => [stop, ...others], stop);
    },
    ended: (stop) => {
      own.delete(stop);
      write((others) => others, stop);
    },
    interrupted: (stop) => {
      own.delete(stop);
      left.set([...left.value, stop]);
    },
    reread: () => {
      const now = read().filter((stop) => !own.has(stop));
      if (now.join() !== left.value.join()) left.set(now);
    },
  };
}
