import * as l10n from '@vscode/l10n';
import * as workspaceSettings from '../../api/workspaceSettings.ts';
import type { CommandContext } from '../context.ts';
import { findTarget, nameIn } from '../target.ts';
import { changeSetting } from './changeSetting.ts';

export async function setAutomaticUpdates(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'setAutomaticUpdates');
  const { automatic_updates: current, template_require_active_version: isRequired } = target.workspace;
  const updates = await context.ui.pick<'always' | 'never'>({
    title: l10n.t('Automatic Updates for {0}', nameIn(target)),
    placeholder: isRequired
      ? l10n.t('The template requires the active version at each start, regardless of this setting')
      : l10n.t('Select whether a start updates the workspace'),
    rows: [
      {
        label: l10n.t('Always'),
        description: l10n.t('each start uses the active version of the template'),
        value: 'always',
      },
      { label: l10n.t('Never'), description: l10n.t('only when you update it'), value: 'never' },
    ],
    active: (value) => value === current,
    signal: target.signal,
  });
  await changeSetting(context, target, 'setAutomaticUpdates', {
    send: (calls, id, signal) => workspaceSettings.setAutomaticUpdates(calls, id, updates, signal),
    isSo: (now) => now.automatic_updates === updates,
    said: (now) =>
      now.automatic_updates === 'always'
        ? l10n.t('{0} is updated automatically at each start.', nameIn(target))
        : l10n.t("{0} isn't updated automatically.", nameIn(target)),
  });
}
