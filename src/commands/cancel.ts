import * as l10n from '@vscode/l10n';
import * as builds from '../api/builds.ts';
import { ApiError } from '../api/errors.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import { verbs } from '../model/actions.ts';
import { outcomeSentence } from '../model/outcome.ts';
import { Dismissed } from '../model/prompt.ts';
import { isActive } from '../model/status.ts';
import type { CommandContext } from './context.ts';
import { followBuild } from './followBuild.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, findTarget, readyState, type Target } from './target.ts';
import type { Ui } from './ui.ts';

export async function cancel(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'cancel');
  const build = await cancelBuild(context, target);
  await followBuild(context, target, build);
}

/** Asks, cancels, and hands the server's word about the build to the session; throws `Dismissed`. */
export async function cancelBuild({ ui }: Pick<CommandContext, 'ui'>, target: Target): Promise<Build> {
  const { session, signal } = target;
  let { workspace } = target;
  let meanwhile = '';
  for (;;) {
    const { latest_build: build } = workspace;
    const isSame = (now: Workspace) => now.latest_build.id === build.id && now.latest_build.status === build.status;
    await ask(ui, workspace, meanwhile);
    // It may have ended, or begun and made something, while the question stood there: then it is another question.
    let now: Workspace | undefined = currentWorkspace(target);
    if (isSame(now)) {
      try {
        const expectStatus = build.status === 'pending' ? { expectStatus: 'pending' as const } : {};
        await builds.cancel(session.client.calls, build.id, expectStatus, signal);
        const canceled = await builds.get(session.client.calls, build.id, signal);
        session.adopt(canceled);
        return canceled;
      } catch (error) {
        if (!(error instanceof ApiError) || !CHANGED.has(error.kind)) throw error;
        now = await session.refetch(workspace.id, signal);
        if (now === undefined || isSame(now)) throw error;
      }
    }
    const state = await readyState(session);
    const permission = verbs(now, state.user).cancel;
    if (!permission.allowed) {
      const { name, latest_build: latest } = now;
      throw new Refusal(
        isActive(now)
          ? permission.why
          : l10n.t('There is nothing to cancel any more. {0}', outcomeSentence(name, latest)),
      );
    }
    workspace = now;
    meanwhile = l10n.t('The build has gone on while you were asked.');
  }
}

/** The server says that it is not so, or not so any more. */
const CHANGED: ReadonlySet<string> = new Set(['notNow', 'conflict', 'invalid', 'gone', 'notFound']);

async function ask(ui: Ui, workspace: Workspace, meanwhile: string): Promise<void> {
  const cancelBuildLabel = l10n.t('Cancel Build');
  const detail = [meanwhile, consequence(workspace.latest_build)].filter((part) => part !== '').join('\n');
  const answer = await ui.confirm(question(workspace), detail, [cancelBuildLabel], l10n.t('Let It Run'));
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
