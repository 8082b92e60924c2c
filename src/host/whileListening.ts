import type { Disposable } from '../model/observable.ts';

/** A promise that listeners settle: `listen` begins them, and they end with it. */
export async function whileListening<T>(
  listen: (resolve: (value: T) => void, reject: (reason: Error) => void) => readonly Disposable[],
): Promise<T> {
  let listeners: readonly Disposable[] = [];
  try {
    return await new Promise<T>((resolve, reject) => {
      listeners = listen(resolve, reject);
    });
  } finally {
    for (const listener of listeners) listener.dispose();
  }
}
