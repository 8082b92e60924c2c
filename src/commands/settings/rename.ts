import * as l10n from '@vscode/l10n';
import * as workspaceSettings from '../../api/workspaceSettings.ts';
import { nameProblem } from '../../model/names.ts';
import type { CommandContext } from '../context.ts';
import { findTarget, nameIn, readyState } from '../target.ts';
import { changeSetting, untilTaken } from './changeSetting.ts';

export async function rename(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'rename');
  const { session, signal, workspace } = target;
  const { id, name, owner_id: owner } = workspace;
  const { user, workspaces } = await readyState(session);
  // Names of other owners' workspaces aren't all known; the server checks them.
  const taken =
    owner === user.id ? [...workspaces.values()].filter((each) => each.owner_id === owner && each.id !== id) : [];
  const shownName = nameIn(target);
  const ask = async (problem: string | undefined, before = name): Promise<string> => {
    const entered = await context.ui.enter({
      title: l10n.t('Rename {0}', shownName),
      value: before,
      prompt: l10n.t(
        'Some templates name disks and other resources after the workspace. With those, the next build after a rename can lose data.',
      ),
      validate: (typed) =>
        typed.trim() === name
          ? l10n.t('Enter another name.')
          : nameProblem(
              typed.trim(),
              taken.map((each) => each.name),
            ),
      problem,
      signal,
    });
    return entered.trim();
  };
  await untilTaken(ask, (to) =>
    changeSetting(context, target, 'rename', {
      send: (calls, workspaceId, stop) => workspaceSettings.rename(calls, workspaceId, to, stop),
      isSo: (now) => now.name === to,
      said: (now) => l10n.t('{0} is now named {1}.', shownName, now.name),
    }),
  );
}
