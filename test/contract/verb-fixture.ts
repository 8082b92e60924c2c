import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CoderClient } from '../../src/api/client.ts';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import type { LogEntry, Workspace } from '../../src/api/schemas/workspaces.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import type { CommandContext } from '../../src/commands/context.ts';
import { errorBoundary } from '../../src/commands/errorBoundary.ts';
import { COMMANDS } from '../../src/commands/table.ts';
import { settingsOf, type Settings } from '../../src/host/settingValues.ts';
import { FIND_MINE } from '../../src/model/finding.ts';
import { Variable } from '../../src/model/observable.ts';
import type { Session } from '../../src/model/session.ts';
import type { Deployment, DeploymentOptions } from '../deployment/index.ts';
import type { ManualTiming } from '../manualTiming.ts';
import { ScriptedUi, type as enter } from '../scriptedUi.ts';
import { clientOf, deploymentFor } from './client-fixture.ts';
import { idOf, readyState, sessionFor, type SessionFixture } from './session-fixture.ts';

/** The commands on a deployment, without VS Code. */
export interface VerbFixture {
  readonly deployment: Deployment;
  readonly session: Session;
  readonly timing: ManualTiming;
  readonly sessionFixture: SessionFixture;
  readonly ui: ScriptedUi;
  readonly context: CommandContext;
  /** Another client of the same person. */
  readonly other: CoderClient;
  /** Whose build log was shown. */
  readonly shownLogs: string[];
  /** Entries that were written, by build. */
  readonly log: Map<string, LogEntry[]>;
  readonly errors: unknown[];
  /** What was kept of restarts, as `begun STOP`. */
  readonly restarts: string[];
  /** What the commands wrote into the extension's own log. */
  readonly lines: string[];
  settings: Settings;
  /** Whether a row that is to be shown is there. */
  hasRows: boolean;
  readonly revealed: WorkspaceId[];
  /** Whose stop the status bar shows. */
  shownId?: WorkspaceId;
  usualExtension?: unknown;
  pinned?: WorkspaceId | undefined;
  /** Runs a command as VS Code would, and ends when it does. What a scripted answer found wrong is thrown. */
  run(verb: string, ...args: unknown[]): Promise<void>;
  /** The same of what no command's name stands for. */
  report(verb: string, run: () => Promise<void>): Promise<void>;
  readonly id: (name: string) => WorkspaceId;
  /** What is known of the workspace; fails where there is none. */
  readonly known: (name: string) => Workspace;
  /** Writes that were sent since the fixture was made, as `POST /workspaces/…/builds`. */
  writes(): string[];
}

const titles = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.nls.json'), 'utf8')) as Readonly<
  Record<string, string>
>;

export { ALL_STREAMS } from './session-fixture.ts';

/**
 * `as`: whose session it is; `maxStreams`: how many workspaces it watches. Few tests look at more than those in transition and
 * those whose builds a verb follows, which are watched first; to watch all twenty is a quarter of what such a test computes.
 */
export async function verbsOn(
  options: DeploymentOptions,
  { as = 'owner', maxStreams = 4 }: { readonly as?: 'owner' | 'dana'; readonly maxStreams?: number } = {},
): Promise<VerbFixture> {
  const deployment = await deploymentFor({ seed: true, speed: 20, ...options });
  const { token } = deployment.users[as];
  const sessionFixture = sessionFor(deployment, { client: clientOf(deployment, token), maxStreams });
  const { session, timing } = sessionFixture;
  await readyState(session);
  const from = deployment.requests.length;
  const ui = new ScriptedUi();
  // What `dev` asks for at each start.
  for (const name of ['archive', 'api-server']) ui.standing.set(`${name}: debug`, enter(''));
  const shownLogs: string[] = [];
  const log = new Map<string, LogEntry[]>();
  const errors: unknown[] = [];
  const kept = { finding: FIND_MINE };
  const restarts: string[] = [];
  const lines: string[] = [];
  const url = parseDeploymentUrl(deployment.url);
  const context: CommandContext = {
    deployments: {
      current: new Variable({ deployment: { url, source: 'stored' }, session }),
      signIn: () => Promise.resolve(undefined),
      signOut: () => Promise.resolve(undefined),
    },
    commandTitle: (id) => titles[`command.${id}.title`] ?? '',
    knownDeployments: () => [],
    ui,
    texts: { use: () => undefined, leave: () => Promise.resolve() },
    buildLogs: {
      follow: (_, build, follow) => {
        const message = new Variable('');
        const entries: LogEntry[] = [];
        log.set(build.id, entries);
        const write = async (): Promise<void> => {
          try {
            for await (const event of follow(new Variable(false))) {
              if (event.kind !== 'entries') continue;
              entries.push(...event.entries);
              message.set(event.entries.at(-1)?.stage ?? '');
            }
          } catch (error) {
            if (!session.signal.aborted) errors.push(error);
          }
        };
        return { stage: message, written: write() };
      },
      onScreen: () => undefined,
      has: (_, build) => log.has(build.id),
      show: (workspace) => void shownLogs.push(workspace.name),
    },
    deadlineItem: { during: (work) => work, shownId: () => fixture.shownId },
    remembered: {
      recentTemplates: () => [],
      finding: () => kept.finding,
      rememberFinding: (_, finding) => {
        kept.finding = finding;
        return Promise.resolve();
      },
      rememberTemplate: () => Promise.resolve(),
      tellsAutostop: () => true,
      neverTellAutostop: () => Promise.resolve(),
      usualExtension: () => fixture.usualExtension,
      pinned: () => fixture.pinned,
      pin: (_, id) => {
        fixture.pinned = id;
        return Promise.resolve();
      },
      writes: new Variable(0),
      rememberExtension: (move) => {
        fixture.usualExtension = move;
        return Promise.resolve();
      },
    },
    restarts: {
      begun: (stop) => Promise.resolve(void restarts.push(`begun ${stop}`)),
      ended: (stop) => Promise.resolve(void restarts.push(`ended ${stop}`)),
      interrupted: (stop) => void restarts.push(`interrupted ${stop}`),
    },
    environment: { url: undefined, token: undefined },
    settings: () => fixture.settings,
    stopAskingBeforeStop: () => {
      fixture.settings = { ...fixture.settings, confirmStop: false };
      return Promise.resolve();
    },
    reveal: (id) => {
      fixture.revealed.push(id);
      return Promise.resolve(fixture.hasRows);
    },
    followed: new Set(),
    sending: new Set(),
    isBesideRemote: () => false,
    log: { info: (line) => void lines.push(line), error: (_, error) => void errors.push(error), show: () => undefined },
    signal: new AbortController().signal,
  };
  const fixture: VerbFixture = {
    deployment,
    session,
    timing,
    sessionFixture,
    ui,
    context,
    other: clientOf(deployment, token),
    shownLogs,
    log,
    errors,
    restarts,
    lines,
    settings: settingsOf(() => undefined),
    hasRows: true,
    revealed: [],
    report: async (verb, run) => {
      await errorBoundary(verb, run, context);
      for (const failure of ui.failures.splice(0)) throw failure;
    },
    run: async (verb, ...args) => {
      const command = COMMANDS[verb];
      assert.ok(command, `there is no command ${verb}`);
      await fixture.report(verb, () => command(context, ...args));
    },
    id: (name) => idOf(session, name),
    known: (name) => {
      const state = session.state.value;
      const found = state.kind === 'ready' ? state.workspaces.get(idOf(session, name)) : undefined;
      assert.ok(found, `${name} is not known`);
      return found;
    },
    writes: () =>
      deployment.requests
        .slice(from)
        // What one may do is asked by POST.
        .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/authcheck'))
        .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/g, '…')}`),
  };
  return fixture;
}
