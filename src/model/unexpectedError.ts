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

/** Logs programming errors, each message once, and none after `signal` has aborted. */
export const unexpectedErrorLog = (log: (line: string) => void, signal: AbortSignal): ((error: unknown) => void) => {
  const logged = new Set<string>();
  return (error) => {
    // Some objects cannot be made a text: `String` would throw.
    const text = (error instanceof Error ? error.stack : undefined) ?? messageOf(error);
    if (signal.aborted || logged.has(text)) return;
    logged.add(text);
    log(`unexpected: ${text}`);
  };
};
