// Every process that a run starts ends with it, also when the run is interrupted. Each is the leader of its own
// process group, so that what it started itself ends too.
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

const owned = new Set<ChildProcess>();
let watching = false;

/** How long a process may take to end by itself. */
const patienceMs = 3_000;

export function startOwned(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  endAllWithThisProcess();
  const child = spawn(program, args, { ...options, detached: true });
  owned.add(child);
  child.once('exit', () => owned.delete(child));
  return child;
}

/** Resolves when the process is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    signalGroup(child, 'SIGKILL');
    return;
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(child, 'SIGTERM');
  const impatient = setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMs);
  await gone;
  clearTimeout(impatient);
  // The leader is gone; whatever of its group outlived it is not waited for.
  signalGroup(child, 'SIGKILL');
}

function endAllWithThisProcess(): void {
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    for (const child of owned) signalGroup(child, 'SIGKILL');
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Someone else's listener means that someone else decides when to end.
      if (process.listenerCount(signal) === 1) process.exit(128);
    });
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
