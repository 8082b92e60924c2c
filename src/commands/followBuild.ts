import * as l10n from '@vscode/l10n';
import { hasEnded, isSilent, SILENT_AFTER_MS, type Build, type Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { allows } from '../model/actions.ts';
import { Variable, type Observable } from '../model/observable.ts';
import { outcomeSentence } from '../model/outcome.ts';
import type { Session } from '../model/session.ts';
import { isActive } from '../model/status.ts';
import { timeLeft } from '../model/statusText.ts';
import { clockTime, duration } from '../model/times.ts';
import type { BuildProgress } from '../views/buildProgress.ts';
import { readBuildOnceBack } from './afterWrite.ts';
import { cancelBuild } from './cancel.ts';
import type { CommandContext } from './context.ts';
import { tellFailure } from './errorBoundary.ts';
import { followLog } from './showLog.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, type Target } from './target.ts';
import type { Ui } from './ui.ts';

/** As rows in the tree do. */
const TICK_MS = 5000;

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
  const log = context.buildLogs.follow(workspace, build, () => followLog(session, build, signal));
  if (opens === 'always') context.buildLogs.show(workspace);
  const ended = endOf(target, build);
  // It may reject while a question stands there, before anybody waits for it.
  ended.catch(() => undefined);
  const progress = describeProgress(context.ui, session, build, log.stage);
  try {
    while (await isCancelPressed(context, target, build, joined, progress.message, ended)) {
      await cancelFollowed(context, target, build);
    }
  } finally {
    progress.dispose();
  }
  const last = await ended;
  const failed = hasEnded(last) && last.job.status === 'failed' && last.job.canceled_at === undefined;
  sayOutcome(context, workspace, last, failed);
  if (opens === 'onFailure' && failed) context.buildLogs.show(workspace);
}

async function cancelFollowed(context: CommandContext, target: Target, build: Build): Promise<void> {
  try {
    await cancelBuild(context, { ...target, workspace: currentWorkspace(target) });
  } catch (error) {
    const { latest_build: latest } = currentWorkspace(target);
    // That it is over is about to be told.
    if (error instanceof Refusal && (latest.id !== build.id || hasEnded(latest))) return;
    await tellFailure('coderWorkspaces.cancel', error, target.session, context);
  }
}

/** What the progress says: the stage of the log and how long it takes, or since when nothing was heard of the build. */
function describeProgress(
  ui: Ui,
  { state, client, usualTimes }: Session,
  build: Build,
  stage: Observable<string>,
): { readonly message: Observable<string>; dispose(): void } {
  const message = new Variable('');
  let silentSince: EpochMs | undefined;
  const update = () => {
    const workspace = state.value.kind === 'ready' ? state.value.workspaces.get(build.workspace_id) : undefined;
    const latest = workspace?.latest_build;
    const now = client.clock.now();
    silentSince =
      latest?.id === build.id && isSilent(latest) ? (silentSince ?? ((now - SILENT_AFTER_MS) as EpochMs)) : undefined;
    const left =
      workspace !== undefined && latest?.id === build.id && isActive(workspace)
        ? timeLeft(workspace, usualTimes.value, now)
        : undefined;
    const about = left === undefined ? '' : l10n.t('about {0} left', duration(left));
    message.set(
      silentSince === undefined
        ? [stage.value, about].filter((part) => part !== '').join(' · ')
        : l10n.t('no word from the provisioner since {0}', clockTime(silentSince, now, ui.displayLocale())),
    );
  };
  const subscriptions = [state, stage, usualTimes].map((each) => each.subscribe(update));
  const timer = setInterval(update, TICK_MS);
  update();
  return {
    message,
    dispose: () => {
      clearInterval(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

async function isCancelPressed(
  { ui }: CommandContext,
  target: Target,
  build: Build,
  joined: boolean,
  message: BuildProgress['message'],
  ended: Promise<unknown>,
): Promise<boolean> {
  const workspace = currentWorkspace(target);
  const state = target.session.state.value;
  const pressed = await ui.showBuildProgress(
    {
      title: titleOf(workspace, build, joined),
      workspaceId: workspace.id,
      message,
      cancellable: state.kind === 'ready' && allows('cancel', workspace, state.user),
    },
    ended,
  );
  return pressed === 'cancelPressed';
}

/** The build as the server reports it when it is over. */
async function endOf(target: Target, build: Build): Promise<Build> {
  const { session, workspace, signal } = target;
  const last = await session.waitFor(
    workspace.id,
    (now) => now?.latest_build.id !== build.id || hasEnded(now.latest_build),
    signal,
  );
  return last?.latest_build.id === build.id ? last.latest_build : readBuildOnceBack(target, build.id);
}

function titleOf(workspace: Workspace, build: Build, joined: boolean): string {
  const { name } = workspace;
  const isCanceling = workspace.latest_build.status === 'canceling';
  if (isCanceling) return l10n.t('Canceling the build of {0}', name);
  switch (build.transition) {
    case 'start':
      return joined ? l10n.t('{0} is already starting', name) : l10n.t('Starting {0}', name);
    case 'stop':
      return joined ? l10n.t('{0} is already stopping', name) : l10n.t('Stopping {0}', name);
    case 'delete':
      return joined ? l10n.t('{0} is already being deleted', name) : l10n.t('Deleting {0}', name);
    default:
      return l10n.t('A build of {0} is in progress', name);
  }
}

function sayOutcome({ ui }: CommandContext, workspace: Workspace, build: Build, failed: boolean): void {
  const sentence = outcomeSentence(workspace.name, build);
  const showLog = {
    label: l10n.t('Show Log'),
    run: () => ui.executeCommand('coderWorkspaces.showLog', workspace.id, build.id),
  };
  if (failed) ui.showError(sentence, [showLog]);
  else ui.inform(sentence);
}
