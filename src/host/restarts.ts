import type { Memento } from 'vscode';
import { inBackground } from '../api/errors.ts';
import type { BuildId } from '../api/units.ts';
import { Variable, type Observable } from '../model/observable.ts';

const KEY = 'restarts';
const KEPT = 20;

/** Stops that a start of ours was to follow. Nothing is started later without being asked: it is only told. */
export interface Restarts {
  /** Those after which nobody went on: a window was closed, or the start was refused. */
  readonly left: Observable<readonly BuildId[]>;
  begun(stop: BuildId): void;
  ended(stop: BuildId): void;
  interrupted(stop: BuildId): void;
}

export function createRestarts(memento: Memento, logError: (error: unknown) => void): Restarts {
  const read = (): BuildId[] => {
    const value = memento.get<unknown>(KEY);
    return Array.isArray(value) ? value.filter((each): each is BuildId => typeof each === 'string').slice(0, KEPT) : [];
  };
  const write = (change: (others: BuildId[]) => BuildId[], stop: BuildId) =>
    inBackground(memento.update(KEY, change(read().filter((each) => each !== stop)).slice(0, KEPT)), logError);
  const left = new Variable<readonly BuildId[]>(read());
  return {
    left,
    begun: (stop) => write((others) => [stop, ...others], stop),
    ended: (stop) => write((others) => others, stop),
    interrupted: (stop) => left.set([...left.value, stop]),
  };
}
