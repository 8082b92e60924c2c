import * as l10n from '@vscode/l10n';
import * as builds from '../api/builds.ts';
import { inBackground, type ApiError } from '../api/errors.ts';
import { hasEnded, isSilent } from '../api/buildEnd.ts';
import { joined } from '../api/plainText.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import { whyNot } from '../model/actions.ts';
import { outcomeSentence } from '../model/outcome.ts';
import { Dismissed } from '../model/prompt.ts';
import { isActive } from '../model/status.ts';
import { isUnconfirmed, rereadAfter, rereadOnceBack, unlessUnread } from './afterWrite.ts';
import type { CommandContext } from './context.ts';
import { followBuild } from './followBuild.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, findTarget, nameIn, readyState, type Target } from './target.ts';
import type { Ui } from './ui.ts';

/** Cancels the build whose log is open in the Output panel. */
export const cancelShown = (context: CommandContext): Promise<void> =>
  cancel(context, context.buildLogs.onScreen()?.workspaceId);

export async function cancel(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'cancel');
  const build = await cancelBuild(context, target);
  if (build !== undefined) await followBuild(context, target, build);
}

/**
 * Confirms, cancels, and passes the server's response to the session. Resolves to the build to follow, even if another user
 * has canceled it meanwhile; `undefined` if it is already being canceled by another click. Throws `Dismissed`, a `Refusal`,
 * and ApiError.
 */
export async function cancelBuild(
  { ui, sending }: Pick<CommandContext, 'ui' | 'sending'>,
  target: Target,
): Promise<Build | undefined> {
  const { session, signal } = target;
  let { workspace } = target;
  let meanwhile = '';
  for (;;) {
    const { latest_build: build } = workspace;
    // A build that nothing is heard of goes on, and can be canceled (contract 2.10, 5.2).
    const isSame = ({ latest_build: now }: Workspace) =>
      now.id === build.id && (now.status === build.status || isSilent(now));
    await ask(ui, nameIn(target), workspace, meanwhile);
    // If the build has started or ended since the question was shown, the question has changed.
    let now = currentWorkspace(target);
    if (isSame(now)) {
      const key = `cancel ${build.id}`;
      if (sending.has(key)) return undefined;
      sending.add(key);
      try {
        const expectStatus = build.status === 'pending' ? { expectStatus: 'pending' as const } : {};
        await builds.cancel(session.calls, build.id, expectStatus, signal);
        return await canceled(ui, target, build);
      } catch (error) {
        if (isUnconfirmed(error)) return await canceled(ui, target, build, error);
        now = await rereadAfter(error, target);
        const why = whyNot('cancel', now, (await readyState(session)).user);
        if (isSame(now)) throw why === undefined ? error : new Refusal(why);
      } finally {
        sending.delete(key);
      }
    }
    const { latest_build: latest } = now;
    if (latest.id === build.id && latest.status === 'canceling') return latest;
    const { user } = await readyState(session);
    const why = whyNot('cancel', now, user);
    if (why !== undefined) {
      throw new Refusal(
        isActive(now) ? why : l10n.t('The build has already finished. {0}', outcomeSentence(now.name, latest)),
      );
    }
    workspace = now;
    meanwhile =
      latest.id === build.id
        ? l10n.t('The build has moved on since you were asked.')
        : l10n.t('Another build has started since you were asked.');
  }
}

/**
 * Reads the canceled build; if that fails, shows a message and returns the build as it was before. `lost`: the response to the
 * cancel request was lost, so the build may not be canceled; where it can't be read now, that is told as soon as it is known.
 */
async function canceled(ui: Ui, target: Target, build: Build, lost?: ApiError): Promise<Build> {
  const { session, signal } = target;
  let now: Build;
  try {
    now = await builds.get(session.calls, build.id, signal);
  } catch (error) {
    await unlessUnread(error, session);
    ui.inform(l10n.t("Coder was asked to cancel the build of {0} but hasn't confirmed it yet.", nameIn(target)));
    const tell = ({ latest_build: latest }: Workspace): void => {
      const why = latest.id === build.id ? notCanceled(target, latest, lost) : undefined;
      if (why !== undefined) ui.inform(why);
    };
    // Whoever follows the build is told why it can't be read.
    inBackground(rereadOnceBack(target).then(tell), () => undefined);
    return build;
  }
  session.adopt(now);
  const why = notCanceled(target, now, lost);
  if (why !== undefined) throw new Refusal(why);
  return now;
}

/** That the cancel whose response was lost didn't arrive. */
const notCanceled = (target: Target, now: Build, lost: ApiError | undefined): string | undefined =>
  lost === undefined || now.job.canceled_at !== undefined || hasEnded(now)
    ? undefined
    : l10n.t("The build of {0} wasn't canceled. {1}", nameIn(target), lost.message);

async function ask(ui: Ui, name: string, workspace: Workspace, meanwhile: string): Promise<void> {
  const cancelBuildLabel = l10n.t('Cancel Build');
  const detail = joined([meanwhile, consequence(workspace.latest_build)], '\n');
  const answer = await ui.confirm(question(name, workspace), detail, [cancelBuildLabel], l10n.t('Keep Running'));
  if (answer === undefined) throw new Dismissed();
}

function question(name: string, { latest_build: build }: Workspace): string {
  if (build.transition === 'start') return l10n.t('Cancel the start of {0}?', name);
  if (build.transition === 'stop') return l10n.t('Cancel the stop of {0}?', name);
  return l10n.t('Cancel the deletion of {0}?', name);
}

function consequence(build: Build): string {
  if (build.status === 'pending')
    return l10n.t('The build is queued. Some versions of Coder still run it after it shows Canceled.');
  if (build.transition === 'start') {
    return l10n.t(
      'Resources that were already created may keep running and incurring cost, even though the workspace shows Canceled. Start or stop the workspace later to clean them up.',
    );
  }
  if (build.transition === 'stop') {
    return l10n.t("Resources that haven't stopped yet keep running. Stop the workspace again to clean them up.");
  }
  return l10n.t(
    'Resources that were already deleted are gone, and the workspace may no longer work. Delete it again to clean up the rest.',
  );
}
