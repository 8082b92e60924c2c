/** The facts in which the two ages differ and that are not a shape on the wire (shapes: `wire/`). */
import type { AgeName } from './model.ts';

export interface Age {
  readonly name: AgeName;
  readonly version: string;
  readonly releaseUrl: string;
  /** How long a new job waits for a worker, and how late its lines are handed in (contract 3.3 [ran]). */
  readonly pickUpMs: number;
  readonly logFlush: { readonly ms: number; readonly restartsWithEveryLine: boolean };
  /** How late a frame of the watch is read and written. */
  readonly frameDelayMs: number;
  readonly cancelMs: number;
  /** A build that was cancelled while it waited is built all the same when a worker gets to it (contract 2.10 [ran]). */
  readonly buildsWhatWasCanceled: boolean;
  /** "Not now" answers that were 412 or 428 once and are 400 today. */
  readonly notNow: 412 | 400;
  readonly agentNotConnected: 428 | 400;
  readonly importing: 412 | 425;
  readonly maxTtlMs: number;
  readonly logsClosedReason: '' | 'done';
  /** V0 tells its watchers of a failure only when the provisioner handed back state: never here. */
  readonly watchHearsFailures: boolean;
  readonly unknownUser: 400 | 404;
  /** V2: whether an agent that has not called home yet counts as healthy. */
  readonly isHealthyWhileConnecting: boolean;
  /** Whether a build's agents go once a later start has made its own. */
  readonly forgetsOlderAgents: boolean;
  /** `format=text` of a log, which older servers ignore. */
  readonly writesTextLogs: boolean;
  readonly sharesWorkspaces: boolean;
  /** `on_success` of a build, which older servers ignore. */
  readonly restartsByItself: boolean;
  /** Fields that came with v2.36.0: `has_ai_seat` of a user, how a script ended, and the like. */
  readonly tellsMore: boolean;
}

/** The ways of a later release than the one that the age was recorded on. */
export type Release = '2.36';

const HOUR_MS = 3_600_000;

const ages: Readonly<Record<AgeName, Age>> = {
  v0: {
    name: 'v0',
    version: 'v0.0.0-devel+66fa2a1',
    releaseUrl: 'https://github.com/coder/coder/commit/66fa2a1a8ca55ca6e00cf340bb51372afce88b76',
    pickUpMs: 300,
    logFlush: { ms: 50, restartsWithEveryLine: false },
    frameDelayMs: 0,
    cancelMs: 400,
    buildsWhatWasCanceled: true,
    notNow: 412,
    agentNotConnected: 428,
    importing: 412,
    maxTtlMs: 7 * 24 * HOUR_MS,
    logsClosedReason: '',
    watchHearsFailures: false,
    unknownUser: 400,
    isHealthyWhileConnecting: true,
    forgetsOlderAgents: false,
    writesTextLogs: false,
    sharesWorkspaces: false,
    restartsByItself: false,
    tellsMore: false,
  },
  v2: {
    name: 'v2',
    version: 'v0.0.0-devel+fa050ee',
    releaseUrl: 'https://github.com/coder/coder/commit/fa050ee0abc24ddf1bf91fb26148a9c3b2bd1481',
    pickUpMs: 8,
    logFlush: { ms: 250, restartsWithEveryLine: true },
    frameDelayMs: 25,
    cancelMs: 1000,
    buildsWhatWasCanceled: false,
    notNow: 400,
    agentNotConnected: 400,
    importing: 425,
    maxTtlMs: 30 * 24 * HOUR_MS,
    logsClosedReason: 'done',
    watchHearsFailures: true,
    unknownUser: 400,
    isHealthyWhileConnecting: true,
    forgetsOlderAgents: false,
    writesTextLogs: false,
    sharesWorkspaces: false,
    restartsByItself: false,
    tellsMore: false,
  },
};

/** Contract, marks [2.36]. */
const releases: Readonly<Record<Release, Partial<Age>>> = {
  '2.36': {
    version: 'v2.36.0+a300a06',
    releaseUrl: 'https://github.com/coder/coder/commit/a300a06a0da0dced695ef8df8404c7c4dffd337e',
    unknownUser: 404,
    isHealthyWhileConnecting: false,
    forgetsOlderAgents: true,
    writesTextLogs: true,
    sharesWorkspaces: true,
    restartsByItself: true,
    tellsMore: true,
  },
};

/** @throws Error for a release that is not of that age */
export function ageOf(name: AgeName, release: Release | undefined): Age {
  if (release === undefined) return ages[name];
  if (name !== 'v2') throw new Error(`${release} is no release of ${name}`);
  return { ...ages.v2, ...releases[release] };
}
