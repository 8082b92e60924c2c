import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { inBackground } from '../api/errors.ts';
import { inform, warn } from '../host/messages.ts';
import { openInBrowser } from '../host/openExternal.ts';
import type { Ended } from '../model/endingSentence.ts';
import { endingSentence } from '../model/endingSentence.ts';
import { KEYRING_HELP } from '../model/keyring.ts';
import type { Button } from '../model/prompt.ts';

/** Shows why a session ended by itself or couldn't begin; `tryAgain` reads the stored sign-in again. */
export function tellEnding(
  { deployment, ending, detail }: Ended,
  tryAgain: () => unknown,
  logError: (error: unknown) => void,
): void {
  const signIn: Button = {
    label: l10n.t('Sign In'),
    run: () => vscode.commands.executeCommand('coderWorkspaces.signIn'),
  };
  const tell = ending === 'elsewhere' ? inform : warn;
  const buttons = ending === 'unreadable' ? [{ label: l10n.t('Try Again'), run: tryAgain }, howToFix()] : [signIn];
  inBackground(tell(endingSentence(deployment, ending, detail), buttons), logError);
}

/** Shows once that there is no keyring, so that the user has to sign in again in each window. */
export function tellNoKeyring(logError: (error: unknown) => void): void {
  const told = warn(
    l10n.t("VS Code can't store the token on this system, so you stay signed in only until you close this window."),
    [howToFix()],
  );
  inBackground(told, logError);
}

const howToFix = (): Button => ({ label: l10n.t('How to Fix It'), run: () => openInBrowser(KEYRING_HELP) });
