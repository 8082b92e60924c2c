import * as l10n from '@vscode/l10n';
import { LinkedController } from '../api/abort.ts';
import { hasEnded } from '../api/buildEnd.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { BuildId } from '../api/units.ts';
import { allows } from '../model/actions.ts';
import { outcomeSentence } from '../model/outcome.ts';
import { waitForFact } from '../model/waiting.ts';
import type { BuildProgress } from '../views/buildProgress.ts';
import type { Act, Begun } from './act.ts';
import { anotherFirst } from './afterWrite.ts';
import { BuildStage } from './buildStage.ts';
import { cancelBuild } from './cancel.ts';
import { type Ended, endOfAct, hasSucceeded, notStartedAgain } from './carryOut.ts';
import type { CommandContext } from './context.ts';
import { tellFailure } from './errorBoundary.ts';
import { followLog } from './showLog.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, nameIn, type Target } from './target.ts';

/** Shows the build's progress, writes its log, and says in one sentence how it ended. */
export function followBuild(context: CommandContext, target: Target, build: Build, joined = false): Promise<void> {
  const transition = build.transition as Act['request']['transition'];
  return followAct(context, target, { verb: transition, request: { transition } }, { build, joined });
}

/** The same for all builds of an act: one notification, with the log of the current build. */
export async function followAct(context: CommandContext, target: Target, act: Act, first: Begun): Promise<void> {
  if (context.followed.has(first.build.id)) {
    if (isAnother(act, first.joined, first.build))
      throw new Refusal(l10n.t('A build of {0} is in progress.', nameIn(target)));
    return;
  }
  const followed: BuildId[] = [];
  try {
    const end = await follow(context, target, act, first, (build) => {
      followed.push(build.id);
      context.followed.add(build.id);
    });
    tellEnd(context, target, endingOf(nameIn(target), act, first, end), end.last);
  } finally {
    for (const id of followed) context.followed.delete(id);
  }
}

/** Shows the progress of an act, which *Cancel* cancels, and writes the log of each build, which `onBuild` gets. */
async function follow(
  context: CommandContext,
  target: Target,
  act: Act,
  first: Begun,
  onBuild: (build: Build) => void,
): Promise<Ended> {
  const { session, signal, workspace } = target;
  const stage = new BuildStage(context.ui, session, act.then !== undefined);
  let current = first.build;
  let goOn = (): void => undefined;
  // Canceled between two builds: the second one isn't made.
  const wanted = new LinkedController(signal);
  const show = (build: Build) => {
    current = build;
    onBuild(build);
    const log = context.buildLogs.follow(workspace, build, (isShown) => followLog(target, build, isShown));
    if (context.settings().buildLogOpen === 'always') context.buildLogs.show(workspace);
    stage.of(build, log.stage);
    goOn();
  };
  show(first.build);
  const ended = endOfAct(context, target, act, first, { goesOn: show, wanted: wanted.signal });
  let isOver = false as boolean;
  const end = () => {
    isOver = true;
  };
  // It may reject while a question is open, before it is awaited.
  ended.then(end, end);
  try {
    while (!isOver) {
      // The title of a build that was joined is about that build: the next one is shown anew.
      const goesOn = new Promise<void>((resolve) => (goOn = resolve));
      const shown = first.joined ? Promise.race([ended, goesOn]) : ended;
      if (!(await isCancelPressed(context, target, act, { ...first, build: current }, stage.message, shown))) continue;
      const { latest_build: latest } = currentWorkspace(target);
      if (latest.id === current.id && hasEnded(latest)) wanted.abort();
      else await cancelFollowed(context, target, current);
    }
    return await ended;
  } finally {
    stage.dispose();
    wanted.release();
  }
}

/** The sentence about how an act ended. */
function endingOf(name: string, act: Act, { build: first, joined }: Begun, { last, isWhole }: Ended): string {
  if (isWhole && act.ending !== undefined) return act.ending(name, first, last);
  if (isAnother(act, joined, last)) return anotherFirst(name, last);
  return act.then !== undefined && last.id === first.id && hasSucceeded(last)
    ? notStartedAgain(name)
    : outcomeSentence(name, last);
}

/** Whether the build that was joined isn't what `act` was to do. */
const isAnother = ({ request, then }: Act, joined: boolean, build: Build): boolean =>
  joined && (then !== undefined || build.transition !== request.transition);

async function cancelFollowed(context: CommandContext, target: Target, build: Build): Promise<void> {
  try {
    await cancelBuild(context, { ...target, workspace: currentWorkspace(target) });
  } catch (error) {
    const { latest_build: latest } = currentWorkspace(target);
    // That it is over is about to be told.
    if (error instanceof Refusal && (latest.id !== build.id || hasEnded(latest))) return;
    await tellFailure('cancel', error, target.session, context);
  }
}

async function isCancelPressed(
  { ui }: CommandContext,
  target: Target,
  act: Act,
  { build, joined }: Begun,
  message: BuildProgress['message'],
  ended: Promise<unknown>,
): Promise<boolean> {
  const workspace = currentWorkspace(target);
  const { state } = target.session;
  const ready = state.value;
  const shown = new AbortController();
  /** Also when that is over: its end is about to be told. */
  const isCanceled = (known: Workspace | undefined): boolean =>
    known?.latest_build.id === build.id && ['canceling', 'canceled'].includes(known.latest_build.status);
  // Canceled elsewhere, as at its row: shown again, as what it is then.
  const canceled = isCanceled(workspace) ? ended : waitForFact(state, workspace.id, isCanceled, [shown.signal]);
  try {
    const pressed = await ui.showBuildProgress(
      {
        title: isCanceled(workspace)
          ? l10n.t('Canceling the build of {0}', nameIn(target))
          : ((joined ? undefined : act.title?.(nameIn(target))) ?? titleOf(target, build, joined)),
        workspaceId: workspace.id,
        message,
        cancellable: ready.kind === 'ready' && allows('cancel', workspace, ready.user),
      },
      Promise.race([ended, canceled]),
    );
    return pressed === 'cancelPressed';
  } finally {
    shown.abort();
  }
}

function titleOf(target: Target, build: Build, joined: boolean): string {
  const name = nameIn(target);
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

function tellEnd(context: CommandContext, { workspace }: Target, sentence: string, last: Build): void {
  const { ui, settings, buildLogs } = context;
  const { job, transition } = last;
  if (!hasEnded(last) || job.status !== 'failed' || job.canceled_at !== undefined) {
    ui.inform(sentence);
    return;
  }
  const run =
    (command: string, ...args: unknown[]) =>
    () =>
      ui.runCommand(command, workspace.id, ...args);
  const isUnanswered = job.error_code === 'MISSING_TEMPLATE_PARAMETER' && transition === 'start';
  ui.showError(sentence, [
    ...(isUnanswered ? [{ label: l10n.t('Enter Parameters'), run: run('startWithParameters') }] : []),
    { label: l10n.t('Show Log'), run: run('showLog', last.id) },
  ]);
  if (settings().buildLogOpen === 'onFailure') buildLogs.show(workspace);
}
