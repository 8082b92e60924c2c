import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verbs, VERBS } from '../../src/model/actions.ts';
import { appProblem } from '../../src/model/apps.ts';
import { agent, fromNow, MEMBER, OWNER, resource, stopping, workspace } from './model-fixture.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';

const BUILD_VERBS = ['start', 'stop', 'cancel', 'delete'] as const;

const allowedOf = (subject: Workspace, user = MEMBER): string[] =>
  BUILD_VERBS.filter((verb) => verbs(subject, user)[verb].allowed);

const why = (subject: Workspace, verb: (typeof VERBS)[number], user = MEMBER): string => {
  const permission = verbs(subject, user)[verb];
  return permission.allowed ? 'allowed' : permission.why;
};

test('each status offers what the server accepts in it', () => {
  const expected: Record<string, string[]> = {
    pending: ['cancel'],
    starting: ['cancel'],
    running: ['stop', 'delete'],
    stopping: ['cancel'],
    stopped: ['start', 'delete'],
    canceling: [],
    canceled: ['start', 'stop', 'delete'],
    failed: ['start', 'stop', 'delete'],
    deleting: ['cancel'],
    deleted: [],
    'being-teleported': [],
  };
  for (const [status, allowed] of Object.entries(expected)) {
    assert.deepEqual(allowedOf(workspace(status)), allowed, status);
  }
});

test('every refusal says why, and none is empty', () => {
  for (const status of ['pending', 'running', 'stopped', 'canceling', 'deleted', 'being-teleported']) {
    for (const verb of VERBS) assert.match(why(workspace(status), verb), /\w/, `${status} ${verb}`);
  }
  assert.equal(why(workspace('running'), 'start'), 'api-server is already running.');
  assert.equal(why(workspace('stopped'), 'stop'), 'api-server is already stopped.');
  assert.equal(why(workspace('starting'), 'start'), 'A build of api-server is in progress.');
  assert.equal(why(workspace('running'), 'cancel'), 'api-server has no build in progress.');
  assert.equal(why(workspace('deleted'), 'start'), 'api-server is deleted.');
});

test('a template that forbids it keeps its users from cancelling, but not the site’s owner', () => {
  const subject = workspace('starting', { workspace: { template_allow_user_cancel_workspace_jobs: false } });
  assert.equal(why(subject, 'cancel'), 'This template does not let its users cancel builds.');
  assert.equal(why(subject, 'cancel', OWNER), 'allowed');
});

test('an outdated running workspace can still be stopped', () => {
  assert.equal(why(workspace('running', { workspace: { outdated: true } }), 'stop'), 'allowed');
});

test('a dormant workspace is neither started nor stopped, and says what to do', () => {
  const dormant = workspace('stopped', { workspace: { dormant_at: fromNow(-600) } });
  assert.deepEqual(allowedOf(dormant), ['delete']);
  assert.match(why(dormant, 'start'), /dormant/);
});

test('a workspace with an external agent is neither started nor stopped', () => {
  const external = workspace('running', { build: { has_external_agent: true } });
  assert.match(why(external, 'stop'), /on an external agent/);
});

test('a stop can be moved only where there is one; a required one can be moved, too: earlier', () => {
  assert.equal(why(stopping(60), 'extend'), 'allowed');
  assert.match(why(workspace('running'), 'extend'), /has no scheduled stop/);
  assert.match(why(workspace('stopped', { build: { deadline: fromNow(60) } }), 'extend'), /isn.t running/);
  assert.match(why(workspace('starting', { build: { deadline: fromNow(60) } }), 'extend'), /isn.t running/);
  assert.match(why(stopping(60, { workspace: { is_prebuild: true } }), 'extend'), /prebuilt/);
  assert.equal(why(stopping(50, { build: { max_deadline: fromNow(50) } }), 'extend'), 'allowed');
});

test('opening needs a running workspace with an agent', () => {
  const withAgent = { build: { resources: [resource('dev', { agents: [agent('main')] })] } };
  assert.equal(why(workspace('running', withAgent), 'open'), 'allowed');
  assert.match(why(workspace('running'), 'open'), /no agent/);
  assert.match(why(workspace('stopped', withAgent), 'open'), /isn.t running/);
});

test('an app opens only over http or https, and one inside only while its agent is connected', () => {
  const problem = (app: object, agentChanges: object = {}, status = 'running'): string => {
    const full = { id: 'app', slug: 'code', display_name: '', ...app };
    const subject = workspace(status, {
      build: { resources: [resource('dev', { agents: [agent('main', { apps: [full], ...agentChanges })] })] },
    });
    const [only] = subject.latest_build.resources[0]?.agents ?? [];
    assert.ok(only?.apps[0] !== undefined);
    return appProblem(only.apps[0], only, subject) ?? 'opens';
  };
  assert.equal(problem({ external: true, url: 'https://docs.example.com' }), 'opens');
  for (const url of ['vscode://x', 'file:///etc/passwd', 'javascript:alert(1)', 'not a url', undefined]) {
    assert.match(problem({ external: true, url }), /can't be opened in a browser/);
  }
  assert.equal(problem({}), 'opens');
  assert.match(problem({}, { status: 'disconnected' }), /isn.t connected/);
  assert.match(problem({}, {}, 'stopped'), /isn.t running/);
});
