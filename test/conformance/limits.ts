import type { Pace } from '../../src/api/logs.ts';
import type { Milliseconds } from '../../src/api/units.ts';

/** How long the suite waits, in milliseconds. */
export interface Limits {
  readonly checkMs: number;
  /** For one build to end. */
  readonly buildMs: number;
  /** For one thing to happen that should happen at once. */
  readonly soonMs: number;
  /** After this a build that is still pending counts as queued behind others. */
  readonly queueMs: number;
  /** Between looks: at first, and at most. */
  readonly firstLookMs: number;
  readonly lastLookMs: number;
  /** For deleting everything at the end. */
  readonly cleanMs: number;
  readonly logPace: Partial<Pace>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A real deployment's machines take their time, and a canceled build may take ten minutes to end (contract 2.10). */
export const remoteLimits: Limits = {
  checkMs: 20 * MINUTE,
  buildMs: 15 * MINUTE,
  soonMs: 30 * SECOND,
  queueMs: 5 * SECOND,
  firstLookMs: 250,
  lastLookMs: 2 * SECOND,
  cleanMs: 20 * MINUTE,
  logPace: {},
};

/** For the local deployment, hurried. */
export const localLimits: Limits = {
  checkMs: 20 * SECOND,
  buildMs: 15 * SECOND,
  soonMs: 10 * SECOND,
  queueMs: 400,
  firstLookMs: 20,
  lastLookMs: 100,
  cleanMs: 20 * SECOND,
  logPace: {
    pollMs: 150 as Milliseconds,
    settleMs: 100 as Milliseconds,
    firstMs: 30 as Milliseconds,
    longestMs: 200 as Milliseconds,
  },
};
