import * as vscode from 'vscode';
import { LinkedController } from '../api/abort.ts';
import { Dismissed } from '../model/prompt.ts';
import { plain } from './escape.ts';

/** Shorter work shows no notification. */
const PATIENCE_MS = 400;

/** Awaits `work`; after a delay, shows a cancelable notification. Canceling throws `Dismissed`. */
export async function withDelayedProgress<T>(
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const stop = new LinkedController(signal);
  const result = work(stop.signal).finally(() => stop.release());
  if (await isSettledWithin(result, PATIENCE_MS)) return result;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plain(title), cancellable: true },
    async (_, token) => {
      const subscription = token.onCancellationRequested(() => stop.abort(new Dismissed()));
      try {
        return await result;
      } finally {
        subscription.dispose();
      }
    },
  );
}

/** A bar that runs along a view until `work` settles. */
export const showLoading = (viewId: string, work: Promise<unknown>): void =>
  showUntilSettled({ location: { viewId } }, work);

/** A line in the status bar until `work` settles. */
export const showWaiting = (message: string, work: Promise<unknown>): void =>
  showUntilSettled({ location: vscode.ProgressLocation.Window, title: plain(message) }, work);

/** Errors are reported to the caller of `work`. */
function showUntilSettled(options: vscode.ProgressOptions, work: Promise<unknown>): void {
  vscode.window.withProgress(options, () => work).then(undefined, () => undefined);
}

async function isSettledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, elapsed]);
  } finally {
    clearTimeout(timer);
  }
}
