import * as l10n from '@vscode/l10n';
import type { Calls } from '../../api/calls.ts';
import { ApiError } from '../../api/errors.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../../api/units.ts';
import { whyNot, type Verb } from '../../model/actions.ts';
import { isUnconfirmed, rereadAfter } from '../afterWrite.ts';
import type { CommandContext } from '../context.ts';
import { Refusal } from '../refusal.ts';
import { nameIn, readyState, type Target } from '../target.ts';

/** One setting of a workspace, as it is to be. */
export interface Change {
  readonly send: (calls: Calls, id: WorkspaceId, signal: AbortSignal) => Promise<void>;
  readonly isSo: (now: Workspace) => boolean;
  /** Message with the new value, one sentence. */
  readonly said: (now: Workspace) => string | Promise<string>;
}

/**
 * Sends a setting, reads the workspace, because streams don't report most settings (contract 3.1), and shows the new value.
 * @throws Refusal, ApiError
 */
export async function changeSetting(
  { ui }: Pick<CommandContext, 'ui'>,
  target: Target,
  verb: Verb,
  { send, isSo, said }: Change,
): Promise<void> {
  const { session, workspace, signal } = target;
  let lost: ApiError | undefined;
  try {
    await send(session.client.calls, workspace.id, signal);
  } catch (error) {
    if (!isUnconfirmed(error)) {
      const why = whyNot(verb, await rereadAfter(error, target), (await readyState(session)).user);
      throw why === undefined ? error : new Refusal(why);
    }
    lost = error;
  }
  const now = await session.tryRefetch(workspace.id);
  signal.throwIfAborted();
  if (now === undefined) {
    const { value } = session.state;
    if (value.kind === 'ready' && !value.workspaces.has(workspace.id)) {
      throw new Refusal(l10n.t('{0} no longer exists.', workspace.name));
    }
    session.refreshInBackground();
    throw new Refusal(l10n.t("Coder was asked to change {0} but hasn't confirmed it yet.", nameIn(target)));
  }
  if (lost !== undefined && !isSo(now)) throw new Refusal(l10n.t("{0} wasn't changed. {1}", now.name, lost.message));
  ui.inform(await said(now));
}

/** Asks; if the server rejects the answer, asks again and shows its message. */
export async function untilTaken<T>(
  ask: (problem: string | undefined) => Promise<T>,
  send: (answer: T) => Promise<void>,
): Promise<void> {
  for (let problem: string | undefined; ;) {
    const answer = await ask(problem);
    try {
      await send(answer);
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || (error.kind !== 'invalid' && error.kind !== 'conflict')) throw error;
      problem = error.message;
    }
  }
}
