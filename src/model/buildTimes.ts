import type { CoderClient } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import type { Template } from '../api/schemas/templates.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import * as templates from '../api/templates.ts';
import type { Milliseconds, MonotonicMs, TemplateId } from '../api/units.ts';
import { between } from '../api/units.ts';
import { stopLimits } from './deadline.ts';
import { Variable, type Observable } from './observable.ts';
import { isActive } from './status.ts';
import type { Timing } from './timing.ts';

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

/** What something needs that asks the deployment now and then. */
export interface LearnerOptions {
  readonly client: Pick<CoderClient, 'calls'>;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** A mistake of this extension. */
  readonly onError: (error: unknown) => void;
}

/** Retry interval for a template that couldn't be read. */
const AGAIN_AFTER_MS = 60_000;

/** Reads the templates of the visible builds, each until it succeeds. */
export class BuildTimes {
  readonly #options: LearnerOptions;
  readonly #known = new Variable<ReadonlyMap<TemplateId, UsualTimes>>(new Map());
  readonly #askedAt = new Map<TemplateId, MonotonicMs>();

  constructor(options: LearnerOptions) {
    this.#options = options;
  }

  get known(): Observable<ReadonlyMap<TemplateId, UsualTimes>> {
    return this.#known;
  }

  learn(id: TemplateId): void {
    const { timing } = this.#options;
    const now = timing.monotonicMs();
    const askedAt = this.#askedAt.get(id);
    if (this.#known.value.has(id) || (askedAt !== undefined && between(askedAt, now) < AGAIN_AFTER_MS)) return;
    this.#askedAt.set(id, now);
    this.#ask(id).catch((error: unknown) => this.#options.onError(error));
  }

  async #ask(id: TemplateId): Promise<void> {
    const { client, signal } = this.#options;
    try {
      const template = await templates.get(client.calls, id, signal);
      this.#known.set(new Map(this.#known.value).set(id, usualTimes(template)));
    } catch (error) {
      // Failure is harmless: without a median, the row shows only the elapsed time.
      if (!(error instanceof ApiError) && !signal.aborted) throw error;
    }
  }
}
