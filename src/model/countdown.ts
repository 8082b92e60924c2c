import * as l10n from '@vscode/l10n';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { hours, later, minutes, type EpochMs, type TemplateId, type WorkspaceId } from '../api/units.ts';
import type { UsualTimes } from './buildTimes.ts';
import { causeOf } from './cause.ts';
import { nextChangeAt, nextStop, statusText, stopSentence, toldWorkspaces, type Preference } from './deadline.ts';
import { noStopSentence } from './deadlineLimits.ts';
import { plainLine } from '../api/plainText.ts';
import type { Ready, State } from './state.ts';
import { endedAt, isOn } from './status.ts';
import type { DisplayLocale } from './times.ts';

/** Input for the status bar item. */
export interface CountdownBasis {
  readonly state: State | undefined;
  /** By the server's clock. */
  readonly now: EpochMs;
  readonly preference: Preference;
  readonly show: 'always' | 'withinHour' | 'never';
  readonly usualTimes?: ReadonlyMap<TemplateId, UsualTimes> | undefined;
}

/** Content of the status bar item. `changesAt`: when it next changes merely because time passes. */
export type Countdown =
  | { readonly kind: 'hidden'; readonly changesAt?: EpochMs | undefined }
  /** The session has ended by itself. */
  | { readonly kind: 'signedOut'; readonly changesAt?: undefined }
  | {
      readonly kind: 'stops';
      readonly workspaceId: WorkspaceId;
      readonly text: string;
      /** The whole of it for a screen reader. */
      readonly sentence: string;
      readonly isUrgent: boolean;
      readonly changesAt: EpochMs | undefined;
    }
  /** The connected or pinned workspace stopped less than five minutes ago. */
  | {
      readonly kind: 'stopped';
      readonly workspaceId: WorkspaceId;
      readonly text: string;
      readonly sentence: string;
      readonly changesAt: EpochMs;
    };

export const countdown = (basis: CountdownBasis, displayLocale: DisplayLocale): Countdown => {
  const { state, now, preference, show } = basis;
  if (state?.kind === 'signedOut' && state.reason !== undefined) return { kind: 'signedOut' };
  if (state?.kind !== 'ready' || show === 'never') return { kind: 'hidden' };
  const stopped = justStopped(state, now, preference);
  if (stopped !== undefined) return stopped;
  const stop = nextStop(toldWorkspaces(state, preference), now, preference);
  if (stop === undefined) return { kind: 'hidden' };
  const shownFrom = (stop.deadlineAt - hours(1)) as EpochMs;
  if (show === 'withinHour' && now < shownFrom) return { kind: 'hidden', changesAt: shownFrom };
  return {
    kind: 'stops',
    workspaceId: stop.workspace.id,
    text: statusText(stop, now),
    sentence: stopSentence(stop, now, displayLocale, basis.usualTimes),
    isUrgent: stop.urgency !== 'calm',
    changesAt: nextChangeAt(stop.deadlineAt, now),
  };
};

const TOLD_FOR = minutes(5);

/** How long the item shows who stopped the connected or pinned workspace. */
const justStopped = (state: Ready, now: EpochMs, { connected, pinned }: Preference): Countdown | undefined => {
  const id = connected ?? pinned;
  const workspace = id === undefined ? undefined : state.workspaces.get(id);
  if (workspace?.latest_build.status !== 'stopped') return undefined;
  const at = endedAt(workspace);
  if (at === undefined || now >= later(at, TOLD_FOR)) return undefined;
  const cause = causeOf(workspace.latest_build, state.user);
  const name = plainLine(workspace.name, 32);
  const text = cause === '' ? l10n.t('stopped') : l10n.t('stopped by {0}', cause);
  const othersRun = toldWorkspaces(state).some(isOn);
  return {
    kind: 'stopped',
    workspaceId: workspace.id,
    text: othersRun ? l10n.t('{0} {1}', name, text) : text,
    sentence: cause === '' ? l10n.t('{0} was stopped.', name) : l10n.t('{0} was stopped by {1}.', name, cause),
    changesAt: later(at, TOLD_FOR),
  };
};

/** A running workspace, as the item's tooltip names it. */
export interface RunningWorkspace {
  readonly workspaceId: WorkspaceId;
  readonly sentence: string;
  /** How its scheduled stop can be moved; a required stop only to an earlier time. */
  readonly moves: 'anywhere' | 'earlier' | undefined;
}

export interface RunningWorkspaces {
  /** Those that stop first come first. */
  readonly first: readonly RunningWorkspace[];
  /** How many more run. */
  readonly more: number;
}

/** The running workspaces, at most `most` of them by name. */
export const runningWorkspaces = (
  { state, now, preference, usualTimes }: Omit<CountdownBasis, 'show'>,
  displayLocale: DisplayLocale,
  most: number,
): RunningWorkspaces => {
  const first: Workspace[] = [];
  let count = 0;
  for (const workspace of state?.kind === 'ready' ? toldWorkspaces(state, preference) : []) {
    if (!isOn(workspace)) continue;
    count += 1;
    const place = first.findIndex((other) => stopOf(workspace) < stopOf(other));
    if (place >= 0) first.splice(place, 0, workspace);
    else if (first.length < most) first.push(workspace);
    first.length = Math.min(first.length, most);
  }
  return {
    first: first.map((workspace) => asRunning(workspace, now, displayLocale, usualTimes)),
    more: count - first.length,
  };
};

/** Sort key of a running workspace: its deadline; workspaces without one come last. */
const stopOf = ({ latest_build: build }: Workspace): number => build.deadline ?? Number.MAX_VALUE;

const asRunning = (
  workspace: Workspace,
  now: EpochMs,
  displayLocale: DisplayLocale,
  usualTimes: CountdownBasis['usualTimes'],
): RunningWorkspace => {
  const stop = nextStop([workspace], now);
  return {
    workspaceId: workspace.id,
    sentence: stop === undefined ? noStopSentence(workspace) : stopSentence(stop, now, displayLocale, usualTimes),
    moves: stop && (stop.isRequired ? 'earlier' : 'anywhere'),
  };
};
