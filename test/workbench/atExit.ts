// What a run leaves behind goes with it, also when the run is interrupted before it has closed anything.

const cleanups = new Set<() => void>();
let watching = false;

/**
 * Runs `cleanup`, synchronously, when this process ends for whatever reason but SIGKILL.
 * @returns forgets it, for when it has been cleaned up in order
 */
export function atExit(cleanup: () => void): () => void {
  watch();
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    // The last first: a process ends before its folder goes.
    for (const cleanup of [...cleanups].reverse()) cleanup();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Without a listener a signal ends a process without its `exit` event.
    process.on(signal, () => {
      // Someone else's listener means that someone else decides when to end.
      if (process.listenerCount(signal) === 1) process.exit(128);
    });
  }
}
