import * as l10n from '@vscode/l10n';
import { messageOf } from '../api/errors.ts';
import { withFullStop } from '../api/sentences.ts';

/** A programming error in this extension, caught so that a background loop survives it. */
export class UnexpectedError extends Error {
  override readonly name = 'UnexpectedError';
  readonly kind = 'unexpected';

  /** @param thrown whatever was thrown, an Error or not */
  constructor(thrown: unknown) {
    super(l10n.t('Coder Workspaces has a problem: {0}', withFullStop(messageOf(thrown))), { cause: thrown });
  }
}

/** Like `log`, but never throws: a log that is closed, as at the end of a window, must not end whoever writes to it. */
export const safeLog =
  (log: (line: string) => void): ((line: string) => void) =>
  (line) => {
    try {
      log(line);
    } catch {
      // There is no other place to report it.
    }
  };

/** Logs programming errors, each once, whichever loop ran into it, and none after `signal` has aborted. */
export const unexpectedErrorLog = (log: (line: string) => void, signal: AbortSignal): ((error: unknown) => void) => {
  const logged = new Set<string>();
  return (error) => {
    const text = stackOf(error) ?? messageOf(error);
    // What was thrown, and where; not who was calling.
    const key = text.split('\n', 2).join();
    if (signal.aborted || logged.has(key)) return;
    logged.add(key);
    log(`unexpected: ${text}`);
  };
};

const MOST_CAUSES = 10;

/** For the log: stack or message of whatever was thrown, and of its causes, which may be each other's. */
export const errorInFull = (error: unknown, most = MOST_CAUSES): string => {
  const text = stackOf(error) ?? messageOf(error);
  const cause = most > 0 ? ifReadable(() => (error instanceof Error ? error.cause : undefined)) : undefined;
  return cause === undefined ? text : `${text}\n${errorInFull(cause, most - 1)}`;
};

const stackOf = (error: unknown): string | undefined =>
  ifReadable(() => (error instanceof Error && typeof error.stack === 'string' ? error.stack : undefined));

/** Some objects can be made no text, and some throw when they are only looked at. */
const ifReadable = <T>(look: () => T): T | undefined => {
  try {
    return look();
  } catch {
    return undefined;
  }
};
