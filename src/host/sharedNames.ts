import type { SharedFolder } from './sharedFolder.ts';

/** Names that all windows share; the newest first. */
export interface SharedNames {
  read(): Promise<readonly string[]>;
  add(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** The newest `kept` names. @throws as `SharedFolder`, from `add` and `remove` */
export function createSharedNames(shared: SharedFolder, kept: number): SharedNames {
  const read = async (): Promise<readonly string[]> => (await shared.list()).map(({ name }) => name);
  return {
    read,
    remove: (name) => shared.remove(name),
    add: async (name) => {
      await shared.write(name);
      for (const old of (await read()).slice(kept)) await shared.remove(old);
    },
  };
}
