/** The acts of the recorded scene that both ages share, in front of watchers and readers. */
import { compareEvents, openEvents } from './events.ts';
import { readExchange } from './recording.ts';
import { API, build, makeWorkspace, recordedWorkspaceId, type Made } from './setup.ts';
import { compareSocket, openSocket } from './sockets.ts';
import { PASSWORD, type Twin } from './twin.ts';

/** `hung`: cancelled while it runs, in front of a watcher and a reader of its log. */
export async function hangAndCancel(twin: Twin): Promise<void> {
  twin.deployment.hold('queue');
  const hung = await makeWorkspace(twin, 'hung', 'hang', recordedWorkspaceId(twin, 'workspace-canceling'));
  twin.pairs.learn(recordedWorkspaceId(twin, 'cancel'), hung.buildId);
  const log = openSocket(twin, `${API}/workspacebuilds/${hung.buildId}/logs?follow`);
  await twin.until('the log is open', () => log.count('open') === 1);
  // V0's watch begins with the first news, V2's with a look at the running build.
  const early = twin.age === 'v0' ? openEvents(twin, `${API}/workspaces/${hung.id}/watch`) : undefined;
  await twin.until('the watch is open', () => early === undefined || early.count('ping') > 0);
  twin.deployment.release();
  await twin.untilStatus(hung.id, 'starting');
  const watch = early ?? openEvents(twin, `${API}/workspaces/${hung.id}/watch`);
  const lines = twin.age === 'v0' ? 6 : 7;
  await twin.until('the recorded lines', () => log.count('text') >= lines && watch.count('data') > 0);
  twin.deployment.hold('builds');
  await twin.replay('cancel', 'workspace-canceling', 'cancel-again');
  twin.deployment.release();
  await twin.until('the log ends', () => log.count('close') === 1);
  await twin.replay('workspace-canceled');
  compareSocket(twin, 'logs-follow-canceled', log);
  await twin.until('the last frame', () => watch.count('data') >= (twin.age === 'v0' ? 2 : 3));
  await compareEvents(twin, 'watch-cancel', watch);
  watch.close();
}

/** dana's own workspace, whose template forbids her to cancel. */
export async function danaBuilds(twin: Twin): Promise<void> {
  await twin.replay('cancel-completed', 'cancel-other-member', 'workspace-create-member');
  const mine = (readExchange(twin.age, 'workspace-create-member').response.body as { id: string }).id;
  await twin.untilStatus(twin.pairs.must(mine), 'starting');
  await twin.replay('cancel-forbidden-by-template');
  await twin.untilStatus(twin.pairs.must(mine), 'running');
}

/** Three builds that never end keep all workers busy; the fourth waits, and is cancelled there. */
export async function queueUp(twin: Twin, whilePending: readonly string[]): Promise<void> {
  const recorded = recordedWorkspaceId(twin, 'workspace-pending');
  const busy: Made[] = [];
  for (const n of [0, 1, 2]) {
    const made = await makeWorkspace(twin, `busy-${n}`, 'hang', `busy-${n}`);
    await twin.untilStatus(made.id, 'starting');
    busy.push(made);
  }
  const waiting = await makeWorkspace(twin, 'busy-3', 'hang', recorded);
  twin.pairs.learn(recordedWorkspaceId(twin, 'cancel-pending'), waiting.buildId);
  const log = openSocket(twin, `${API}/workspacebuilds/${waiting.buildId}/logs?follow`);
  await twin.until('the log is open', () => log.count('open') === 1);
  await twin.replay('workspace-pending', ...whilePending, 'cancel-pending', 'workspace-canceled-pending');
  // Whoever follows a build that is cancelled in the queue waits for ever.
  await twin.deployment.whenQuiet();
  log.terminate();
  compareSocket(twin, 'logs-follow-canceled-pending', log);
  for (const { id, buildId } of busy) {
    await twin.make('owner', 'PATCH', `${API}/workspacebuilds/${buildId}/cancel`);
    await twin.untilStatus(id, 'failed');
  }
}

export async function failToBuild(twin: Twin): Promise<void> {
  twin.deployment.hold(twin.age === 'v0' ? 'queue' : 'builds');
  const broken = await makeWorkspace(twin, 'broken', 'failing', recordedWorkspaceId(twin, 'workspace-failed'));
  twin.pairs.learn(recordedWorkspaceId(twin, 'logs-failed'), broken.buildId);
  if (twin.age === 'v2') await twin.untilStatus(broken.id, 'starting');
  const watch = openEvents(twin, `${API}/workspaces/${broken.id}/watch`);
  await twin.until('the watch is open', () => watch.count('ping') > 0);
  twin.deployment.release();
  await twin.untilStatus(broken.id, 'failed');
  await twin.replay('workspace-failed', 'logs-failed', 'resources-failed');
  await twin.until('the frames', () => watch.count('data') >= (twin.age === 'v0' ? 1 : 2));
  await compareEvents(twin, 'watch-failed', watch);
  watch.close();
}

export async function deleteAndAskAgain(twin: Twin, more: object): Promise<void> {
  await twin.replay('build-delete');
  const gone = await makeWorkspace(twin, 'gone', 'dev', recordedWorkspaceId(twin, 'workspace-deleted'), 'owner', more);
  await twin.untilStatus(gone.id, 'running');
  await build(twin, gone.id, 'delete');
  await twin.untilStatus(gone.id, 'deleted');
  await twin.replay('workspace-deleted', 'workspace-deleted-included');
  await twin.replay('workspace-by-name-deleted', 'workspace-by-name-deleted-included', 'rename-deleted');
}

/** Refusals of builds and of machines' documents, and the end of a key. */
export async function lastRequests(twin: Twin): Promise<void> {
  await twin.replay('build-on-deleted', 'build-bad-transition', 'build-unknown-version', 'build-other-member');
  for (const cloud of ['aws', 'azure', 'google'])
    await twin.replay(`${cloud}-identity-empty`, `${cloud}-identity-rejected`);
  await twin.replay('authcheck', 'tokens-empty');
  const second = await twin.make('nobody', 'POST', `${API}/users/login`, {
    email: 'owner@example.com',
    password: PASSWORD,
  });
  for (const as of ['owner (second key)', 'owner (second key), after log out'])
    twin.tokens.set(as, String(second.session_token));
  await twin.replay('logout', 'me-logged-out');
}

/** Asks until the limit is reached; a minute may end meanwhile, and with it what was counted. */
export async function exhaustRateLimit(twin: Twin): Promise<void> {
  for (let asked = 0; asked < 2000; asked += 40) {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => twin.ask('nobody', 'GET', `${API}/users/authmethods`)),
    );
    if (answers.some(({ status }) => status === 429)) break;
  }
  await twin.replay('rate-limited');
}

/** `slow-build` starts and stops in front of watchers and readers (`also` opens more of them). */
export async function buildSlowly(
  twin: Twin,
  also: (workspaceId: string) => { compare: () => void; enough: () => boolean } = () => ({
    compare: () => undefined,
    enough: () => true,
  }),
): Promise<void> {
  const recorded = recordedWorkspaceId(twin, 'build-conflict');
  twin.deployment.hold('queue');
  const slow = await makeWorkspace(twin, 'slow-build', 'slow', recorded);
  twin.pairs.learn(recordedWorkspaceId(twin, 'build-running'), slow.buildId);
  const logs = `${API}/workspacebuilds/${slow.buildId}/logs`;
  const log = openSocket(twin, `${logs}?follow`);
  await twin.until('the log is open', () => log.count('open') === 1);
  const early = twin.age === 'v0' ? openEvents(twin, `${API}/workspaces/${slow.id}/watch`) : undefined;
  await twin.until('the watch is open', () => early === undefined || early.count('ping') > 0);
  twin.deployment.release();
  await twin.untilStatus(slow.id, 'starting');
  twin.deployment.hold('builds');
  const watch = early ?? openEvents(twin, `${API}/workspaces/${slow.id}/watch`);
  const other = also(slow.id);
  await twin.until('the watch is open', () => watch.count('data') > 0 && other.enough());
  await twin.replay('build-running', 'build-conflict', 'extend-while-building', 'resources-while-running');
  twin.deployment.release();
  await twin.until('the log ends', () => log.count('close') === 1);
  compareSocket(twin, 'logs-follow-live', log);
  await twin.replay('logs', 'logs-after', 'logs-before', 'logs-after-not-a-number', 'logs-follow-false-plain-get');

  const first = (/after=(\d+)/.exec(readExchange(twin.age, 'logs-after').request.path) ?? [])[1] ?? '';
  const after = twin.pairs.must(`log ${first}`);
  const complete = openSocket(twin, `${logs}?follow&after=${after}`);
  const refused = openSocket(twin, `${logs}?follow`, 'nobody');
  const before = openSocket(twin, `${logs}?follow&before=${after}`);
  const ended = (): number =>
    [complete, refused, before].reduce((n, one) => n + one.count('close') + one.count('refused'), 0);
  await twin.until('the readers are done', () => ended() >= 3);
  compareSocket(twin, 'logs-follow-complete', complete);
  compareSocket(twin, 'logs-follow-refused', refused, { only: 'refused' });
  compareSocket(twin, 'logs-follow-before-refused', before, twin.age === 'v0' ? { only: 'refused' } : {});

  await twin.replay('build-stop');
  await twin.untilStatus(slow.id, 'stopped');
  await twin.until('pings', () => watch.count('ping') >= 4);
  await compareEvents(twin, 'watch', watch);
  other.compare();
  watch.close();
}
