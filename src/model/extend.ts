import * as l10n from '@vscode/l10n';
import { fieldsOf } from '../api/json.ts';
import { plainLine } from '../api/plainText.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { between, hours, later, minutes, type EpochMs, type Milliseconds } from '../api/units.ts';
import type { UsualTimes } from './buildTimes.ts';
import { parseClock } from './clockInput.ts';
import { stopLimits } from './deadline.ts';
import { deadlineProblem, earliestStop, noStopSentence } from './deadlineLimits.ts';
import { absoluteAndRelative, clockTime, duration, type DisplayLocale } from './times.ts';

/**
 * How a stop is moved, as it was chosen, so that it can be done again another day: by so much from where it is (earlier
 * when negative), as far as allowed in either direction, far away, until a time that was typed, or not at all (`off`).
 */
export type Move = Milliseconds | 'longest' | 'soonest' | 'far' | 'off' | { readonly until: string };

/** One way to move the stop. */
export interface ExtensionChoice {
  readonly move: Move;
  /** "+1 h", "As long as allowed". */
  readonly label: string;
  /** "stops 19:30, in 2 h 50 min". */
  readonly description: string;
}

export interface ExtensionChoices {
  readonly longer: readonly ExtensionChoice[];
  readonly shorter: readonly ExtensionChoice[];
  /** Turns the stop off or moves it far away; absent where that isn't allowed. */
  readonly never?: ExtensionChoice | undefined;
  /** Whether the limits allow any typed time. */
  readonly takesTime: boolean;
  /** Why some choices are missing, one sentence. */
  readonly limit?: string | undefined;
}

const LATER: readonly Milliseconds[] = [minutes(30), hours(1), hours(2), hours(4)];
const EARLIER: readonly Milliseconds[] = [minutes(-30), hours(-1)];
/** V0 has no bound, and keeps the deadline of what runs when its TTL is turned off (contract 2.7, 2.8). */
const FAR = hours(30 * 24);

/** The deadline that `move` results in; `undefined` if the move isn't possible. `now` is the server's time. */
export const movedTo = (
  move: Move,
  workspace: Workspace,
  now: EpochMs,
  displayLocale: DisplayLocale,
): EpochMs | undefined => {
  const limits = stopLimits(workspace);
  if (limits === undefined || move === 'off') return undefined;
  if (typeof move === 'number') return later(limits.deadlineAt, move);
  if (move === 'longest') return limits.maxAt;
  if (move === 'soonest') return earliestStop(now);
  if (move === 'far') return later(now, FAR);
  const at = parseClock(move.until, now, displayLocale);
  return typeof at === 'string' ? undefined : at;
};

/** What was remembered as the usual extension, if it is one. */
export const readUsual = (value: unknown): Move | undefined => {
  if (value === 'longest' || (typeof value === 'number' && value > 0 && value <= FAR)) return value as Move;
  const { until } = fieldsOf(value);
  return typeof until === 'string' ? { until } : undefined;
};

/** How the stop of `workspace` may be moved now; `now` by the server's clock. */
export const extensionChoices = (
  workspace: Workspace,
  now: EpochMs,
  displayLocale: DisplayLocale,
  keepsRunning?: UsualTimes['keepsRunning'],
): ExtensionChoices => {
  const limits = stopLimits(workspace);
  if (limits === undefined) {
    return { longer: [], shorter: [], takesTime: false, limit: noStopSentence(workspace) };
  }
  const { deadlineAt, maxAt, isRequired } = limits;
  let limit: string | undefined;
  const seen = new Set<EpochMs>([deadlineAt]);
  const choices = (labels: ReadonlyMap<Move, string>): ExtensionChoice[] =>
    [...labels].flatMap(([move, label]) => {
      const at = movedTo(move, workspace, now, displayLocale);
      if (at === undefined || seen.has(at)) return [];
      const problem = deadlineProblem(workspace, at, now, displayLocale);
      if (problem === undefined) {
        seen.add(at);
        return [{ move, label, description: l10n.t('stops {0}', absoluteAndRelative(at, now, displayLocale)) }];
      }
      if (at > deadlineAt) limit = problem;
      return [];
    });
  const longer = choices(
    new Map<Move, string>([
      ...LATER.map((ms) => [ms, l10n.t('+{0}', duration(ms))] as const),
      ['longest', l10n.t('As long as allowed')],
    ]),
  );
  const shorter = choices(
    new Map<Move, string>([
      ...EARLIER.map((ms) => [ms, l10n.t('−{0}', duration(between(later(now, ms), now)))] as const),
      ...(earliestStop(now) < deadlineAt ? ([['soonest', l10n.t('As soon as allowed')]] as const) : []),
    ]),
  );
  const never = isRequired ? undefined : neverStop(workspace, now, displayLocale, keepsRunning);
  return { longer, shorter, never, takesTime: maxAt === undefined || maxAt >= earliestStop(now), limit };
};

const neverStop = (
  workspace: Workspace,
  now: EpochMs,
  displayLocale: DisplayLocale,
  keepsRunning: UsualTimes['keepsRunning'],
): ExtensionChoice | undefined => {
  const label = l10n.t("Don't stop");
  const { deadlineAt = now, maxAt } = stopLimits(workspace) ?? {};
  if (keepsRunning === 'farExtension' && deadlineAt < later(now, FAR)) {
    const when = clockTime(later(now, FAR), now, displayLocale);
    return { move: 'far', label, description: l10n.t('postpones the stop by 30 days, to {0}', when) };
  }
  if (keepsRunning !== 'ttlOff') return undefined;
  return {
    move: 'off',
    label,
    description: autostopOffNote(maxAt, now, displayLocale),
  };
};

/** What turning autostop off does to a workspace that runs, whose stop may be required. */
export const autostopOffNote = (maxAt: EpochMs | undefined, now: EpochMs, displayLocale: DisplayLocale): string =>
  maxAt === undefined
    ? l10n.t('turns off autostop for this and later starts')
    : l10n.t('turns off autostop; still required to stop at {0}', absoluteAndRelative(maxAt, now, displayLocale));

/** "api-server now stops at 19:30 (1 h later)." */
export const extendedSentence = (
  name: string,
  before: EpochMs | undefined,
  after: EpochMs,
  now: EpochMs,
  displayLocale: DisplayLocale,
): string => {
  const shown = plainLine(name, 64);
  const at = clockTime(after, now, displayLocale);
  if (before === undefined || before === after) return l10n.t('{0} now stops at {1}.', shown, at);
  return after > before
    ? l10n.t('{0} now stops at {1} ({2} later).', shown, at, duration(between(before, after)))
    : l10n.t('{0} now stops at {1} ({2} earlier).', shown, at, duration(between(after, before)));
};
