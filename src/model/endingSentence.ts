import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import { withFullStop } from '../api/sentences.ts';
import type { Deployment } from './openDeployment.ts';

/**
 * Why a session ended or couldn't begin without a sign-out in this window. `refused` and `expired`: the server rejects the
 * token; `elsewhere`: another window signed out; `unreadable`: the stored sign-in can't be read.
 */
export type Ending = 'refused' | 'expired' | 'elsewhere' | 'unreadable';

/** A session that ended or couldn't begin. */
export interface Ended {
  readonly deployment: Deployment;
  readonly ending: Ending;
  /** The server's own word on why. */
  readonly detail?: string | undefined;
}

/** The message shown when a session ended by itself or could not begin; `detail` is the server's reason. */
export const endingSentence = (
  { url: { host }, source }: Pick<Deployment, 'url' | 'source'>,
  ending: Ending,
  detail = '',
): string => {
  const reason = withFullStop(plainLine(detail, 300));
  if (ending === 'elsewhere') return l10n.t('Another window signed you out of {0}.', host);
  if (ending === 'unreadable') {
    return l10n.t("VS Code couldn't read the stored token for {0}. Unlock your keyring, then try again.", host);
  }
  if (source === 'environment') {
    return reason === ''
      ? l10n.t('{0} rejected the token in CODER_SESSION_TOKEN.', host)
      : l10n.t('{0} rejected the token in CODER_SESSION_TOKEN: {1}', host, reason);
  }
  if (ending === 'refused') {
    return reason === ''
      ? l10n.t('{0} rejected the saved token.', host)
      : l10n.t('{0} rejected the saved token: {1}', host, reason);
  }
  return reason === ''
    ? l10n.t('You were signed out of {0} because your token expired or was revoked.', host)
    : l10n.t('You were signed out of {0}: {1}', host, reason);
};
