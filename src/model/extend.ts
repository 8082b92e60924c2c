import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { between, hours, later, minutes } from '../api/units.ts';
import { stopLimits } from './deadline.ts';
import { absoluteAndRelative, clockTime, duration, type DisplayLocale } from './times.ts';

/** One way to put the stop off. */
export interface ExtensionChoice {
  readonly deadlineAt: EpochMs;
  /** "+1 h", "As long as allowed". */
  readonly label: string;
  /** "stops 19:30, in 2 h 50 min". */
  readonly description: string;
}

export interface ExtensionChoices {
  readonly choices: readonly ExtensionChoice[];
  /** Why choices are missing, one sentence. */
  readonly limit?: string | undefined;
}

const AMOUNTS: readonly Milliseconds[] = [minutes(30), hours(1), hours(2), hours(4)];

/** The server refuses a stop in less than half an hour (contract 2.8: its check allows one minute less). */
const LEAST = minutes(30);

/** By how much the stop of `workspace` may be put off now; `now` by the server's clock. */
export const extensionChoices = (
  workspace: Workspace,
  now: EpochMs,
  displayLocale: DisplayLocale,
): ExtensionChoices => {
  const limits = stopLimits(workspace);
  if (limits === undefined) {
    return { choices: [], limit: l10n.t('{0} has no scheduled stop.', nameOf(workspace)) };
  }
  const { deadlineAt, maxAt } = limits;
  const choice = (label: string, at: EpochMs): ExtensionChoice => ({
    label,
    deadlineAt: at,
    description: l10n.t('stops {0}', absoluteAndRelative(at, now, displayLocale)),
  });
  const added = AMOUNTS.map((addMs) => choice(l10n.t('+{0}', duration(addMs)), later(deadlineAt, addMs)));
  const problems = added.map((each) => deadlineProblem(workspace, each.deadlineAt, now, displayLocale));
  const choices = added.filter((_, index) => problems[index] === undefined);
  // The maximum itself, where it is allowed and none of the amounts leads to it.
  const offersMax =
    maxAt !== undefined &&
    maxAt > deadlineAt &&
    deadlineProblem(workspace, maxAt, now, displayLocale) === undefined &&
    choices.every((each) => each.deadlineAt !== maxAt);
  if (offersMax) choices.push(choice(l10n.t('As long as allowed'), maxAt));
  return { choices, limit: problems.findLast((problem) => problem !== undefined) };
};

/** Why `at` cannot be the deadline of `workspace`, or nothing; `now` by the server's clock. */
export const deadlineProblem = (
  workspace: Workspace,
  at: EpochMs,
  now: EpochMs,
  displayLocale: DisplayLocale,
): string | undefined => {
  const limits = stopLimits(workspace);
  if (limits === undefined) return l10n.t('{0} has no scheduled stop.', nameOf(workspace));
  if (limits.isRequired || (limits.maxAt !== undefined && at > limits.maxAt)) {
    return limitSentence(workspace, now, displayLocale);
  }
  if (at < later(now, LEAST)) {
    return l10n.t(
      'The stop time must be at least 30 minutes from now: {0} or later.',
      clockTime(earliest(now), now, displayLocale),
    );
  }
  return undefined;
};

/** The first whole minute that is far enough away. */
const earliest = (now: EpochMs): EpochMs => (Math.ceil((now + LEAST) / 60_000) * 60_000) as EpochMs;

const limitSentence = (workspace: Workspace, now: EpochMs, displayLocale: DisplayLocale): string | undefined => {
  const limits = stopLimits(workspace);
  if (limits?.maxAt === undefined) return undefined;
  const when = absoluteAndRelative(limits.maxAt, now, displayLocale);
  return limits.isRequired
    ? l10n.t("{0} is required to stop at {1}. This stop can't be postponed.", nameOf(workspace), when)
    : l10n.t('{0} must stop by {1}.', nameOf(workspace), when);
};

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

const nameOf = (workspace: Workspace): string => plainLine(workspace.name, 64);
