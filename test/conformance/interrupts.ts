/** How a run is asked to end. */
export interface Interrupts {
  /** Ends the checks; what they made is still deleted. */
  readonly stop: AbortSignal;
  /** Ends the deleting, too. */
  readonly giveUp: AbortSignal;
  /** What went wrong where nobody was waiting for it. */
  readonly crash: () => unknown;
  readonly forget: () => void;
}

export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** npm passes Ctrl+C on to a process that has heard of it already. */
const ONE_AND_THE_SAME_MS = 1000;

/** The first Ctrl+C ends the checks, a later one gives up the deleting; a crash is like the first. */
export const listenForInterrupts = (): Interrupts => {
  const stopping = new AbortController();
  const givingUp = new AbortController();
  let stoppedAt: number | undefined;
  let crash: unknown;

  const onSignal = () => {
    if (stoppedAt === undefined) {
      stoppedAt = Date.now();
      process.stderr.write('\nStopping. Again to leave behind what was made.\n');
      stopping.abort(new Stopped('Stopped.'));
    } else if (Date.now() - stoppedAt > ONE_AND_THE_SAME_MS) {
      givingUp.abort(new Stopped('Stopped.'));
    }
  };
  const onCrash = (error: unknown) => {
    crash ??= error;
    stopping.abort(error);
  };
  // A closed terminal must not keep anything from being deleted.
  const ignore = () => undefined;

  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, onCrash);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  return {
    stop: stopping.signal,
    giveUp: givingUp.signal,
    crash: () => crash,
    forget: () => {
      for (const signal of signals) process.off(signal, onSignal);
      for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.off(event, onCrash);
    },
  };
};
