import * as l10n from '@vscode/l10n';
import { LinkedController } from '../api/abort.ts';
import { ApiError, isAbort } from '../api/errors.ts';
import { plainLine } from '../api/plainText.ts';
import type { QuietHours } from '../api/schemas/general.ts';
import type { Template } from '../api/schemas/templates.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import * as templates from '../api/templates.ts';
import { later, type EpochMs } from '../api/units.ts';
import * as users from '../api/users.ts';
import { daysText } from '../model/autostart.ts';
import { usualTimes, type UsualTimes } from '../model/buildTimes.ts';
import { weekdayNumber } from '../model/weeklyStart.ts';
import { stopLimits } from '../model/deadline.ts';
import { absoluteAndRelative, type DisplayLocale } from '../model/times.ts';
import type { Target } from './target.ts';
import type { Ui } from './ui.ts';

/** Rules other than its own deadline that decide when a workspace stops. */
export interface StopFacts {
  readonly template?: UsualTimes | undefined;
  /** When required stops happen; only asked for where there is one. */
  readonly quietHours?: QuietHours | undefined;
}

/** What can be read of it now. */
export function readStopFacts(ui: Pick<Ui, 'showWaiting'>, target: Target): Promise<StopFacts> {
  return shown(ui, target, stopFacts(target));
}

async function stopFacts(target: Target): Promise<StopFacts> {
  const { session, workspace, signal } = target;
  const { calls } = session;
  const template = await templateFacts(target);
  const isDecided = stopLimits(workspace)?.maxAt !== undefined && (template?.requiredStop?.days.length ?? 0) > 0;
  const quietHours = isDecided
    ? await ifPossible((limited) => users.quietHours(calls, workspace.owner_id ?? 'me', limited), signal)
    : undefined;
  return { template, quietHours };
}

/** The template's autostop rules, now or when last read; `undefined`: never read. */
async function templateFacts(target: Target): Promise<UsualTimes | undefined> {
  const template = await readTemplate(target);
  const { template_id: id } = target.workspace;
  return template === undefined ? id && target.session.usualTimes.value.get(id) : usualTimes(template);
}

/** The template as it is now; `undefined`: it cannot be read now. */
export const templateOf = (ui: Pick<Ui, 'showWaiting'>, target: Target): Promise<Template | undefined> =>
  shown(ui, target, readTemplate(target));

async function readTemplate({ session, workspace, signal }: Target): Promise<Template | undefined> {
  const { template_id: id } = workspace;
  return id && ifPossible((limited) => templates.get(session.calls, id, limited), signal);
}

/** Until it is read nothing else shows that the command has begun. */
function shown<T>(ui: Pick<Ui, 'showWaiting'>, { workspace }: Target, reading: Promise<T>): Promise<T> {
  ui.showWaiting(l10n.t('Loading {0}…', workspace.name), reading);
  return reading;
}

/** Timeout for what is only shown beside the choices. */
const LONGEST_MS = 2_000;

async function ifPossible<T>(read: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const limited = new LinkedController(signal, LONGEST_MS);
  try {
    return await read(limited.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ApiError || isAbort(error)) return undefined;
    throw error;
  } finally {
    limited.release();
  }
}

/** What else decides when the workspace stops, a sentence each. */
export function stopNotes(
  workspace: Workspace,
  { template, quietHours }: StopFacts,
  displayLocale: DisplayLocale,
  now: EpochMs,
): string[] {
  const limits = stopLimits(workspace);
  if (limits === undefined) return [];
  const notes: string[] = [];
  const required = requiredStopNote(template, displayLocale);
  if (limits.maxAt !== undefined && required !== undefined) notes.push(required);
  if (quietHours !== undefined) {
    const { time, timezone } = quietHours;
    notes.push(
      l10n.t('Required stops happen in quiet hours, from {0} ({1}).', plainLine(time, 20), plainLine(timezone, 60)),
    );
  }
  const { next_start_at: startAt, ttl_ms: ttl } = workspace;
  // An autostart before the stop restarts the time before autostop (contract 4.5).
  const isAhead = startAt !== undefined && startAt > now;
  if (isAhead && ttl !== undefined && Math.abs(later(startAt, ttl) - limits.deadlineAt) < SAME_MS) {
    notes.push(
      l10n.t(
        'The time before autostop counts from the next autostart: {0}.',
        absoluteAndRelative(startAt, now, displayLocale),
      ),
    );
  }
  return notes;
}

const SAME_MS = 60_000;

/** On which days the template requires a stop, if it does. */
export const requiredStopNote = (facts: UsualTimes | undefined, displayLocale: DisplayLocale): string | undefined => {
  const { days = [], everyWeeks = 1 } = facts?.requiredStop ?? {};
  if (days.length === 0) return undefined;
  const named = daysText(days.map(weekdayNumber), displayLocale);
  return everyWeeks > 1
    ? l10n.t('The template requires a stop every {0} weeks: {1}.', everyWeeks, named)
    : l10n.t('The template requires a stop every week: {0}.', named);
};
