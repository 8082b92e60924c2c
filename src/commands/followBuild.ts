import * as l10n from '@vscode/l10n';
import * as builds from '../api/builds.ts';
import { ApiError, isAbort } from '../api/errors.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import * as workspaces from '../api/workspaces.ts';
import { verbs } from '../model/actions.ts';
import { outcomeSentence } from '../model/outcome.ts';
import { Dismissed } from '../model/prompt.ts';
import { isActive, wasCanceled } from '../model/status.ts';
import type { BuildProgress } from '../views/buildProgress.ts';
import { cancelBuild } from './cancel.ts';
import type { CommandContext } from './context.ts';
import { followLog } from './followLog.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, type Target } from './target.ts';

type Transition = 'start' | 'stop' | 'delete';

/** Makes a build and follows it to its end; where another one is active already, that one is followed instead. */
export async function build(
  context: CommandContext,
  target: Target,
  request: { readonly transition: Transition },
): Promise<void> {
  const begun = await begin(target, request.transition);
  await followBuild(context, target, begun.build, begun.joined);
}

async function begin(
  { session, workspace, signal }: Target,
  transition: Transition,
): Promise<{ readonly build: Build; readonly joined: boolean }> {
  try {
    const created = await workspaces.createBuild(session.client.calls, workspace.id, { transition }, signal);
    session.adopt(created);
    return { build: created, joined: false };
  } catch (error) {
    if (!(error instanceof ApiError) || !CHANGED.has(error.kind)) throw error;
    // Another build is active already, if that is what it was: the workspace tells.
    const now = await session.refetch(workspace.id, signal);
    if (now === undefined || !isActive(now)) throw error;
    return { build: now.latest_build, joined: true };
  }
}

/** Something has changed that is not known here yet. */
const CHANGED: ReadonlySet<string> = new Set(['conflict', 'gone', 'notFound']);

/** Shows the build's progress, writes its log, and says in one sentence how it ended. */
export async function followBuild(
  context: CommandContext,
  target: Target,
  build: Build,
  joined = false,
): Promise<void> {
  if (context.followed.has(build.id)) return;
  context.followed.add(build.id);
  try {
    await follow(context, target, build, joined);
  } finally {
    context.followed.delete(build.id);
  }
}

async function follow(context: CommandContext, target: Target, build: Build, joined: boolean): Promise<void> {
  const { session, signal, workspace } = target;
  const opens = context.settings().buildLogOpen;
  const log = context.buildLogs.follow(workspace, build, () => followLog(session, build.id, signal));
  if (opens === 'always') context.buildLogs.show(workspace);
  const ended = endOf(target, build);
  while (await isCancelPressed(context, target, build, joined, log.stage, ended)) {
    try {
      await cancelBuild(context, { ...target, workspace: currentWorkspace(target) });
    } catch (error) {
      // A refusal says that it is over, and that is about to be told.
      if (error instanceof Dismissed || error instanceof Refusal || isAbort(error, signal)) continue;
      void context.ui.showError(error instanceof Error ? error.message : String(error));
    }
  }
  const last = await ended;
  sayOutcome(context, workspace, last);
  if (opens === 'onFailure' && last.job.status === 'failed' && !wasCanceled({ ...workspace, latest_build: last })) {
    context.buildLogs.show(workspace);
  }
}

async function isCancelPressed(
  { ui }: CommandContext,
  target: Target,
  build: Build,
  joined: boolean,
  stage: BuildProgress['stage'],
  ended: Promise<unknown>,
): Promise<boolean> {
  const workspace = currentWorkspace(target);
  const state = target.session.state.value;
  const pressed = await ui.showBuildProgress(
    {
      title: titleOf(workspace, build, joined),
      workspaceId: workspace.id,
      stage,
      cancellable: state.kind === 'ready' && verbs(workspace, state.user).cancel.allowed,
    },
    ended,
  );
  return pressed === 'cancelPressed';
}

/** The build as the server reports it when it is over. */
async function endOf({ session, workspace, signal }: Target, build: Build): Promise<Build> {
  const last = await session.waitFor(
    workspace.id,
    (now) => now?.latest_build.id !== build.id || !isActive(now),
    signal,
  );
  return last?.latest_build.id === build.id ? last.latest_build : builds.get(session.client.calls, build.id, signal);
}

function titleOf(workspace: Workspace, build: Build, joined: boolean): string {
  const { name } = workspace;
  const isCanceling = workspace.latest_build.status === 'canceling';
  if (isCanceling) return l10n.t('Canceling the build of {0}', name);
  switch (build.transition) {
    case 'start':
      return joined ? l10n.t('{0} is being started already', name) : l10n.t('Starting {0}', name);
    case 'stop':
      return joined ? l10n.t('{0} is being stopped already', name) : l10n.t('Stopping {0}', name);
    case 'delete':
      return joined ? l10n.t('{0} is being deleted already', name) : l10n.t('Deleting {0}', name);
    default:
      return l10n.t('A build of {0} is under way', name);
  }
}

function sayOutcome({ ui }: CommandContext, workspace: Workspace, build: Build): void {
  const sentence = outcomeSentence(workspace.name, build);
  const failed = build.job.status === 'failed' && build.job.canceled_at === undefined;
  const showLog = {
    label: l10n.t('Show Log'),
    run: () => ui.executeCommand('coderWorkspaces.showLog', workspace.id),
  };
  if (failed) void ui.showError(sentence, [showLog]);
  else void ui.inform(sentence);
}
