import * as l10n from '@vscode/l10n';
import { ApiError } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import * as templates from '../api/templates.ts';
import { later, type EpochMs } from '../api/units.ts';
import { usualTimes, type UsualTimes } from '../model/buildTimes.ts';
import { stopLimits } from '../model/deadline.ts';
import { absoluteAndRelative, weekday, type DisplayLocale } from '../model/times.ts';
import type { Target } from './target.ts';

/** Nobody waits longer for what is only said beside the choices. */
const LONGEST_MS = 2_000;

/** What the template says of stops; `undefined`: it cannot be read now. */
export async function templateFacts({ session, workspace, signal }: Target): Promise<UsualTimes | undefined> {
  const { template_id: id } = workspace;
  const known = id && session.usualTimes.value.get(id);
  if (id === undefined || known !== undefined) return known;
  try {
    return usualTimes(
      await templates.get(session.client.calls, id, AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)])),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ApiError || (error instanceof Error && error.name === 'TimeoutError')) return undefined;
    throw error;
  }
}

/** What else decides when the workspace stops, a sentence each. */
export function stopNotes(
  workspace: Workspace,
  facts: UsualTimes | undefined,
  displayLocale: DisplayLocale,
  now: EpochMs,
): string[] {
  const limits = stopLimits(workspace);
  if (limits === undefined) return [];
  const notes: string[] = [];
  const { days = [], everyWeeks = 1 } = facts?.requiredStop ?? {};
  if (limits.maxAt !== undefined && days.length > 0) {
    const named = days.map((day) => dayName(day, displayLocale)).join(', ');
    notes.push(
      everyWeeks > 1
        ? l10n.t('The template requires a stop every {0} weeks: {1}.', everyWeeks, named)
        : l10n.t('The template requires a stop each week: {0}.', named),
    );
  }
  const { next_start_at: startAt, ttl_ms: ttl } = workspace;
  // An autostart that comes before the stop counts anew (contract 4.5).
  if (startAt !== undefined && ttl !== undefined && Math.abs(later(startAt, ttl) - limits.deadlineAt) < SAME_MS) {
    notes.push(
      l10n.t('The stop counts from the next autostart: {0}.', absoluteAndRelative(startAt, now, displayLocale)),
    );
  }
  return notes;
}

const SAME_MS = 60_000;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** A Sunday, in whose week weekdays are named. */
const SUNDAY = Date.UTC(2026, 0, 4);

const dayName = (day: string, displayLocale: DisplayLocale): string => {
  const index = DAYS.indexOf(day.toLowerCase());
  return index < 0 ? day : weekday((SUNDAY + index * 86_400_000) as EpochMs, { ...displayLocale, timeZone: 'UTC' });
};
