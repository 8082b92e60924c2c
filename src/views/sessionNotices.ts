import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { inform, warn } from '../host/messages.ts';
import type { Deployment, Ending } from '../model/deployments.ts';

/** The one message about a session that ended by itself. */
export function tellEnding({ url, source }: Deployment, ending: Ending): void {
  const signIn = {
    label: l10n.t('Sign In'),
    run: () => vscode.commands.executeCommand('coderWorkspaces.signIn'),
  };
  if (ending === 'elsewhere') void inform(l10n.t('Another window signed out of {0}.', url.host), [signIn]);
  else void warn(endingSentence(url.host, source, ending), [signIn]);
}

function endingSentence(host: string, source: Deployment['source'], ending: Ending): string {
  if (source === 'environment') return l10n.t('{0} does not accept the token in CODER_SESSION_TOKEN.', host);
  return ending === 'expired'
    ? l10n.t('Your session at {0} has ended: the token has expired or was revoked.', host)
    : l10n.t('{0} does not accept the token that was kept for it.', host);
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
