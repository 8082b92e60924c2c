/** The parts of the recorded scene that both ages share, in the order in which they were recorded. */
import { writeTar } from '../deployment/index.ts';
import { readExchange } from './recording.ts';
import { PASSWORD, type Twin } from './twin.ts';

export const API = '/api/v2';

/** Nobody is there yet; then the owner signs up, and dana is added. */
export async function signUp(twin: Twin): Promise<void> {
  await twin.replay('api-root', 'buildinfo', 'healthz', 'not-api-path', 'updatecheck', 'authmethods');
  await twin.replay('first-user-missing', 'first-user-create');
  const first = readExchange(twin.age, 'first-user-create').request.body as { email: string };
  const login = await twin.make('nobody', 'POST', `${API}/users/login`, { email: first.email, password: PASSWORD });
  twin.tokens.set('owner', String(login.session_token));
  await twin.replay('login', 'login-bad-password');
  await twin.replay('me-no-token', 'me-malformed-token', 'me-unknown-token', 'me', 'my-organizations');
  await twin.replay('applications-host', 'entitlements', 'quota-agpl', 'route-not-found', 'user-unknown');
}

export async function addDana(twin: Twin): Promise<void> {
  const organizations = await twin.make('owner', 'GET', `${API}/users/me/organizations`);
  const organization = (organizations as unknown as { id: string }[])[0]?.id ?? '';
  const wanted = { email: 'dana@example.com', username: 'dana', name: 'Dana Member', password: PASSWORD };
  await twin.make('owner', 'POST', `${API}/users`, {
    ...wanted,
    ...(twin.age === 'v0' ? { organization_id: organization } : { organization_ids: [organization] }),
  });
  await twin.replay('users-list');
  const login = await twin.make('nobody', 'POST', `${API}/users/login`, wanted);
  twin.tokens.set('member', String(login.session_token));
  await twin.replay('users-list-member');
}

/** Uploads what makes a template behave so, and lets it stand for the recorded file. */
export async function upload(twin: Twin, behaves: string, recordedFileId: string): Promise<void> {
  // Machines call home when the scene says so, not by themselves.
  const template = JSON.stringify({ behaves, connectIn: [] });
  const bytes = writeTar({ 'template.json': template, 'name.txt': recordedFileId });
  const { hash } = await twin.make('owner', 'POST', `${API}/files`, bytes);
  twin.pairs.learn(recordedFileId, String(hash));
}

export async function untilImported(twin: Twin, recordedVersionId: string): Promise<void> {
  await twin.until(`import of ${recordedVersionId}`, async () => {
    const version = await twin.make(
      'owner',
      'GET',
      twin.pairs.translate(`${API}/templateversions/${recordedVersionId}`),
    );
    return (version.job as { completed_at?: string }).completed_at !== undefined;
  });
}

/** One template, made as recorded. `whileImporting` runs before the workers get to it, `imported` before it is one. */
export async function addTemplate(
  twin: Twin,
  name: string,
  whileImporting: readonly string[] = [],
  imported: readonly string[] = [],
): Promise<void> {
  const wanted = readExchange(twin.age, `template-version-create-${name}`);
  const { file_id: fileId } = wanted.request.body as { file_id: string };
  await upload(twin, name, fileId);
  twin.deployment.hold('queue');
  await twin.replay(`template-version-create-${name}`, ...whileImporting);
  twin.deployment.release();
  await untilImported(twin, (wanted.response.body as { id: string }).id);
  await twin.replay(...imported, `template-create-${name}`);
}

export interface Made {
  id: string;
  buildId: string;
}

/** Makes a workspace that was made but not recorded, and lets it stand for the recorded one. */
export async function makeWorkspace(
  twin: Twin,
  name: string,
  template: string,
  recorded: string,
  as = 'owner',
  more: object = {},
): Promise<Made> {
  const organization = organizationId(twin);
  const { id: templateId } = await twin.make(
    'owner',
    'GET',
    `${API}/organizations/${organization}/templates/${template}`,
  );
  const made = await twin.make(as, 'POST', `${API}/organizations/${organization}/members/me/workspaces`, {
    name,
    template_id: templateId,
    ...more,
  });
  const id = String(made.id);
  twin.pairs.learn(recorded, id);
  return { id, buildId: String((made.latest_build as { id: string }).id) };
}

export const organizationId = (twin: Twin): string =>
  twin.pairs.must(
    (readExchange(twin.age, 'first-user-create').response.body as { organization_id: string }).organization_id,
  );

export async function build(twin: Twin, workspaceId: string, transition: string): Promise<string> {
  const made = await twin.make('owner', 'POST', `${API}/workspaces/${workspaceId}/builds`, { transition });
  return String(made.id);
}

export const recordedWorkspaceId = (twin: Twin, name: string): string => {
  const { request } = readExchange(twin.age, name);
  return /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(request.path)?.[0] ?? '';
};

export const ourWorkspaceId = (twin: Twin, name: string): string => twin.pairs.must(recordedWorkspaceId(twin, name));

/** `hung`: cancelled while it runs, in front of a watcher and a reader of its log. */
export async function hangAndCancel(twin: Twin): Promise<void> {
  twin.deployment.hold('queue');
  const hung = await makeWorkspace(twin, 'hung', 'hang', recordedWorkspaceId(twin, 'workspace-canceling'));
  twin.pairs.learn(recordedWorkspaceId(twin, 'cancel'), hung.buildId);
  const log = twin.openSocket(`${API}/workspacebuilds/${hung.buildId}/logs?follow`);
  await twin.until('the log is open', () => log.count('open') === 1);
  // V0's watch begins with the first news, V2's with a look at the running build.
  const early = twin.age === 'v0' ? twin.openEvents(`${API}/workspaces/${hung.id}/watch`) : undefined;
  await twin.until('the watch is open', () => early === undefined || early.count('ping') > 0);
  twin.deployment.release();
  await twin.untilStatus(hung.id, 'starting');
  const watch = early ?? twin.openEvents(`${API}/workspaces/${hung.id}/watch`);
  const lines = twin.age === 'v0' ? 6 : 7;
  await twin.until('the recorded lines', () => log.count('text') >= lines && watch.count('data') > 0);
  twin.deployment.hold('builds');
  await twin.replay('cancel', 'workspace-canceling', 'cancel-again');
  twin.deployment.release();
  await twin.until('the log ends', () => log.count('close') === 1);
  await twin.replay('workspace-canceled');
  twin.compareSocket('logs-follow-canceled', log.events);
  await twin.until('the last frame', () => watch.count('data') >= (twin.age === 'v0' ? 2 : 3));
  await twin.compareEvents('watch-cancel', watch);
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
  const log = twin.openSocket(`${API}/workspacebuilds/${waiting.buildId}/logs?follow`);
  await twin.until('the log is open', () => log.count('open') === 1);
  await twin.replay('workspace-pending', ...whilePending, 'cancel-pending', 'workspace-canceled-pending');
  // Whoever follows a build that is cancelled in the queue waits for ever; as long as was recorded must do.
  await new Promise((resolve) => setTimeout(resolve, 12_000 / SPEED));
  log.terminate();
  twin.compareSocket('logs-follow-canceled-pending', log.events);
  for (const { id, buildId } of busy) {
    await twin.make('owner', 'PATCH', `${API}/workspacebuilds/${buildId}/cancel`);
    await twin.untilStatus(id, 'failed');
  }
}

/** How much faster than recorded the scene is played. */
export const SPEED = 12;

export async function failToBuild(twin: Twin): Promise<void> {
  twin.deployment.hold(twin.age === 'v0' ? 'queue' : 'builds');
  const broken = await makeWorkspace(twin, 'broken', 'failing', recordedWorkspaceId(twin, 'workspace-failed'));
  twin.pairs.learn(recordedWorkspaceId(twin, 'logs-failed'), broken.buildId);
  if (twin.age === 'v2') await twin.untilStatus(broken.id, 'starting');
  const watch = twin.openEvents(`${API}/workspaces/${broken.id}/watch`);
  await twin.until('the watch is open', () => watch.count('ping') > 0);
  twin.deployment.release();
  await twin.untilStatus(broken.id, 'failed');
  await twin.replay('workspace-failed', 'logs-failed', 'resources-failed');
  await twin.until('the frames', () => watch.count('data') >= (twin.age === 'v0' ? 1 : 2));
  await twin.compareEvents('watch-failed', watch);
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

export async function exhaustRateLimit(twin: Twin): Promise<void> {
  for (let n = 0; n < 520; n += 40)
    await Promise.all(Array.from({ length: 40 }, () => twin.ask('nobody', 'GET', `${API}/users/authmethods`)));
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
  const log = twin.openSocket(`${logs}?follow`);
  await twin.until('the log is open', () => log.count('open') === 1);
  const early = twin.age === 'v0' ? twin.openEvents(`${API}/workspaces/${slow.id}/watch`) : undefined;
  await twin.until('the watch is open', () => early === undefined || early.count('ping') > 0);
  twin.deployment.release();
  await twin.untilStatus(slow.id, 'starting');
  twin.deployment.hold('builds');
  const watch = early ?? twin.openEvents(`${API}/workspaces/${slow.id}/watch`);
  const other = also(slow.id);
  await twin.until('the watch is open', () => watch.count('data') > 0 && other.enough());
  await twin.replay('build-running', 'build-conflict', 'extend-while-building', 'resources-while-running');
  twin.deployment.release();
  await twin.until('the log ends', () => log.count('close') === 1);
  twin.compareSocket('logs-follow-live', log.events);
  await twin.replay('logs', 'logs-after', 'logs-before', 'logs-after-not-a-number', 'logs-follow-false-plain-get');

  const first = (readExchange(twin.age, 'logs-after').request.path.match(/after=(\d+)/) ?? [])[1] ?? '';
  const after = twin.pairs.must(`log ${first}`);
  const complete = twin.openSocket(`${logs}?follow&after=${after}`);
  const refused = twin.openSocket(`${logs}?follow`, 'nobody');
  const before = twin.openSocket(`${logs}?follow&before=${after}`);
  const ended = (): number =>
    [complete, refused, before].reduce((n, one) => n + one.count('close') + one.count('refused'), 0);
  await twin.until('the readers are done', () => ended() >= 3);
  twin.compareSocket('logs-follow-complete', complete.events);
  twin.compareSocket(
    'logs-follow-refused',
    refused.events.filter((item) => item.event === 'refused'),
  );
  const isRefused = twin.age === 'v0';
  twin.compareSocket(
    'logs-follow-before-refused',
    before.events.filter((item) => !isRefused || item.event === 'refused'),
  );

  await twin.replay('build-stop');
  await twin.untilStatus(slow.id, 'stopped');
  await twin.until('pings', () => watch.count('ping') >= 4);
  await twin.compareEvents('watch', watch);
  other.compare();
  watch.close();
}

/** What is asked about the settled scene, in both ages. */
export const settledQuestions = [
  'workspace',
  'workspace-by-name',
  'workspace-by-name-case',
  'workspace-by-name-missing',
  'workspace-unknown',
  'workspace-bad-uuid',
  'workspace-bad-flag',
  'workspace-other-member',
  'workspaces',
  'workspaces-limit-1',
  'workspaces-page-2',
  'workspaces-past-end',
  'workspaces-limit-negative',
  'workspaces-limit-not-a-number',
  'workspaces-member',
  'workspaces-owner-param-ignored',
  'workspaces-q-name',
  'workspaces-q-owner-me',
  'workspaces-q-status-running',
  'workspaces-q-status-failed',
  'workspaces-q-has-agent',
  'workspaces-q-bad-status',
  'workspaces-q-unknown-key',
  'workspaces-q-two-colons',
  'build',
  'build-by-number',
  'build-unknown',
  'builds',
  'builds-after',
  'builds-past-end',
  'resources',
  'state',
  'agent',
  'listening-ports',
  'listening-ports-not-connected',
] as const;

export const settings = [
  'ttl',
  'ttl-null',
  'ttl-zero',
  'ttl-too-short',
  'ttl-too-long',
  'ttl-minute',
  'ttl-text',
  'autostart',
  'autostart-null',
  'autostart-empty',
  'autostart-invalid',
  'autostart-day-of-month',
  'autostart-local-tz',
  'autostart-descriptor',
  'autostart-six-fields',
  'autostart-missing',
] as const;

export const extensions = [
  'extend',
  'extend-shorter',
  'extend-too-soon',
  'extend-past',
  'extend-29-and-a-half-minutes',
  'extend-far',
  'extend-not-a-time',
  'extend-no-deadline',
  'extend-stopped',
  'extend-other-member',
] as const;

export const renames = [
  'rename',
  'rename-same',
  'rename-taken',
  'rename-bad',
  'rename-empty',
  'rename-too-long',
] as const;

export const createRefusals = [
  'workspace-create-bad-name',
  'workspace-create-no-name',
  'workspace-create-bad-template-uuid',
  'workspace-create-unknown-template',
  'workspace-create-ttl-too-short',
  'workspace-create-bad-schedule',
  'workspace-create-malformed-json',
] as const;
