import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import { outcomeSentence, timeOf } from './outcome.ts';
import type { VersionPolicy } from './versionPolicy.ts';

/** Progress title of an update that automatic updates or the template require. */
export const policyTitle = (name: string, policy: VersionPolicy): string =>
  policy === 'required'
    ? l10n.t('Updating {0}: its template requires the active version', name)
    : l10n.t('Updating {0}: automatic updates are on', name);

/** "api-server started in 43 s with the template version clever_pike9." */
export const versionEnding = (name: string, first: Build, last: Build): string => {
  const time = timeOf(first, last);
  const version = plainLine(last.template_version_name, 64);
  return time === undefined || version === ''
    ? outcomeSentence(name, last)
    : l10n.t('{0} started in {1} with the template version {2}.', name, time, version);
};

/** "api-server restarted in 50 s." */
export const restartEnding = (name: string, first: Build, last: Build): string => {
  const time = timeOf(first, last);
  return time === undefined ? outcomeSentence(name, last) : l10n.t('{0} restarted in {1}.', name, time);
};
