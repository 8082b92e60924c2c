import type { SharedNames } from '../src/host/sharedNames.ts';

/** What all windows share, in memory. */
export function sharedNames(): SharedNames & {
  /** Resolves when what was asked for before is done. */
  settled(): Promise<void>;
} {
  const names: string[] = [];
  return {
    read: () => Promise.resolve([...names]),
    add: (name) => Promise.resolve(void names.unshift(name)),
    remove: (name) => {
      const index = names.indexOf(name);
      if (index >= 0) names.splice(index, 1);
      return Promise.resolve();
    },
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
