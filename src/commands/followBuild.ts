import * as l10n from '@vscode/l10n';
import { isAbort, messageOf } from '../api/errors.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import * as workspaces from '../api/workspaces.ts';
import { verbs } from '../model/actions.ts';
import { outcomeSentence } from '../model/outcome.ts';
import { Dismissed } from '../model/prompt.ts';
import { isActive, wasCanceled } from '../model/status.ts';
import type { BuildProgress } from '../views/buildProgress.ts';
import { isUnconfirmed, readBuildOnceBack, rereadAfter, rereadOnceBack } from './afterWrite.ts';
import { cancelBuild } from './cancel.ts';
import type { CommandContext } from './context.ts';
import { followLog } from './followLog.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, readyState, type Target } from './target.ts';
import type { Ui } from './ui.ts';

type Transition = 'start' | 'stop' | 'delete';

/**
 * Makes a build and follows it to its end; where another one is active already, that one is followed instead. Throws a
 * `Refusal` where the build was not made, and ApiError.
 */
export async function build(
  context: CommandContext,
  target: Target,
  request: { readonly transition: Transition },
): Promise<void> {
  // A second click before the first one is answered.
  const key = `${request.transition} ${target.workspace.id}`;
  if (context.sending.has(key)) return;
  context.sending.add(key);
  let begun: Begun;
  try {
    begun = await begin(context.ui, target, request.transition);
  } finally {
    context.sending.delete(key);
  }
  await followBuild(context, target, begun.build, begun.joined);
}

interface Begun {
  readonly build: Build;
  /** Somebody else has made it. */
  readonly joined: boolean;
}

async function begin(ui: Ui, target: Target, transition: Transition): Promise<Begun> {
  const { session, workspace, signal } = target;
  const before = currentWorkspace(target).latest_build;
  try {
    const created = await workspaces.createBuild(session.client.calls, workspace.id, { transition }, signal);
    session.adopt(created);
    return { build: created, joined: false };
  } catch (error) {
    if (!isUnconfirmed(error)) return instead(await rereadAfter(error, target), target, transition, before, error);
    void ui.inform(unconfirmed(workspace.name, transition));
    const now = await rereadOnceBack(target);
    const { latest_build: latest } = now;
    if (latest.id !== before.id && latest.transition === transition) return { build: latest, joined: false };
    const notMade = new Refusal(notBuilt(workspace.name, transition, error.message));
    return instead(now, target, transition, before, notMade);
  }
}

/** What is so instead of the build that was not made: the one that is active, or a `Refusal` that says it. */
async function instead(
  now: Workspace,
  { session }: Target,
  transition: Transition,
  before: Build,
  error: unknown,
): Promise<Begun> {
  const { name, latest_build: latest } = now;
  if (isActive(now)) return { build: latest, joined: true };
  const { user } = await readyState(session);
  const permission = verbs(now, user)[transition];
  if (!permission.allowed) throw new Refusal(permission.why);
  if (latest.id === before.id && latest.status === before.status) throw error;
  throw new Refusal(l10n.t('Another build of {0} came first. {1}', name, outcomeSentence(name, latest)));
}

function unconfirmed(name: string, transition: Transition): string {
  switch (transition) {
    case 'start':
      return l10n.t('Coder was asked to start {0}, and has not confirmed it yet.', name);
    case 'stop':
      return l10n.t('Coder was asked to stop {0}, and has not confirmed it yet.', name);
    case 'delete':
      return l10n.t('Coder was asked to delete {0}, and has not confirmed it yet.', name);
  }
}

function notBuilt(name: string, transition: Transition, why: string): string {
  switch (transition) {
    case 'start':
      return l10n.t('{0} was not started. {1}', name, why);
    case 'stop':
      return l10n.t('{0} was not stopped. {1}', name, why);
    case 'delete':
      return l10n.t('{0} was not deleted. {1}', name, why);
  }
}

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
      void context.ui.showError(messageOf(error));
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
      cancellable: state.kind === 'ready' && verbs(workspace, state.user).cancel.allowed,
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
    (now) => now?.latest_build.id !== build.id || !isActive(now),
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
