import * as l10n from '@vscode/l10n';
import { joined } from '../../api/plainText.ts';
import * as workspaceSettings from '../../api/workspaceSettings.ts';
import { Dismissed } from '../../model/prompt.ts';
import { isDormant } from '../../model/status.ts';
import { absoluteAndRelative, duration } from '../../model/times.ts';
import type { CommandContext } from '../context.ts';
import { templateOf } from '../stopFacts.ts';
import { findTarget, nameIn, type Target } from '../target.ts';
import { changeSetting } from './changeSetting.ts';

export async function wake(context: CommandContext, argument: unknown): Promise<void> {
  await setDormant(context, await findTarget(context, argument, 'wake'), 'wake');
}

/** Makes a workspace dormant, after a confirmation that says when it would be deleted. */
export async function sleep(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'sleep');
  const deletedAfter = (await templateOf(context.ui, target))?.time_til_dormant_autodelete_ms;
  const yes = l10n.t('Make Dormant');
  const pressed = await context.ui.confirm(
    l10n.t('Make {0} dormant?', nameIn(target)),
    joined(
      [
        l10n.t("It can't be started, manually or automatically, until you wake it."),
        deletedAfter !== undefined && deletedAfter > 0
          ? l10n.t('Its template deletes workspaces that have been dormant for {0}.', duration(deletedAfter))
          : '',
      ],
      ' ',
    ),
    [yes],
  );
  if (pressed === undefined) throw new Dismissed();
  await setDormant(context, target, 'sleep');
}

const setDormant = (context: CommandContext, target: Target, verb: 'wake' | 'sleep'): Promise<void> => {
  const { ui } = context;
  const wanted = verb === 'sleep';
  return changeSetting(context, target, verb, {
    send: (calls, id, signal) => workspaceSettings.setDormant(calls, id, wanted, signal),
    isSo: (now) => isDormant(now) === wanted,
    buttons: wanted
      ? []
      : [{ label: context.commandTitle('start'), run: () => ui.runCommand('start', target.workspace.id) }],
    said: (now) => {
      if (!isDormant(now)) return l10n.t('{0} is no longer dormant. You can start it now.', nameIn(target));
      const { deleting_at: at } = now;
      const current = target.session.now();
      return at === undefined || at <= current
        ? l10n.t('{0} is now dormant.', nameIn(target))
        : l10n.t(
            '{0} is now dormant. Scheduled deletion: {1}.',
            nameIn(target),
            absoluteAndRelative(at, current, ui.displayLocale()),
          );
    },
  });
};
