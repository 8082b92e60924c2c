import * as l10n from '@vscode/l10n';
import { firstLine, joined, plainLine } from '../api/plainText.ts';
import { isSilent } from '../api/buildEnd.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import { agentName } from './agentNames.ts';
import { agentProblem } from './agentText.ts';
import type { UsualTimes } from './buildTimes.ts';
import { causeOf, isMadeBy, type Viewer } from './cause.ts';
import { restartedStop } from './restartedStop.ts';
import { stopLimits, urgencyOf } from './deadline.ts';
import {
  activeSince,
  byTransition,
  endedAt,
  failingAgents,
  isActive,
  isDormant,
  isUnhealthy,
  untakenBecause,
  wasCanceled,
} from './status.ts';
import { clockTime, day, duration, fromNow, stopwatch, type DisplayLocale } from './times.ts';
import type { TreeOptions } from './treeNode.ts';

type Context = Pick<TreeOptions, 'displayLocale' | 'usualTimes' | 'interruptedRestarts'>;

/**
 * What a workspace's row says next to its name (ux.md). `now` by the server's clock; what somebody else than `viewer` did
 * bears that person's name.
 */
export const statusDescription = (workspace: Workspace, context: Context, now: EpochMs, viewer: Viewer): string => {
  const { latest_build: build } = workspace;
  if (isDormant(workspace) && !isActive(workspace)) return dormantText(workspace, context, now);
  if (wasCanceled(workspace)) return canceledText(build);
  switch (build.status) {
    case 'pending':
      return queuedText(workspace);
    case 'starting':
      return withProgress(statusWord(build.status), workspace, context, now);
    case 'stopping':
    case 'deleting':
      return withProgress(joined([statusWord(build.status), causeOf(build, viewer)]), workspace, context, now);
    case 'canceling':
      return l10n.t('Canceling…');
    case 'running':
      return runningText(workspace, context, now);
    case 'stopped':
      return stoppedText(workspace, context, now, viewer);
    case 'failed':
      return isSilent(build) ? silentText(build) : failedText(build);
    default:
      return statusWord(build.status);
  }
};

/** The status in Coder's words, except that `pending` reads Queued. An unknown status is returned as sent. */
export const statusWord = (status: string): string => {
  switch (status) {
    case 'pending':
      return l10n.t('Queued');
    case 'starting':
      return l10n.t('Starting');
    case 'running':
      return l10n.t('Running');
    case 'stopping':
      return l10n.t('Stopping');
    case 'stopped':
      return l10n.t('Stopped');
    case 'canceling':
      return l10n.t('Canceling');
    case 'canceled':
      return l10n.t('Canceled');
    case 'deleting':
      return l10n.t('Deleting');
    case 'deleted':
      return l10n.t('Deleted');
    case 'failed':
      return l10n.t('Failed');
    default:
      return plainLine(status, 40);
  }
};

/** "Queued, 2 of 5", and why nobody takes the job, if that is known. */
export const queuedText = (workspace: Workspace): string => {
  const { queue_position: position, queue_size: size } = workspace.latest_build.job;
  const why = untakenBecause(workspace);
  if (why === 'unmatched') return l10n.t('Queued · no matching provisioner');
  return joined([
    size > 0 ? l10n.t('Queued, {0} of {1}', position, size) : l10n.t('Queued'),
    why && l10n.t("provisioners aren't responding"),
  ]);
};

/** A planned deletion in the past isn't shown. */
const dormantText = ({ deleting_at: deletingAt }: Workspace, { displayLocale }: Context, now: EpochMs): string =>
  deletingAt === undefined || deletingAt <= now
    ? l10n.t('Dormant')
    : l10n.t('Dormant, deleted on {0}', day(deletingAt, now, displayLocale));

/** "Starting · 0:42, about 20 s left". */
const withProgress = (word: string, workspace: Workspace, { usualTimes }: Context, now: EpochMs): string => {
  const since = activeSince(workspace);
  if (since === undefined) return word;
  const left = timeLeft(workspace, usualTimes, now);
  const times = [stopwatch(between(since, now)), left && l10n.t('about {0} left', duration(left))];
  return joined([word, joined(times, ', ')]);
};

/** Remaining time of the build by the template's median, in steps of 5 s; `undefined` once it is exceeded. */
export const timeLeft = (
  workspace: Workspace,
  usualTimes: ReadonlyMap<string, UsualTimes> | undefined,
  now: EpochMs,
): Milliseconds | undefined => {
  const { template_id: templateId, latest_build: build } = workspace;
  const since = activeSince(workspace);
  const times = usualTimes?.get(templateId ?? '');
  const usual = byTransition(build, {
    start: times?.start,
    stop: times?.stop,
    delete: times?.delete,
    other: undefined,
  });
  if (since === undefined || usual === undefined) return undefined;
  const left = usual - between(since, now);
  return left <= 0 ? undefined : ((Math.ceil(left / 5000) * 5000) as Milliseconds);
};

const runningText = (workspace: Workspace, { displayLocale }: Context, now: EpochMs): string => {
  return joined([
    l10n.t('Running'),
    isUnhealthy(workspace) ? healthProblem(workspace) : nextStopText(workspace, displayLocale, now),
  ]);
};

const nextStopText = (workspace: Workspace, displayLocale: DisplayLocale, now: EpochMs): string => {
  const limits = stopLimits(workspace);
  if (limits === undefined) return l10n.t('no stop set');
  return urgencyOf(limits.deadlineAt, now) === 'stopping'
    ? l10n.t('stopping soon')
    : l10n.t('stops {0}', clockTime(limits.deadlineAt, now, displayLocale));
};

/** The reason of the first agent that has one: "agent main lost connection". */
const healthProblem = (workspace: Workspace): string => {
  const [agent] = failingAgents(workspace);
  if (agent === undefined) return l10n.t('unhealthy');
  return agentProblem(agent, agentName(agent, workspace))[1];
};

/** "Stopped · autostop, 2 days ago". */
const stoppedText = (
  workspace: Workspace,
  { displayLocale, interruptedRestarts }: Context,
  now: EpochMs,
  viewer: Viewer,
): string => {
  const { latest_build: build } = workspace;
  // A stop that was noted but never sent has a number that another stop, of Coder or another user, may have since.
  if (interruptedRestarts?.includes(restartedStop(build)) === true && isMadeBy(viewer, build))
    return joined([l10n.t('Stopped'), l10n.t('restart interrupted')]);
  const at = endedAt(workspace);
  // The server's clock is known to one or two seconds only: an end in the future counts as now.
  const when = at === undefined ? '' : fromNow(Math.min(at, now) as EpochMs, now, displayLocale);
  return joined([l10n.t('Stopped'), joined([causeOf(build, viewer), when], ', ')]);
};

/** V0 reports a running build as failed while its provisioner sends no heartbeat (contract 5.2). */
const silentText = (build: Build): string => {
  const status = byTransition(build, { start: 'starting', stop: 'stopping', delete: 'deleting', other: undefined });
  return status === undefined
    ? l10n.t('No word from the provisioner')
    : joined([statusWord(status), l10n.t('no word from the provisioner')]);
};

const failedText = (build: Build): string => {
  const reason = firstLine(build.job.error ?? '');
  return reason === ''
    ? byTransition(build, {
        start: l10n.t('Start failed'),
        stop: l10n.t('Stop failed'),
        delete: l10n.t('Delete failed'),
        other: l10n.t('Failed'),
      })
    : byTransition(build, {
        start: l10n.t('Start failed: {0}', reason),
        stop: l10n.t('Stop failed: {0}', reason),
        delete: l10n.t('Delete failed: {0}', reason),
        other: l10n.t('Failed: {0}', reason),
      });
};

const canceledText = (build: Build): string =>
  byTransition(build, {
    start: l10n.t('Start canceled'),
    stop: l10n.t('Stop canceled'),
    delete: l10n.t('Delete canceled'),
    other: l10n.t('Canceled'),
  });
