// A local deployment in a process of its own, at a distance, so that serving is no part of what is measured.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AgeName } from '../deployment/index.ts';
import type { Traffic } from './relay.ts';

export interface FarOptions {
  readonly age: AgeName;
  readonly workspaces: number;
  /** So many of them run. */
  readonly running: number;
  /** They are another user's. */
  readonly areOthers?: boolean;
  /** A round trip. */
  readonly distanceMs: number;
}

export interface FarDeployment {
  readonly url: string;
  readonly token: string;
  traffic(): Promise<Traffic>;
  /** Counts from here on. */
  reset(): Promise<void>;
  close(): void;
}

const answer = async (child: ChildProcess): Promise<unknown> => ((await once(child, 'message')) as [unknown])[0];

export const startFarDeployment = async (options: FarOptions): Promise<FarDeployment> => {
  const child = fork(fileURLToPath(new URL('deploymentProcess.ts', import.meta.url)), [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx'],
  });
  const { url, token } = (await answer(child)) as { url: string; token: string };
  const ask = (what: string): Promise<unknown> => {
    const answered = answer(child);
    child.send(what);
    return answered;
  };
  return {
    url,
    token,
    traffic: async () => (await ask('traffic')) as Traffic,
    reset: async () => {
      await ask('reset');
    },
    close: () => child.kill(),
  };
};
