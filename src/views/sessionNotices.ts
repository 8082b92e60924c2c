import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { inform, warn } from '../host/messages.ts';
import type { Deployment, Ending } from '../model/deployments.ts';
import { endingSentence } from '../model/endingSentence.ts';

/** The one message about a session that ended by itself. */
export function tellEnding(deployment: Deployment, ending: Ending, detail?: string): void {
  const signIn = {
    label: l10n.t('Sign In'),
    run: () => vscode.commands.executeCommand('coderWorkspaces.signIn'),
  };
  const tell = ending === 'elsewhere' ? inform : warn;
  void tell(endingSentence(deployment, ending, detail), [signIn]);
}

/** A system without a keyring: said once, because it must be done again in each window. */
export function tellNoKeyring(): void {
  void warn(
    l10n.t('VS Code cannot keep the token on this system, so you stay signed in only until this window closes.'),
    [
      {
        label: l10n.t('How to Fix It'),
        run: () =>
          vscode.env.openExternal(
            vscode.Uri.parse(
              'https://code.visualstudio.com/docs/configure/settings-sync#_troubleshooting-keychain-issues',
            ),
          ),
      },
    ],
  );
}
