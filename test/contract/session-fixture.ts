import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkspaceId } from '../../src/api/units.ts';
import { activityText } from '../../src/model/activityText.ts';
import { Session, type SessionOptions } from '../../src/model/session.ts';
import type { Ready, State } from '../../src/model/state.ts';
import type { DisplayLocale } from '../../src/model/times.ts';
import type { Deployment } from '../deployment/index.ts';
import { ManualTiming } from '../manualTiming.ts';
import { clientOf } from './client-fixture.ts';

export interface SessionFixture {
  readonly session: Session;
  readonly timing: ManualTiming;
  readonly end: AbortController;
  readonly log: string[];
  readonly states: State[];
}

/**
 * For tests that ask whether streams come and go, and not what they bring: six tell it as well as one for each workspace,
 * which is most of what a session with the seed data costs.
 */
export const SIX_STREAMS = { maxStreams: 6 } as const;

/** The extension's default. */
export const ALL_STREAMS = { maxStreams: 30 } as const;

export interface FixtureOptions extends Partial<SessionOptions> {
  readonly maxStreams?: number;
}

const sessionsOf = new WeakMap<Deployment, readonly Session[]>();

/** A session at work on `deployment`, looked at unless told otherwise, gone after the test. */
export const sessionFor = (
  deployment: Deployment,
  { maxStreams, ...options }: FixtureOptions = {},
  { isSeen = true }: { readonly isSeen?: boolean } = {},
): SessionFixture => {
  const timing = new ManualTiming();
  const end = new AbortController();
  const log: string[] = [];
  const session = new Session({
    client: clientOf(deployment),
    signal: end.signal,
    timing,
    log: (line) => log.push(line),
    ...options,
  });
  const states: State[] = [];
  sessionsOf.set(deployment, [...(sessionsOf.get(deployment) ?? []), session]);
  session.state.subscribe((state) => states.push(state));
  if (maxStreams !== undefined) session.attend({ maxStreams });
  if (isSeen) session.attend({ isVisible: true });
  after(() => end.abort());
  return { session, timing, end, log, states };
};

/** Lets seconds pass until `isSo`; at most `most` of them. Sockets get time to catch up with each. */
export const passUntil = async (timing: ManualTiming, what: string, isSo: () => boolean, most = 60): Promise<void> => {
  for (let seconds = 0; seconds < most; seconds += 1) {
    for (let looks = 0; looks < 5; looks += 1) {
      if (isSo()) return;
      await pause(10);
    }
    await timing.advance(1_000);
  }
  await until(what, isSo);
};

/** Hides the rows, and lets the moment pass after which they count as hidden. */
export const hide = async ({ session, timing }: Pick<SessionFixture, 'session' | 'timing'>): Promise<void> => {
  session.attend({ isVisible: false });
  await timing.advance(10_000);
};

/** Waits until `isSo`, in real time; `what` names what was waited for. */
export const until = async (what: string, isSo: () => boolean): Promise<void> => {
  for (let waited = 0; waited < 15_000; waited += 10) {
    if (isSo()) return;
    await pause(10);
  }
  assert.fail(`timed out waiting until ${what}`);
};

/** Streams are opened one turn after the other. */
const isWatching = ({ signal, activity }: Session): boolean =>
  signal.aborted || activity.openStreams >= activity.wantedStreams;

/**
 * Waits until nothing is under way between session and deployment, all streams that are wanted are open, and each has
 * brought its workspace; in vain where streams are refused.
 */
export const untilQuiet = async (deployment: Deployment): Promise<void> => {
  await deployment.whenQuiet();
  const sessions = sessionsOf.get(deployment) ?? [];
  await until('the streams are open that are wanted', () => sessions.every(isWatching));
  await until('each stream has brought its workspace', () => deployment.unawareWatchers() === 0);
  await deployment.whenQuiet();
};

/** What *Show Output* says of it now. */
export const activityOf = ({ session, timing }: Pick<SessionFixture, 'session' | 'timing'>): string =>
  activityText('coder.example.com', session.state.value, session.activity, IN_UTC, timing.now());

export const IN_UTC: DisplayLocale = {
  locale: 'en',
  typedLocale: 'en',
  timeZone: 'UTC',
  hourCycle: 'h23',
  showsZone: false,
};

export const readyState = async (session: Session): Promise<Ready> => {
  await until('the session is ready', () => session.state.value.kind === 'ready');
  const state = session.state.value;
  assert.ok(state.kind === 'ready');
  return state;
};

export const statusOf = (session: Session, name: string): string | undefined => {
  const state = session.state.value;
  if (state.kind !== 'ready') return undefined;
  return [...state.workspaces.values()].find((workspace) => workspace.name === name)?.latest_build.status;
};

export const idOf = (session: Session, name: string): WorkspaceId => {
  const state = session.state.value;
  assert.ok(state.kind === 'ready');
  const found = [...state.workspaces.values()].find((workspace) => workspace.name === name);
  assert.ok(found !== undefined, `there is no ${name}`);
  return found.id;
};

/** Requests whose path matches, since the `from`th. */
export const asked = (deployment: Deployment, path: RegExp, from = 0): number =>
  deployment.requests.slice(from).filter((request) => path.test(request.path)).length;

export const LIST = /\/workspaces\?/;
export const WATCH = /\/watch/;
export const ME = /\/users\/me$/;
