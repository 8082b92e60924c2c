import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedVerbs, allows, questionOf, VERBS, whyNot } from '../../src/model/actions.ts';
import { COMMANDS } from '../../src/commands/table.ts';
import { appProblem } from '../../src/model/apps.ts';
import { agent, fromNow, MEMBER, OWNER, resource, stopping, workspace } from './model-fixture.ts';
import { User } from '../../src/api/schemas/users.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';

const OTHER = User.parse({ id: 'u-other', username: 'other', roles: [] });
const with_ = (id: string, role: string) => ({ id, actor_type: 'user', roles: [role] });

type Verb = keyof typeof TABLE | 'open' | 'extend' | 'showLog' | 'showHistory';

const why = (subject: Workspace, verb: Verb, user = MEMBER): string => {
  const reason = whyNot(verb, subject, user);
  assert.equal(allows(verb, subject, user), reason === undefined, verb);
  return reason ?? 'allowed';
};

const STATUSES = [
  'pending',
  'starting',
  'running',
  'stopping',
  'stopped',
  'canceling',
  'canceled',
  'failed',
  'deleting',
  'deleted',
  'being-teleported',
];

const STAYING = STATUSES.filter((status) => status !== 'deleted' && status !== 'deleting');

/** In which statuses each verb is offered; contract 5.4. */
const TABLE = {
  start: ['stopped', 'canceled', 'failed'],
  startWithParameters: ['stopped', 'canceled', 'failed'],
  stop: ['running', 'canceled', 'failed'],
  restart: ['running'],
  update: ['running', 'stopped', 'canceled', 'failed'],
  changeVersion: ['running', 'stopped', 'canceled', 'failed'],
  retryBuild: ['failed'],
  cancel: ['pending', 'starting', 'stopping', 'deleting'],
  delete: ['running', 'stopped', 'canceled', 'failed'],
  sleep: ['stopped', 'canceled', 'failed'],
  rename: STAYING,
  setAutostart: STAYING,
  setTtl: STAYING,
  setAutomaticUpdates: STAYING,
  favorite: STAYING,
  pin: STAYING,
  duplicate: STATUSES,
  openDashboard: STATUSES,
  showResources: STATUSES,
} as const;

const V2 = { automatic_updates: 'never', favorite: false, allow_renames: true, outdated: true };

test('each verb is offered in the statuses in which the server takes it, and in no other', () => {
  for (const [verb, statuses] of Object.entries(TABLE) as [keyof typeof TABLE, readonly string[]][]) {
    for (const status of STATUSES) {
      const subject = workspace(status, { workspace: V2 });
      assert.equal(why(subject, verb) === 'allowed', statuses.includes(status), `${verb} ${status}`);
    }
  }
});

/** Who may do what; contract 2.14. */
const PEOPLE: Readonly<Record<string, readonly [user: User, shared: object[] | undefined, verbs: readonly Verb[]]>> = {
  owner: [MEMBER, undefined, ['stop', 'restart', 'update', 'delete', 'setTtl', 'rename', 'favorite', 'duplicate']],
  'site owner': [OWNER, undefined, ['stop', 'restart', 'update', 'delete', 'setTtl', 'rename', 'duplicate']],
  use: [OTHER, [with_('u-other', 'use')], ['stop', 'restart', 'update', 'duplicate']],
  admin: [OTHER, [with_('u-other', 'admin')], ['stop', 'restart', 'update', 'setTtl', 'rename', 'duplicate']],
  'a group': [OTHER, [{ ...with_('g-1', 'use'), actor_type: 'group' }], ['stop', 'restart', 'update', 'duplicate']],
  'another role': [
    OTHER,
    [with_('u-third', 'use')],
    ['stop', 'restart', 'update', 'delete', 'setTtl', 'rename', 'duplicate'],
  ],
};
test('each person is offered what their part in the workspace allows', () => {
  const asked: Verb[] = ['stop', 'restart', 'update', 'delete', 'setTtl', 'rename', 'favorite', 'duplicate'];
  for (const [who, [user, shared_with, expected]] of Object.entries(PEOPLE)) {
    const subject = workspace('running', { workspace: { ...V2, ...(shared_with && { shared_with }) } });
    assert.deepEqual(
      asked.filter((verb) => why(subject, verb, user) === 'allowed'),
      expected,
      who,
    );
  }
  const used = workspace('running', { workspace: { shared_with: [with_('u-other', 'use')] } });
  assert.equal(
    why(used, 'setTtl', OTHER),
    "dana/api-server is shared with you, but your role “use” doesn't allow this.",
  );
  const starting = workspace('starting', { workspace: { shared_with: [with_('u-other', 'use')] } });
  assert.match(why(starting, 'cancel', OTHER), /shared with you/);
});

test('what another role may do is asked of the server, in the words of its age', () => {
  const action = (verb: Verb, subject: Workspace, user = OTHER) => questionOf(verb, subject, user)?.action;
  const [old, newer] = [workspace('running'), workspace('running', { workspace: V2 })];
  assert.deepEqual(
    (['stop', 'restart', 'setTtl', 'delete', 'showLog', 'open'] as const).map((verb) => action(verb, newer)),
    ['stop', 'start', 'update', 'delete', undefined, undefined],
  );
  assert.deepEqual(
    (['stop', 'restart', 'delete'] as const).map((verb) => action(verb, old)),
    ['update', 'update', 'delete'],
  );
  assert.equal(action('stop', newer, MEMBER), undefined, 'of one’s own nothing is asked');
  const shared = workspace('running', { workspace: { ...V2, shared_with: [with_('u-other', 'use')] } });
  assert.equal(action('stop', shared), undefined, 'a shared role is known');
  assert.deepEqual(questionOf('stop', newer, OTHER)?.object, { resource_type: 'workspace', resource_id: 'w-1' });
});

test('what an age or a deployment lacks is not offered', () => {
  const old = workspace('stopped', { workspace: { outdated: true } });
  for (const verb of ['favorite', 'sleep', 'setAutomaticUpdates'] as const) {
    assert.match(why(old, verb), /doesn't support this/, verb);
  }
  assert.equal(why(old, 'rename'), 'allowed');
  assert.match(why(workspace('stopped', { workspace: { allow_renames: false } }), 'rename'), /renamed/);
  assert.match(why(workspace('stopped', { workspace: { ...V2, outdated: false } }), 'update'), /active version/);
  const required = workspace('stopped', { workspace: { ...V2, template_require_active_version: true } });
  assert.match(why(required, 'changeVersion'), /only its active version/);
  assert.equal(why(required, 'changeVersion', OWNER), 'allowed');
  assert.equal(why(required, 'start'), 'allowed');
});

test('a failed build is repeated where it ended and what it was may be done', () => {
  assert.match(why(workspace('failed', { job: { completed_at: undefined } }), 'retryBuild'), /in progress/);
  const shared = { shared_with: [with_('u-other', 'admin')] };
  const deletion = { build: { transition: 'delete' }, workspace: { ...shared, dormant_at: fromNow(-60) } };
  assert.equal(why(workspace('failed', deletion), 'retryBuild'), 'allowed');
  assert.match(why(workspace('failed', deletion), 'retryBuild', OTHER), /shared with you/);
  assert.match(why(workspace('failed', { workspace: { dormant_at: fromNow(-60) } }), 'retryBuild'), /dormant/);
});

test('a row offers only verbs that have a command', () => {
  for (const verb of VERBS) assert.ok(COMMANDS[verb], `there is no command ${verb}`);
  assert.deepEqual(
    allowedVerbs(workspace('stopped'), MEMBER),
    VERBS.filter((verb) => allows(verb, workspace('stopped'), MEMBER)),
  );
});

test('a verb is offered once: a favorite is not made one again, an awake workspace not woken', () => {
  const favorite = workspace('stopped', { workspace: { ...V2, favorite: true } });
  assert.match(why(favorite, 'favorite'), /already a favorite/);
  assert.equal(whyNot('unfavorite', favorite, MEMBER), undefined);
  assert.match(whyNot('wake', favorite, MEMBER) ?? '', /isn't dormant/);
});

test('every refusal says why, and none is empty', () => {
  for (const status of ['pending', 'running', 'stopped', 'canceling', 'deleted', 'being-teleported']) {
    for (const verb of VERBS) assert.notEqual(whyNot(verb, workspace(status), MEMBER), '', `${status} ${verb}`);
  }
  assert.equal(why(workspace('running'), 'start'), 'api-server is already running.');
  assert.equal(why(workspace('stopped'), 'stop'), 'api-server is already stopped.');
  assert.equal(why(workspace('starting'), 'start'), 'A build of api-server is in progress.');
  assert.equal(why(workspace('running'), 'cancel'), 'api-server has no build in progress.');
  assert.equal(why(workspace('deleted'), 'start'), 'api-server is deleted.');
});

test('a template that forbids it keeps its users from cancelling, but not the site’s owner', () => {
  const subject = workspace('starting', { workspace: { template_allow_user_cancel_workspace_jobs: false } });
  assert.equal(why(subject, 'cancel'), "This template doesn't let its users cancel builds.");
  assert.equal(why(subject, 'cancel', OWNER), 'allowed');
});

test('an outdated running workspace can be stopped, restarted and updated (coder/coder#14802)', () => {
  for (const verb of ['stop', 'restart', 'update'] as const) {
    assert.equal(why(workspace('running', { workspace: { outdated: true } }), verb), 'allowed', verb);
  }
});

test('a dormant workspace is neither started nor stopped, and says what to do', () => {
  const dormant = workspace('stopped', { workspace: { dormant_at: fromNow(-600) } });
  assert.equal(why(dormant, 'delete'), 'allowed');
  for (const verb of ['stop', 'update', 'restart', 'changeVersion', 'sleep'] as const) {
    assert.notEqual(why(dormant, verb), 'allowed', verb);
  }
  assert.equal(whyNot('wake', dormant, MEMBER), undefined);
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

test('a refusal names somebody else’s workspace as its row does, and one’s own by its name', () => {
  assert.equal(why(workspace('running'), 'start'), 'api-server is already running.');
  const other = workspace('running', { workspace: { owner_id: 'u-else', owner_name: 'else' } });
  assert.equal(why(other, 'start', OWNER), 'else/api-server is already running.');
});
