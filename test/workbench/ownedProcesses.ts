// Every process that a run starts ends with it, also when the run is interrupted. Each is the leader of its own
// process group, so that what it started itself ends too.
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { atExit } from './atExit.ts';

/** How long a process may take to end by itself. */
const patienceMs = 3_000;

export function startOwned(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(program, args, { ...options, detached: true });
  const forget = atExit(() => signalGroup(child, 'SIGKILL'));
  child.once('exit', forget);
  return child;
}

/** Resolves when the process is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    signalGroup(child, 'SIGTERM');
    const impatient = setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMs);
    await gone;
    clearTimeout(impatient);
  }
  // The leader is gone; whatever of its group outlived it is not waited for.
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
