import * as l10n from '@vscode/l10n';
import type { Deployment } from './openDeployment.ts';

/** VS Code's documentation about keyring problems. */
export const KEYRING_HELP =
  'https://code.visualstudio.com/docs/configure/settings-sync#_troubleshooting-keychain-issues';

/** Message after a sign-out, or a sign-in to another deployment, that couldn't delete the token. */
export const tokenLeftSentence = ({ url }: Pick<Deployment, 'url'>): string =>
  l10n.t(
    "Signed out of {0} in this window, but VS Code couldn't delete the token and may sign in with it again.",
    url.host,
  );
