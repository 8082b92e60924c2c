import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { AddressError } from '../api/address.ts';
import { ApiError, isAbort } from '../api/errors.ts';
import type { Log } from '../host/log.ts';
import { showError, inform, type Button } from '../host/messages.ts';
import { Dismissed } from '../host/promptExit.ts';
import type { CommandContext } from './context.ts';
import { NotSignedIn, Refusal } from './refusal.ts';

/**
 * The one place where a failed command reaches the user. A closed prompt, and a wait that was called off, are no
 * failures. An expired session says so itself, once, and not through each command that ran into it.
 */
export function errorBoundary(
  id: string,
  run: (...args: unknown[]) => Promise<void>,
  { log, deployments }: Pick<CommandContext, 'log' | 'deployments'>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const session = deployments.current.value?.session;
    try {
      await run(...args);
    } catch (error) {
      if (error instanceof Dismissed || isAbort(error, session?.signal)) return;
      if (session !== undefined && (await session.noticed(error))) return;
      report(id, error, log);
    }
  };
}

function report(id: string, error: unknown, log: Log): void {
  if (error instanceof NotSignedIn) {
    void inform(error.message, [command(l10n.t('Sign In'), 'coderWorkspaces.signIn')]);
    return;
  }
  if (error instanceof Refusal || error instanceof AddressError) {
    void inform(error.message);
    return;
  }
  log.error(id, error);
  const message =
    error instanceof ApiError
      ? error.message
      : l10n.t('That failed unexpectedly: {0}', error instanceof Error ? error.message : String(error));
  void showError(message, [command(l10n.t('Show Output'), 'coderWorkspaces.showOutput')]);
}

export const command = (label: string, id: string, ...args: unknown[]): Button => ({
  label,
  run: () => vscode.commands.executeCommand(id, ...args),
});
