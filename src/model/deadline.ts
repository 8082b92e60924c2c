import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds, TemplateId, WorkspaceId } from '../api/units.ts';
import { between, hours, minutes } from '../api/units.ts';
import { isOwn } from './access.ts';
import type { UsualTimes } from './buildTimes.ts';
import { compareText } from './compareText.ts';
import { nameOf } from './names.ts';
import type { Ready } from './state.ts';
import { isOn } from './status.ts';
import { absoluteAndRelative, duration, type DisplayLocale } from './times.ts';

// All times here are the server's: deadlines are judged by its clock (contract 7.27).

/** When a running workspace stops. */
export interface StopLimits {
  readonly deadlineAt: EpochMs;
  /** The deadline cannot be moved past this. */
  readonly maxAt?: EpochMs | undefined;
  /** The stop is required and can't be postponed (`deadline` = `max_deadline`). */
  readonly isRequired: boolean;
}

/** `undefined`: it isn't running, or has no scheduled stop (contract 5.6: stop and delete builds have a deadline, too). */
export const stopLimits = (workspace: Workspace): StopLimits | undefined => {
  const { deadline, max_deadline: max } = workspace.latest_build;
  if (!isOn(workspace) || deadline === undefined) return undefined;
  return {
    deadlineAt: deadline,
    isRequired: max !== undefined && deadline >= max,
    maxAt: max,
  };
};

/** `stopping`: the deadline has passed and the server has not acted yet. */
export type Urgency = 'calm' | 'soon' | 'stopping';

/** The stop that the status bar shows. */
export interface NextStop extends StopLimits {
  readonly workspace: Workspace;
  readonly urgency: Urgency;
  /** Other workspaces that run, with or without a stop. */
  readonly othersRunning: number;
}

/** Preferred workspaces of this window; each may be stopped or deleted. */
export interface Preference {
  /** The workspace this window is connected to. */
  readonly connected?: WorkspaceId | undefined;
  readonly pinned?: WorkspaceId | undefined;
}

/** Workspaces with countdown and warnings: the user's own, and those preferred in this window. */
export const toldWorkspaces = ({ user, workspaces }: Ready, { connected, pinned }: Preference = {}): Workspace[] =>
  [...workspaces.values()].filter(
    (workspace) => isOwn(workspace, user) || workspace.id === connected || workspace.id === pinned,
  );

/** The stop of the workspace this window is connected to; else of the pinned one; else the one that comes first. */
export const nextStop = (
  workspaces: Iterable<Workspace>,
  now: EpochMs,
  { connected, pinned }: Preference = {},
): NextStop | undefined => {
  const running = [...workspaces].filter(isOn);
  const stops = running.flatMap((workspace) => {
    const limits = stopLimits(workspace);
    return limits === undefined ? [] : [{ ...limits, workspace }];
  });
  const rank = ({ workspace: { id } }: Stop): number => (id === connected ? 0 : id === pinned ? 1 : 2);
  const compare = (one: Stop, other: Stop): number =>
    rank(one) - rank(other) || one.deadlineAt - other.deadlineAt || compareText(one.workspace.id, other.workspace.id);
  const [first, ...others] = stops;
  if (first === undefined) return undefined;
  const next = others.reduce((best, stop) => (compare(stop, best) < 0 ? stop : best), first);
  return { ...next, urgency: urgencyOf(next.deadlineAt, now), othersRunning: running.length - 1 };
};

type Stop = Pick<NextStop, 'workspace' | 'deadlineAt'>;

const SOON = minutes(15);
const BY_SECONDS = minutes(2);
/** From here on `duration` tells days and hours. */
const BY_HOURS = hours(48);
/** Nothing redraws faster than this (ux.md). */
const STEP_MS = 10_000;

export const urgencyOf = (deadlineAt: EpochMs, now: EpochMs): Urgency => {
  if (deadlineAt <= now) return 'stopping';
  return between(now, deadlineAt) <= SOON ? 'soon' : 'calm';
};

/** "1 h 50 min", "1 min 40 s", "stopping soon"; with the name in front where others run, too. */
export const statusText = (stop: NextStop, now: EpochMs): string => {
  const left = leftText(stop.deadlineAt, now);
  return stop.othersRunning === 0 ? left : l10n.t('{0} {1}', plainLine(stop.workspace.name, 32), left);
};

/** How long until the deadline: by minutes, under two minutes by ten seconds; rounded down, so never more than there is. */
export const leftText = (deadlineAt: EpochMs, now: EpochMs): string => {
  const left = between(now, deadlineAt);
  if (left <= 0) return l10n.t('stopping soon');
  if (left < STEP_MS) return l10n.t('under {0} s', STEP_MS / 1000);
  return duration(left < BY_SECONDS ? ((left - (left % STEP_MS)) as Milliseconds) : left);
};

/** Where it is known of the template, activity moves the deadline by itself, unless the stop is required. */
export const isPostponable = (
  workspace: Workspace,
  usualTimes: ReadonlyMap<TemplateId, UsualTimes> | undefined,
): boolean => {
  const { template_id: templateId } = workspace;
  const limits = stopLimits(workspace);
  if (limits === undefined || limits.isRequired || templateId === undefined) return false;
  return usualTimes?.get(templateId)?.activityPostponesStop === true;
};

/** The whole of it for a screen reader: "api-server stops at 18:30, in 1 h 50 min." */
export const stopSentence = (
  stop: NextStop,
  now: EpochMs,
  displayLocale: DisplayLocale,
  usualTimes?: ReadonlyMap<TemplateId, UsualTimes>,
): string => {
  const name = nameOf(stop.workspace);
  if (stop.urgency === 'stopping') return l10n.t('{0} is about to stop.', name);
  const when = absoluteAndRelative(stop.deadlineAt, now, displayLocale);
  return stop.isRequired
    ? requiredStopSentence(stop.workspace, when)
    : isPostponable(stop.workspace, usualTimes)
      ? l10n.t('{0} stops at {1}, unless activity postpones it.', name, when)
      : l10n.t('{0} stops at {1}.', name, when);
};

export const requiredStopSentence = (workspace: Workspace, when: string): string =>
  l10n.t("{0} is required to stop at {1}. This stop can't be postponed.", nameOf(workspace), when);

/**
 * When `leftText` or the urgency of a deadline next says something else; `undefined` once nothing more changes by
 * itself. By hours while days are left, minute by minute, and every ten seconds only in the last two minutes.
 */
export const nextChangeAt = (deadlineAt: EpochMs, now: EpochMs): EpochMs | undefined => {
  const left = between(now, deadlineAt);
  if (left <= 0) return undefined;
  if (left < STEP_MS) return deadlineAt;
  const step = left > BY_HOURS ? 3_600_000 : left > BY_SECONDS ? 60_000 : STEP_MS;
  // At a whole step the text still holds; a millisecond later it does not.
  return (now + (left % step) + 1) as EpochMs;
};
