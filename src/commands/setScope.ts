import * as l10n from '@vscode/l10n';
import { LinkedController } from '../api/abort.ts';
import { ApiError } from '../api/errors.ts';
import * as workspacesApi from '../api/workspaces.ts';
import { FIND_MINE, SCOPES, type Scope } from '../model/finding.ts';
import { ownOnly } from '../model/found.ts';
import { countWords, scopeWord } from '../model/findingWords.ts';
import { ignoresUnknownKeys, OWN, searches } from '../model/searchQuery.ts';
import type { Session } from '../model/session.ts';
import type { Ready } from '../model/state.ts';
import type { CommandContext } from './context.ts';
import { chooseOne, show } from './show.ts';
import { readyState, sessionOf } from './target.ts';

/** How long the picker waits for the server to count. */
const MOST_WAITED_MS = 3_000;

/** Selects the scope, with the number of workspaces in each. */
export async function setScope(context: CommandContext): Promise<void> {
  const session = sessionOf(context);
  const state = await readyState(session);
  const counts = await context.ui.withDelayedProgress(
    l10n.t('Counting workspaces'),
    (signal) => {
      const soon = new LinkedController(signal, MOST_WAITED_MS);
      return Promise.all(SCOPES.map((scope) => countOf(session, state, scope, soon.signal, signal))).finally(() =>
        soon.release(),
      );
    },
    session.signal,
  );
  const { scope: now } = session.finding;
  const rows = SCOPES.flatMap((value, index) => {
    const count = counts[index];
    if (count === 'unsupported' && value !== now) return [];
    const description = typeof count === 'number' ? countWords(count) : l10n.t('count unavailable');
    return [{ value, label: scopeWord(value), description }];
  });
  const scope = await chooseOne(context, l10n.t('Scope'), l10n.t('Select whose workspaces to show'), rows, now);
  await show(context, { ...session.finding, scope });
}

/** `undefined`: it can't be learned now. */
async function countOf(
  session: Session,
  state: Ready,
  scope: Scope,
  soon: AbortSignal,
  signal: AbortSignal,
): Promise<number | 'unsupported' | undefined> {
  const own = ownOnly(state);
  if (scope === 'mine' && own.kind === 'ready' && state.isPartial !== true) return own.workspaces.size;
  const { calls } = session;
  const queries =
    scope === 'mine'
      ? [OWN]
      : searches({ ...FIND_MINE, scope }, state.user.username, ignoresUnknownKeys(calls.features));
  for (const q of queries) {
    try {
      const { count } = await workspacesApi.list(calls, { q, limit: 1, offset: 0 }, soon);
      // V0 ignores the search key and counts all workspaces.
      return scope === 'shared' && ignoresUnknownKeys(calls.features) === true ? 'unsupported' : count;
    } catch (error) {
      signal.throwIfAborted();
      if (soon.aborted) return undefined;
      if (!(error instanceof ApiError)) throw error;
      if (error.kind !== 'invalid' && error.kind !== 'notNow') return undefined;
    }
  }
  return 'unsupported';
}
