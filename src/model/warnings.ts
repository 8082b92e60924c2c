import * as l10n from '@vscode/l10n';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { between, hours, later, type EpochMs, type Milliseconds, type TemplateId } from '../api/units.ts';
import type { UsualTimes } from './buildTimes.ts';
import { nextStop, stopLimits, stopSentence, type NextStop } from './deadline.ts';
import { deadlineProblem } from './deadlineLimits.ts';
import type { DisplayLocale } from './times.ts';

/** Which warnings were given. Immutable; each function returns the next value. */
export interface WarningMemory {
  /** The warnings that were given or are about to be, by `warningKey`, with the deadline that each is about. */
  readonly given: ReadonlyMap<string, EpochMs>;
  /** Deadlines for which the user chose *Not for This One*, by `silenceKey`. */
  readonly silenced: ReadonlySet<string>;
}

export const NO_WARNINGS: WarningMemory = { given: new Map(), silenced: new Set() };

/** Input for the warnings. All times are by the server's clock. */
export interface WarningBasis {
  /** Those that this window warns of. */
  readonly workspaces: readonly Workspace[];
  readonly now: EpochMs;
  readonly leadsMinutes: readonly number[];
  /** The rest of the quiet period after the window started: activity may move deadlines in its first seconds. */
  readonly calmMs: Milliseconds;
  readonly usualTimes?: ReadonlyMap<TemplateId, UsualTimes> | undefined;
}

/** A warning that is due, if the workspace still stops then when it is read again. */
export interface Warning {
  readonly stop: NextStop;
  readonly key: string;
}

export interface DueWarnings {
  readonly due: readonly Warning[];
  /** The next memory, in which the due warnings count as given. */
  readonly memory: WarningMemory;
  /** When to call again if nothing changes before. */
  readonly askAgainInMs: Milliseconds | undefined;
}

/** Which warnings are due now: each lead time once for each deadline. */
export const dueWarnings = (basis: WarningBasis, memory: WarningMemory): DueWarnings => {
  const { now, calmMs } = basis;
  const given = new Map([...memory.given].filter(([, deadlineAt]) => deadlineAt > now));
  const due: Warning[] = [];
  let askAgainInMs = Infinity;
  for (const workspace of basis.workspaces) {
    const stop = nextStop([workspace], now);
    const leads = leadsOf(workspace, basis);
    if (stop === undefined || leads.length === 0 || memory.silenced.has(silenceKey(stop))) continue;
    if (calmMs > 0) askAgainInMs = Math.min(askAgainInMs, calmMs);
    else {
      const lead = warningDue(stop, now, leads, given);
      if (lead !== undefined) {
        const key = warningKey(stop, lead);
        given.set(key, stop.deadlineAt);
        due.push({ stop, key });
      }
    }
    for (const lead of leads) {
      const wait = between(now, stop.deadlineAt) - lead * MINUTE_MS;
      if (wait > 0) askAgainInMs = Math.min(askAgainInMs, wait);
    }
  }
  return {
    due,
    memory: { ...memory, given },
    askAgainInMs: askAgainInMs === Infinity ? undefined : (askAgainInMs as Milliseconds),
  };
};

const MINUTE_MS = 60_000;

/** A template can add one lead (contract 4.1), unless warnings are off. */
const leadsOf = (
  { template_id: templateId }: Workspace,
  { leadsMinutes, usualTimes }: WarningBasis,
): readonly number[] => {
  const notifyMs = (templateId && usualTimes?.get(templateId)?.notifyBefore) ?? 0;
  return leadsMinutes.length === 0 || notifyMs <= 0 ? leadsMinutes : [...leadsMinutes, notifyMs / MINUTE_MS];
};

/** How many stop within the last lead. */
export const stoppingWithinLastLead = ({ workspaces, now, leadsMinutes }: WarningBasis): number => {
  const lastLead = Math.min(...leadsMinutes) * MINUTE_MS;
  return leadsMinutes.length === 0
    ? 0
    : workspaces.filter((workspace) => (stopLimits(workspace)?.deadlineAt ?? Infinity) <= now + lastLead).length;
};

/** Delay before a workspace that couldn't be read is read again. */
const REREAD_AGAIN_MS = 15_000 as Milliseconds;

export interface RereadWarning {
  /** The stop to warn of now; absent if it changed or is unknown. */
  readonly stop?: NextStop;
  readonly memory: WarningMemory;
  readonly askAgainInMs?: Milliseconds;
}

/**
 * Decides on a due warning after its workspace was read again, because activity moves deadlines. `fresh` is undefined if
 * the workspace is gone or can't be read; the warning then stays due. If the deadline moved, the warning is dropped, and
 * the new deadline gets warnings of its own.
 */
export const rereadWarning = (
  { stop, key }: Warning,
  fresh: Workspace | undefined,
  now: EpochMs,
  memory: WarningMemory,
): RereadWarning => {
  if (fresh === undefined) {
    const given = new Map(memory.given);
    given.delete(key);
    return { memory: { ...memory, given }, askAgainInMs: REREAD_AGAIN_MS };
  }
  const still = nextStop([fresh], now);
  const isTrue =
    still?.deadlineAt === stop.deadlineAt && still.deadlineAt > now && !memory.silenced.has(silenceKey(still));
  return isTrue ? { stop: still, memory } : { memory };
};

/** *Not for This One*: no more warnings until the deadline changes. */
export const silence = (memory: WarningMemory, stop: NextStop): WarningMemory => ({
  ...memory,
  silenced: new Set([...memory.silenced, silenceKey(stop)]),
});

export const silenceKey = (stop: NextStop): string => warningKey(stop, 0);

/** How a warning can be answered. */
export type WarningAnswer = 'extendHour' | 'choose' | 'silence';

export interface WarningText {
  readonly message: string;
  readonly answers: readonly WarningAnswer[];
}

export const warningText = (
  stop: NextStop,
  { now, usualTimes }: Pick<WarningBasis, 'now' | 'usualTimes'>,
  displayLocale: DisplayLocale,
): WarningText => {
  const hourLater = later(stop.deadlineAt, hours(1));
  const allowsHour = deadlineProblem(stop.workspace, hourLater, now, displayLocale) === undefined;
  return {
    message: stopSentence(stop, now, displayLocale, usualTimes),
    answers: stop.isRequired ? ['silence'] : [...(allowsHour ? ['extendHour' as const] : []), 'choose', 'silence'],
  };
};

export const answerLabel = (answer: WarningAnswer): string => {
  switch (answer) {
    case 'extendHour':
      return l10n.t('Extend 1 h');
    case 'choose':
      return l10n.t('Choose…');
    case 'silence':
      return l10n.t('Not for This One');
  }
};

/**
 * How many minutes before the deadline to warn now, or nothing: the smallest of `leadsMinutes` that has come and that was
 * not given for this deadline. `given` holds what `warningKey` named before.
 */
export const warningDue = (
  stop: NextStop,
  now: EpochMs,
  leadsMinutes: readonly number[],
  given: { has(key: string): boolean },
): number | undefined => {
  const left = between(now, stop.deadlineAt);
  if (left <= 0) return undefined;
  const due = [...leadsMinutes].sort((one, other) => one - other).find((lead) => left <= lead * MINUTE_MS);
  if (due === undefined || given.has(warningKey(stop, due))) return undefined;
  return due;
};

/** Identifies a warning by workspace, deadline, and lead, so that a moved deadline warns again. */
export const warningKey = ({ workspace, deadlineAt }: NextStop, leadMinutes: number): string =>
  `${workspace.id} ${deadlineAt} ${leadMinutes}`;
