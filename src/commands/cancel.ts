import * as l10n from '@vscode/l10n';
import { ApiError } from '../api/errors.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import { confirm } from '../host/messages.ts';
import { Dismissed } from '../host/wayOut.ts';
import { verbs } from '../model/actions.ts';
import type { CommandContext } from './context.ts';
import { followBuild } from './followBuild.ts';
import { Refusal } from './refusal.ts';
import { findTarget, type Target } from './target.ts';

export async function cancel(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'cancel');
  const build = await cancelBuild(target);
  await followBuild(context, target, build);
}

/** Asks, cancels, and hands the server's word about the build to the session; throws `Dismissed`. */
export async function cancelBuild(target: Target): Promise<Build> {
  const { session, signal } = target;
  let workspace = target.workspace;
  let meanwhile = '';
  for (;;) {
    const { latest_build: build } = workspace;
    await ask(workspace, meanwhile);
    try {
      // A queued build ends at once. Should it have begun meanwhile, that is another question: what it made stays behind.
      const expectStatus = build.status === 'pending' ? { expectStatus: 'pending' as const } : {};
      await session.client.builds.cancel(build.id, expectStatus, signal);
      const canceled = await session.client.builds.get(build.id, signal);
      session.adopt(canceled);
      return canceled;
    } catch (error) {
      // It has ended, or it has begun, while the question stood there: look again before saying anything.
      if (!(error instanceof ApiError) || !SERVER_SAYS_NOT_NOW.has(error.kind)) throw error;
      workspace = await session.client.workspaces.get(workspace.id, {}, signal);
      session.adopt(workspace);
      const state = session.state.value;
      const isSame = workspace.latest_build.id === build.id && workspace.latest_build.status === build.status;
      if (state.kind !== 'ready' || isSame) throw error;
      const permission = verbs(workspace, state.user).cancel;
      if (!permission.allowed) throw new Refusal(ended(workspace, permission.why));
      meanwhile = l10n.t('The build has gone on while you were asked.');
    }
  }
}

const SERVER_SAYS_NOT_NOW: ReadonlySet<string> = new Set(['notNow', 'conflict', 'invalid']);

async function ask(workspace: Workspace, meanwhile: string): Promise<void> {
  const cancelBuildLabel = l10n.t('Cancel Build');
  const detail = [meanwhile, consequence(workspace.latest_build)].filter((part) => part !== '').join('\n');
  const answer = await confirm(question(workspace), detail, [cancelBuildLabel], l10n.t('Let It Run'));
  if (answer === undefined) throw new Dismissed();
}

function question({ name, latest_build: build }: Workspace): string {
  if (build.transition === 'start') return l10n.t('Cancel the start of {0}?', name);
  if (build.transition === 'stop') return l10n.t('Cancel the stop of {0}?', name);
  return l10n.t('Cancel the deletion of {0}?', name);
}

function consequence(build: Build): string {
  if (build.status === 'pending') return l10n.t('It is queued and has changed nothing yet.');
  if (build.transition === 'start') {
    return l10n.t(
      'What it has made so far may keep running, and costing, although the workspace reads Canceled. Starting or stopping it later cleans that up.',
    );
  }
  if (build.transition === 'stop') {
    return l10n.t(
      'What it has not stopped yet keeps running, and the workspace may be left half stopped. Stopping it again cleans that up.',
    );
  }
  return l10n.t(
    'What it has deleted so far is gone, and the workspace may not work any more. Deleting it again cleans that up.',
  );
}

const ended = (workspace: Workspace, otherwise: string): string => {
  const { name, latest_build: build } = workspace;
  switch (build.status) {
    case 'running':
      return l10n.t('There is nothing to cancel any more: {0} is running.', name);
    case 'stopped':
      return l10n.t('There is nothing to cancel any more: {0} is stopped.', name);
    case 'canceled':
      return l10n.t('The build of {0} was canceled already.', name);
    case 'deleted':
      return l10n.t('There is nothing to cancel any more: {0} is deleted.', name);
    case 'failed':
      return l10n.t('There is nothing to cancel any more: the build of {0} failed.', name);
    default:
      return otherwise;
  }
};
