import * as l10n from '@vscode/l10n';
import * as workspaceSettings from '../../api/workspaceSettings.ts';
import type { CommandContext } from '../context.ts';
import { findTarget } from '../target.ts';
import { changeSetting } from './changeSetting.ts';

const setTo =
  (verb: 'favorite' | 'unfavorite') =>
  async (context: CommandContext, argument: unknown): Promise<void> => {
    const isFavorite = verb === 'favorite';
    await changeSetting(context, await findTarget(context, argument, verb), verb, {
      send: (calls, id, signal) => workspaceSettings.setFavorite(calls, id, isFavorite, signal),
      isSo: (now) => now.favorite === isFavorite,
      said: ({ name, favorite: isNow }) =>
        isNow === true ? l10n.t('{0} is now a favorite.', name) : l10n.t('{0} is no longer a favorite.', name),
    });
  };

export const favorite = setTo('favorite');
export const unfavorite = setTo('unfavorite');
