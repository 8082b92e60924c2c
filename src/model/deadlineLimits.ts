import * as l10n from '@vscode/l10n';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { later, minutes, type EpochMs } from '../api/units.ts';
import { requiredStopSentence, stopLimits } from './deadline.ts';
import { nameOf } from './names.ts';
import { absoluteAndRelative, clockTime, type DisplayLocale } from './times.ts';

/** The server refuses a stop in less than half an hour; its check allows one minute less (contract 2.8): the margin. */
const LEAST = minutes(30);

/** Why `at` cannot be the deadline of `workspace`, or nothing; `now` by the server's clock. */
export const deadlineProblem = (
  workspace: Workspace,
  at: EpochMs,
  now: EpochMs,
  displayLocale: DisplayLocale,
): string | undefined => {
  const limits = stopLimits(workspace);
  if (limits === undefined) return noStopSentence(workspace);
  if (limits.maxAt !== undefined && at > limits.maxAt) {
    const when = absoluteAndRelative(limits.maxAt, now, displayLocale);
    return limits.isRequired
      ? requiredStopSentence(workspace, when)
      : l10n.t('{0} must stop by {1}.', nameOf(workspace), when);
  }
  if (at < later(now, LEAST)) {
    return l10n.t(
      'The stop time must be at least 30 minutes from now: {0} or later.',
      clockTime(earliestStop(now), now, displayLocale),
    );
  }
  return undefined;
};

/** The first whole minute that is far enough away. */
export const earliestStop = (now: EpochMs): EpochMs => (Math.ceil((now + LEAST) / 60_000) * 60_000) as EpochMs;

export const noStopSentence = (workspace: Workspace): string => l10n.t('{0} has no scheduled stop.', nameOf(workspace));
