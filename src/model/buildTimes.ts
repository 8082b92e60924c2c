import type { Calls } from '../api/calls.ts';
import type { Template } from '../api/schemas/templates.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import * as templates from '../api/templates.ts';
import type { Milliseconds, TemplateId } from '../api/units.ts';
import { stopLimits } from './deadline.ts';
import { Variable, type Observable } from './observable.ts';
import { RetriedReads, type RetriedReadsOptions } from './retriedReads.ts';
import { isActive } from './status.ts';

/** Median build durations of a template, where the deployment has them (contract 4.1), and its autostop rules. */
export interface UsualTimes {
  readonly start?: Milliseconds | undefined;
  readonly stop?: Milliseconds | undefined;
  readonly delete?: Milliseconds | undefined;
  /** Whether activity postpones the stops of its workspaces. */
  readonly activityPostponesStop?: boolean;
  /**
   * How a workspace is kept running where that is allowed: V2 clears the deadline when autostop is turned off, V0 keeps
   * that of what runs and has no bound for it (contract 2.7, 2.8).
   */
  readonly keepsRunning?: 'ttlOff' | 'farExtension' | undefined;
  /** V2: required stops: English lower-case weekdays, every `weeks` weeks. */
  readonly requiredStop?: { readonly days: readonly string[]; readonly everyWeeks: number } | undefined;
  /** V2.36: how long before a stop users are to be notified. */
  readonly notifyBefore?: Milliseconds | undefined;
}

export const usualTimes = ({ build_time_stats: stats, activity_bump_ms: bump, ...template }: Template): UsualTimes => ({
  start: stats?.start?.P50,
  stop: stats?.stop?.P50,
  delete: stats?.delete?.P50,
  // V0 has no such field, and activity always postpones the stop (contract 4.5).
  activityPostponesStop: bump === undefined || bump > 0,
  keepsRunning:
    template.allow_user_autostop === undefined ? 'farExtension' : template.allow_user_autostop ? 'ttlOff' : undefined,
  requiredStop: template.autostop_requirement && {
    days: template.autostop_requirement.days_of_week,
    everyWeeks: template.autostop_requirement.weeks,
  },
  notifyBefore: template.time_til_autostop_notify_ms,
});

/** Whether what is shown of a workspace depends on its template. */
export const needsTemplate = (workspace: Workspace): boolean =>
  isActive(workspace) || stopLimits(workspace) !== undefined;

/** Reads the templates of the visible builds. */
export class BuildTimes {
  readonly #calls: Calls;
  readonly #signal: AbortSignal;
  readonly #reads: RetriedReads;
  readonly #known = new Variable<ReadonlyMap<TemplateId, UsualTimes>>(new Map());

  constructor(calls: Calls, options: RetriedReadsOptions) {
    this.#calls = calls;
    this.#signal = options.signal;
    this.#reads = new RetriedReads(options);
  }

  get known(): Observable<ReadonlyMap<TemplateId, UsualTimes>> {
    return this.#known;
  }

  /** Until it is known, a row shows only the elapsed time. */
  learn(id: TemplateId): void {
    this.#reads.ask(id, async () => {
      const template = await templates.get(this.#calls, id, this.#signal);
      this.#known.set(new Map(this.#known.value).set(id, usualTimes(template)));
    });
  }
}
