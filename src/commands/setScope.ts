import * as l10n from '@vscode/l10n';
import { ApiError } from '../api/errors.ts';
import * as workspacesApi from '../api/workspaces.ts';
import { FIND_MINE, SCOPES, type Scope } from '../model/finding.ts';
import { ownOnly } from '../model/found.ts';
import { scopeWord } from '../model/findingWords.ts';
import { ignoresUnknownKeys, searches } from '../model/searchQuery.ts';
import type { Session } from '../model/session.ts';
import type { Ready } from '../model/state.ts';
import { currentDeployment, type CommandContext } from './context.ts';
import { chooseOne, show } from './show.ts';
import { readyState } from './target.ts';

/** Selects the scope, with the number of workspaces in each. */
export async function setScope(context: CommandContext): Promise<void> {
  const { session } = currentDeployment(context);
  const state = await readyState(session);
  const counts = await context.ui.withDelayedProgress(
    l10n.t('Counting workspaces'),
    (signal) => Promise.all(SCOPES.map((scope) => countOf(session, state, scope, signal))),
    session.signal,
  );
  const { scope: now } = session.finding;
  const rows = SCOPES.flatMap((value, index) => {
    const count = counts[index];
    if (count === 'unsupported' && value !== now) return [];
    return [
      { value, label: scopeWord(value), ...(typeof count === 'number' ? { description: countWords(count) } : {}) },
    ];
  });
  const scope = await chooseOne(context, l10n.t('Scope'), l10n.t('Select whose workspaces to show'), rows, now);
  await show(context, { ...session.finding, scope });
}

const countWords = (count: number): string => (count === 1 ? l10n.t('1 workspace') : l10n.t('{0} workspaces', count));

/** `undefined`: it cannot be learned now. */
async function countOf(
  session: Session,
  state: Ready,
  scope: Scope,
  signal: AbortSignal,
): Promise<number | 'unsupported' | undefined> {
  const own = ownOnly(state);
  if (scope === 'mine') return own.kind === 'ready' ? own.workspaces.size : undefined;
  const { calls } = session.client;
  for (const q of searches({ ...FIND_MINE, scope }, state.user.username, ignoresUnknownKeys(calls.features))) {
    try {
      const { count } = await workspacesApi.list(calls, { ...(q === '' ? {} : { q }), limit: 1, offset: 0 }, signal);
      // V0 ignores the search key and counts all workspaces.
      return scope === 'shared' && ignoresUnknownKeys(calls.features) === true ? 'unsupported' : count;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind !== 'invalid' && error.kind !== 'notNow') return undefined;
    }
  }
  return 'unsupported';
}
