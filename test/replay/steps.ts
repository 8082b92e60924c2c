/** The steps of the recorded scenario that both ages share, in front of watchers and readers. */
import { compareEvents, openEvents } from './events.ts';
import { readExchange } from './recording.ts';
import { API, build, makeWorkspace, recordedWorkspaceId, type Made } from './setup.ts';
import { compareSocket, openSocket } from './sockets.ts';
import { PASSWORD, type Replayer } from './replayer.ts';

/** `hung`: cancelled while it runs, in front of a watcher and a reader of its log. */
export async function hangAndCancel(replayer: Replayer): Promise<void> {
  replayer.deployment.hold('queue');
  const hung = await makeWorkspace(replayer, 'hung', 'hang', recordedWorkspaceId(replayer, 'workspace-canceling'));
  replayer.pairs.learn(recordedWorkspaceId(replayer, 'cancel'), hung.buildId);
  const log = openSocket(replayer, `${API}/workspacebuilds/${hung.buildId}/logs?follow`);
  await replayer.until('the log is open', () => log.count('open') === 1);
  // V0's watch begins with the first news, V2's with a look at the running build.
  const early = replayer.age === 'v0' ? openEvents(replayer, `${API}/workspaces/${hung.id}/watch`) : undefined;
  await replayer.until('the watch is open', () => early === undefined || early.count('ping') > 0);
  replayer.deployment.release();
  await replayer.untilStatus(hung.id, 'starting');
  const watch = early ?? openEvents(replayer, `${API}/workspaces/${hung.id}/watch`);
  const lines = replayer.age === 'v0' ? 6 : 7;
  await replayer.until('the recorded lines', () => log.count('text') >= lines && watch.count('data') > 0);
  replayer.deployment.hold('builds');
  await replayer.replay('cancel', 'workspace-canceling', 'cancel-again');
  replayer.deployment.release();
  await replayer.until('the log ends', () => log.count('close') === 1);
  await replayer.replay('workspace-canceled');
  compareSocket(replayer, 'logs-follow-canceled', log);
  await compareEvents(replayer, 'watch-cancel', watch);
  watch.close();
}

/** dana's own workspace, whose template forbids her to cancel. */
export async function danaBuilds(replayer: Replayer): Promise<void> {
  replayer.deployment.hold('builds');
  await replayer.replay('cancel-completed', 'cancel-other-member', 'workspace-create-member');
  const mine = (readExchange(replayer.age, 'workspace-create-member').response.body as { id: string }).id;
  await replayer.untilStatus(replayer.pairs.must(mine), 'starting');
  await replayer.replay('cancel-forbidden-by-template');
  replayer.deployment.release();
  await replayer.untilStatus(replayer.pairs.must(mine), 'running');
}

/** Three builds that never end keep all workers busy; the fourth waits, and is cancelled there. */
export async function queueUp(replayer: Replayer, whilePending: readonly string[]): Promise<void> {
  const recorded = recordedWorkspaceId(replayer, 'workspace-pending');
  const busy: Made[] = [];
  for (const n of [0, 1, 2]) {
    const made = await makeWorkspace(replayer, `busy-${n}`, 'hang', `busy-${n}`);
    await replayer.untilStatus(made.id, 'starting');
    busy.push(made);
  }
  const waiting = await makeWorkspace(replayer, 'busy-3', 'hang', recorded);
  replayer.pairs.learn(recordedWorkspaceId(replayer, 'cancel-pending'), waiting.buildId);
  const log = openSocket(replayer, `${API}/workspacebuilds/${waiting.buildId}/logs?follow`);
  await replayer.until('the log is open', () => log.count('open') === 1);
  await replayer.replay('workspace-pending', ...whilePending, 'cancel-pending', 'workspace-canceled-pending');
  // Whoever follows a build that is cancelled in the queue waits for ever.
  await replayer.deployment.whenQuiet();
  log.terminate();
  compareSocket(replayer, 'logs-follow-canceled-pending', log);
  for (const { id, buildId } of busy) {
    await replayer.make('owner', 'PATCH', `${API}/workspacebuilds/${buildId}/cancel`);
    await replayer.untilStatus(id, 'failed');
  }
}

export async function failToBuild(replayer: Replayer): Promise<void> {
  replayer.deployment.hold(replayer.age === 'v0' ? 'queue' : 'builds');
  const broken = await makeWorkspace(replayer, 'broken', 'failing', recordedWorkspaceId(replayer, 'workspace-failed'));
  replayer.pairs.learn(recordedWorkspaceId(replayer, 'logs-failed'), broken.buildId);
  if (replayer.age === 'v2') await replayer.untilStatus(broken.id, 'starting');
  const watch = openEvents(replayer, `${API}/workspaces/${broken.id}/watch`);
  await replayer.until('the watch is open', () => watch.count('ping') > 0);
  replayer.deployment.release();
  await replayer.untilStatus(broken.id, 'failed');
  await replayer.replay('workspace-failed', 'logs-failed', 'resources-failed');
  await compareEvents(replayer, 'watch-failed', watch);
  watch.close();
}

export async function deleteAndAskAgain(replayer: Replayer, more: object): Promise<void> {
  await replayer.replay('build-delete');
  const gone = await makeWorkspace(
    replayer,
    'gone',
    'dev',
    recordedWorkspaceId(replayer, 'workspace-deleted'),
    'owner',
    more,
  );
  await replayer.untilStatus(gone.id, 'running');
  await build(replayer, gone.id, 'delete');
  await replayer.untilStatus(gone.id, 'deleted');
  await replayer.replay('workspace-deleted', 'workspace-deleted-included');
  await replayer.replay('workspace-by-name-deleted', 'workspace-by-name-deleted-included', 'rename-deleted');
}

/** Refusals of builds and of machines' documents, and the end of a key. */
export async function lastRequests(replayer: Replayer): Promise<void> {
  await replayer.replay('build-on-deleted', 'build-bad-transition', 'build-unknown-version', 'build-other-member');
  for (const cloud of ['aws', 'azure', 'google'])
    await replayer.replay(`${cloud}-identity-empty`, `${cloud}-identity-rejected`);
  await replayer.replay('authcheck', 'tokens-empty');
  const second = await replayer.make('nobody', 'POST', `${API}/users/login`, {
    email: 'owner@example.com',
    password: PASSWORD,
  });
  for (const as of ['owner (second key)', 'owner (second key), after log out'])
    replayer.tokens.set(as, String(second.session_token));
  await replayer.replay('logout', 'me-logged-out');
}

/** Asks until the limit is reached, from the beginning of a minute on: with its end, what was counted is forgotten. */
export async function exhaustRateLimit(replayer: Replayer): Promise<void> {
  const { deployment } = replayer;
  deployment.advance(60_000 - (deployment.store.clock.now() % 60_000));
  for (let asked = 0; asked < 2000; asked += 40) {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => replayer.ask('nobody', 'GET', `${API}/users/authmethods`)),
    );
    if (answers.some(({ status }) => status === 429)) break;
  }
  await replayer.replay('rate-limited');
}

/** `slow-build` starts and stops in front of watchers and readers (`also` opens more of them). */
export async function buildSlowly(
  replayer: Replayer,
  also: (workspaceId: string) => { compare: () => Promise<void>; enough: () => boolean } = () => ({
    compare: () => Promise.resolve(),
    enough: () => true,
  }),
): Promise<void> {
  const recorded = recordedWorkspaceId(replayer, 'build-conflict');
  replayer.deployment.hold('queue');
  const slow = await makeWorkspace(replayer, 'slow-build', 'slow', recorded);
  replayer.pairs.learn(recordedWorkspaceId(replayer, 'build-running'), slow.buildId);
  const logs = `${API}/workspacebuilds/${slow.buildId}/logs`;
  const log = openSocket(replayer, `${logs}?follow`);
  await replayer.until('the log is open', () => log.count('open') === 1);
  const early = replayer.age === 'v0' ? openEvents(replayer, `${API}/workspaces/${slow.id}/watch`) : undefined;
  await replayer.until('the watch is open', () => early === undefined || early.count('ping') > 0);
  // It's held before it begins: it must not end before somebody has looked.
  replayer.deployment.hold('builds');
  replayer.deployment.release('queue');
  await replayer.untilStatus(slow.id, 'starting');
  const watch = early ?? openEvents(replayer, `${API}/workspaces/${slow.id}/watch`);
  const other = also(slow.id);
  await replayer.until('the watch is open', () => watch.count('data') > 0 && other.enough());
  await replayer.replay('build-running', 'build-conflict', 'extend-while-building', 'resources-while-running');
  replayer.deployment.release();
  await replayer.until('the log ends', () => log.count('close') === 1);
  compareSocket(replayer, 'logs-follow-live', log);
  await replayer.replay('logs', 'logs-after', 'logs-before', 'logs-after-not-a-number', 'logs-follow-false-plain-get');

  const first = (/after=(\d+)/.exec(readExchange(replayer.age, 'logs-after').request.path) ?? [])[1] ?? '';
  const after = replayer.pairs.must(`log ${first}`);
  const complete = openSocket(replayer, `${logs}?follow&after=${after}`);
  const refused = openSocket(replayer, `${logs}?follow`, 'nobody');
  const before = openSocket(replayer, `${logs}?follow&before=${after}`);
  const ended = (): number =>
    [complete, refused, before].reduce((n, one) => n + one.count('close') + one.count('refused'), 0);
  await replayer.until('the readers are done', () => ended() >= 3);
  compareSocket(replayer, 'logs-follow-complete', complete);
  compareSocket(replayer, 'logs-follow-refused', refused, { only: 'refused' });
  compareSocket(replayer, 'logs-follow-before-refused', before, replayer.age === 'v0' ? { only: 'refused' } : {});

  await replayer.replay('build-stop');
  await replayer.untilStatus(slow.id, 'stopped');
  await compareEvents(replayer, 'watch', watch);
  await other.compare();
  watch.close();
}
