import type { ContextKeys } from '../host/contextKeys.ts';
import { isFiltered } from '../model/finding.ts';
import { findingOf } from '../model/found.ts';
import type { State } from '../model/state.ts';

/** The context keys that follow from the state. */
export const contextKeysOf = (state: State): Omit<ContextKeys, 'canCancelShown'> => ({
  loaded: state.kind !== 'loading',
  signedIn: state.kind !== 'signedOut',
  filtered: isFiltered(findingOf(state)),
  showsShared: findingOf(state).scope === 'shared',
  hasWorkspaces: state.kind === 'ready' && state.workspaces.size > 0,
});
