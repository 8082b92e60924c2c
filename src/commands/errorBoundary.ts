import * as l10n from '@vscode/l10n';
import { AddressError } from '../api/address.ts';
import { ApiError, isAbort } from '../api/errors.ts';
import { Dismissed } from '../model/prompt.ts';
import type { Session } from '../model/session.ts';
import { UnexpectedError } from '../model/unexpectedError.ts';
import type { CommandContext } from './context.ts';
import { NotSignedIn, Refusal } from './refusal.ts';

/**
 * Runs a command and reports its failure to the user. Closed prompts and canceled waits aren't failures. An expired session is
 * reported once by the session, not by each command.
 */
export async function errorBoundary(
  id: string,
  run: () => Promise<void>,
  context: Pick<CommandContext, 'log' | 'deployments' | 'ui'>,
): Promise<void> {
  const session = context.deployments.current.value?.session;
  try {
    await run();
  } catch (error) {
    await tellFailure(id, error, session, context);
  }
}

/** Reports a failure; `session`: the current session when the command started. */
export async function tellFailure(
  id: string,
  error: unknown,
  session: Session | undefined,
  { log, ui }: Pick<CommandContext, 'log' | 'ui'>,
): Promise<void> {
  if (error instanceof Dismissed || isAbort(error, session?.signal)) return;
  if (session !== undefined && (await session.noticed(error))) return;
  if (error instanceof NotSignedIn) {
    const signIn = { label: l10n.t('Sign In'), run: () => ui.runCommand('signIn') };
    ui.inform(error.message, [signIn]);
    return;
  }
  if (error instanceof Refusal || error instanceof AddressError) {
    ui.inform(error.message, error instanceof Refusal ? error.buttons : []);
    return;
  }
  log.error(id, error);
  const { message } = error instanceof ApiError ? error : new UnexpectedError(error);
  const showOutput = { label: l10n.t('Show Output'), run: () => ui.runCommand('showOutput') };
  ui.showError(message, [showOutput]);
}
