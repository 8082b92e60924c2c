import * as l10n from '@vscode/l10n';
import type { Deployment } from './deployments.ts';

/** What VS Code's documentation says about systems whose keyring does not work. */
export const KEYRING_HELP =
  'https://code.visualstudio.com/docs/configure/settings-sync#_troubleshooting-keychain-issues';

/** Signing out, or in to another deployment, left a token behind. */
export const tokenLeftSentence = ({ url }: Pick<Deployment, 'url'>): string =>
  l10n.t(
    "Signed out of {0} in this window, but VS Code couldn't delete the token and may sign in with it again.",
    url.host,
  );
