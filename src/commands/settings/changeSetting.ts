import * as l10n from '@vscode/l10n';
import type { Calls } from '../../api/calls.ts';
import { isOfKind, type ApiError } from '../../api/errors.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../../api/units.ts';
import { whyNot, type Verb } from '../../model/actions.ts';
import type { Button } from '../../model/prompt.ts';
import { isUnconfirmed, rereadAfter, unlessUnread } from '../afterWrite.ts';
import type { CommandContext } from '../context.ts';
import { isPassing, noLongerExists, Refusal } from '../refusal.ts';
import { currentWorkspace, mustAllow, nameIn, readyState, type Target } from '../target.ts';

/** One setting of a workspace, as it is to be. */
export interface Change {
  readonly send: (calls: Calls, id: WorkspaceId, signal: AbortSignal) => Promise<void>;
  readonly isSo: (now: Workspace) => boolean;
  /** Message with the new value, one sentence. @throws Refusal */
  readonly said: (now: Workspace) => string | Promise<string>;
  /** Buttons of that message. */
  readonly buttons?: readonly Button[];
  /** Why the present workspace doesn't take it; absent or `undefined`: the server's own words are shown. */
  readonly whyRejected?: (now: Workspace) => string | undefined;
  /** Messages in place of the general ones: the effect can't be read, or there was none because of `why`. */
  readonly unconfirmed?: string;
  readonly unchanged?: (name: string, why: string) => string;
}

/**
 * Sends a setting, reads the workspace, because streams don't report most settings (contract 3.1), and shows the new value.
 * @throws Refusal, ApiError
 */
export async function changeSetting(
  { ui }: Pick<CommandContext, 'ui'>,
  target: Target,
  verb: Verb,
  { send, isSo, said, buttons, whyRejected, unconfirmed, unchanged }: Change,
): Promise<void> {
  const { session, workspace, signal } = target;
  const state = session.state.value;
  // Another user may have changed the workspace since the question.
  if (state.kind === 'ready') mustAllow(verb, currentWorkspace(target), state.user);
  let lost: ApiError | undefined;
  try {
    await send(session.calls, workspace.id, signal);
  } catch (error) {
    if (!isUnconfirmed(error)) {
      const now = await rereadAfter(error, target);
      const why = whyNot(verb, now, (await readyState(session)).user) ?? whyRejected?.(now);
      throw why === undefined ? error : new Refusal(why);
    }
    lost = error;
  }
  let now: Workspace | undefined;
  try {
    now = await session.refetch(workspace.id, signal);
    // A stream's frame that came meanwhile may have been sent before the write.
    if (now !== undefined && !isSo(now)) now = await session.refetch(workspace.id, signal);
  } catch (error) {
    await unlessUnread(error, session);
    session.refreshInBackground();
    throw new Refusal(
      unconfirmed ?? l10n.t("Coder was asked to change {0} but hasn't confirmed it yet.", nameIn(target)),
    );
  }
  if (now === undefined) throw noLongerExists(workspace);
  const sentence = await said(now);
  if (!isSo(now)) {
    const why = lost?.message ?? l10n.t('Coder accepted the change, but it had no effect.');
    const name = nameIn(target);
    throw new Unchanged(unchanged?.(name, why) ?? l10n.t("{0} wasn't changed. {1}", name, why));
  }
  ui.inform(sentence, buttons);
}

/** A setting is as it was before the write. */
class Unchanged extends Refusal {}

/** Asks; if the answer has no effect, asks again with it and shows why, so that nothing that was entered is lost. */
export async function untilTaken<T>(
  ask: (problem: string | undefined, before: T | undefined) => Promise<T>,
  send: (answer: T) => Promise<void>,
): Promise<void> {
  for (let problem: string | undefined, answer: T | undefined; ;) {
    answer = await ask(problem, answer);
    try {
      await send(answer);
      return;
    } catch (error) {
      const mayAsk = error instanceof Unchanged || isPassing(error) || isOfKind(error, 'invalid', 'conflict');
      if (!mayAsk) throw error;
      problem = error.message;
    }
  }
}
