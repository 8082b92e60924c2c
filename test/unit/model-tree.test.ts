import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../src/api/errors.ts';
import { listWorkspaces } from '../../src/api/operations.ts';
import { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds, TemplateId } from '../../src/api/units.ts';
import { failed, listed, LOADING, SIGNED_OUT, type Ready } from '../../src/model/state.ts';
import { ticks } from '../../src/model/tree.ts';
import { treeMessage } from '../../src/model/treeMessage.ts';
import { diffTrees } from '../../src/model/treeDiff.ts';
import { TreeNode, type TreeOptions } from '../../src/model/treeNode.ts';
import {
  agent,
  fromNow,
  MEMBER,
  NOW,
  PLACE,
  recorded,
  resource,
  stopping,
  treeOptions,
  workspace,
} from './model-fixture.ts';
import { toNodes } from '../toNodes.ts';

const ready = (...workspaces: Workspace[]): Ready =>
  listed(LOADING, { user: MEMBER, workspaces, skippedRows: 0, readAt: NOW });

/** With every row opened. */
const opened = (node: TreeNode): TreeNode => new TreeNode(node, node.children.map(opened));

const nodesOf = (workspaces: readonly Workspace[], options: Partial<TreeOptions> = {}, now = NOW) =>
  toNodes(ready(...workspaces), treeOptions(options), now).map(opened);

const rowOf = (subject: Workspace, options: Partial<TreeOptions> = {}, now = NOW): TreeNode => {
  const [row] = nodesOf([subject], options, now);
  assert.ok(row !== undefined);
  return row;
};

const withResources = (status: string, ...resources: object[]): Workspace =>
  workspace(status, { build: { resources } });

const labels = (nodes: readonly TreeNode[]): string[] => nodes.map((node) => node.label);

const all = (nodes: readonly TreeNode[]): TreeNode[] => nodes.flatMap((node) => [node, ...all(node.children)]);

const named = (name: string, status: string, changes: object = {}): Workspace =>
  workspace(status, { workspace: { id: `w-${name}`, name, ...changes } });

test('each status has its icon and its words', () => {
  const error = '\nquota exceeded\nand more';
  const cases: [Workspace, string, string][] = [
    [workspace('pending', { job: { queue_position: 2, queue_size: 5 } }), 'watch', 'Queued, 2 of 5'],
    [workspace('pending'), 'watch', 'Queued'],
    [workspace('starting', { job: { started_at: fromNow(-0.7) } }), 'loading~spin', 'Starting · 0:42'],
    [workspace('stopping', { job: { started_at: fromNow(-0.7) } }), 'loading~spin', 'Stopping · 0:42'],
    [workspace('deleting', { job: { started_at: fromNow(-0.7) } }), 'loading~spin', 'Deleting · 0:42'],
    [workspace('canceling'), 'loading~spin', 'Canceling…'],
    [stopping(170), 'vm-running', 'Running · stops 18:30'],
    [workspace('running'), 'vm-running', 'Running · no stop set'],
    [stopping(-5), 'vm-running', 'Running · stopping soon'],
    [
      workspace('stopped', { build: { reason: 'autostop' }, job: { completed_at: fromNow(-2880) } }),
      'vm-outline',
      'Stopped · autostop, 2 days ago',
    ],
    [workspace('stopped', { job: { completed_at: fromNow(-2880) } }), 'vm-outline', 'Stopped · 2 days ago'],
    // By a clock that is known to a second or two.
    [workspace('stopped', { job: { completed_at: fromNow(0.03) } }), 'vm-outline', 'Stopped · just now'],
    [workspace('failed', { job: { error } }), 'error', 'Start failed: quota exceeded'],
    [workspace('failed', { job: { completed_at: undefined } }), 'warning', 'Starting · no word from the provisioner'],
    [workspace('failed'), 'error', 'Start failed'],
    [workspace('canceled'), 'circle-slash', 'Start canceled'],
    [
      workspace('failed', { build: { transition: 'stop' }, job: { error, canceled_at: fromNow(-1) } }),
      'circle-slash',
      'Stop canceled',
    ],
    [
      workspace('stopped', { workspace: { dormant_at: fromNow(-60), deleting_at: '2026-12-03T12:00:00Z' } }),
      'debug-pause',
      'Dormant, deleted on Dec 3',
    ],
    [workspace('hibernating'), 'question', 'hibernating'],
  ];
  for (const [subject, icon, description] of cases) {
    const row = rowOf(subject);
    assert.equal(row.icon?.id, icon, description);
    assert.equal(row.description, description);
  }
});

test('a build that no provisioner will ever take says so, and only while it is queued', () => {
  const queued = (count: unknown, changes: object = {}): string =>
    rowOf(
      workspace('pending', {
        build: { matched_provisioners: count },
        job: { queue_position: 3, queue_size: 7, ...changes },
      }),
    ).description;
  assert.equal(queued({ count: 0, available: 0, most_recently_seen: null }), 'Queued · no matching provisioner');
  assert.equal(queued({ count: 3, available: 0 }), "Queued, 3 of 7 · provisioners aren't responding");
  assert.equal(queued({ count: 3, available: 0 }, { queue_size: 0 }), "Queued · provisioners aren't responding");
  assert.equal(queued({ count: 3, available: 1, most_recently_seen: fromNow(-600) }), 'Queued, 3 of 7');
  assert.equal(queued({ count: 3 }), 'Queued, 3 of 7');
  for (const unknown of [undefined, null, {}, { count: 'none' }]) assert.equal(queued(unknown), 'Queued, 3 of 7');
  // Once the job runs the server says 0 of every build.
  const starting = workspace('starting', {
    build: { matched_provisioners: { count: 0 } },
    job: { started_at: fromNow(-0.7) },
  });
  assert.equal(rowOf(starting).description, 'Starting · 0:42');
});

test('a stop says why, while it stops and afterwards: what Coder does by itself, another person, a reason nobody knows', () => {
  const cases: [Readonly<Record<string, unknown>>, cause: string][] = [
    [{ reason: 'autostop' }, 'autostop'],
    [{ reason: 'dormancy' }, 'dormancy'],
    [{ reason: 'task_auto_pause' }, 'auto-pause'],
    [{ reason: 'reaper_policy' }, 'reaper_policy'],
    [{ initiator_id: 'u-olga', initiator_name: 'olga' }, 'olga'],
    [{ reason: 'dashboard', initiator_id: 'u-olga', initiator_name: 'olga' }, 'olga'],
    // Contract 7.38: V0 may name another user than the one whose id it sends.
    [{ initiator_id: 'u-dana', initiator_name: 'olga' }, ''],
    [{ reason: 'task_manual_pause', initiator_id: 'u-dana' }, ''],
    [{ initiator_id: 'u-olga', initiator_name: '' }, ''],
  ];
  for (const [build, cause] of cases) {
    const stopping = workspace('stopping', { build, job: { started_at: fromNow(-5 / 60) } });
    const stopped = workspace('stopped', { build, job: { completed_at: fromNow(-2880) } });
    assert.equal(rowOf(stopping).description, cause === '' ? 'Stopping · 0:05' : `Stopping · ${cause} · 0:05`);
    assert.equal(rowOf(stopped).description, `Stopped · ${cause === '' ? '' : `${cause}, `}2 days ago`);
  }
});

test('whoever stops somebody else’s workspace is named to its owner, and not to the one who did it', () => {
  const shared = workspace('stopped', {
    workspace: { owner_id: 'u-olga', owner_name: 'olga' },
    build: { initiator_id: 'u-dana', initiator_name: 'dana' },
    job: { completed_at: fromNow(-2880) },
  });
  assert.equal(rowOf(shared).description, 'Stopped · 2 days ago');
  const byOwner = workspace('stopped', {
    workspace: { owner_id: 'u-olga', owner_name: 'olga' },
    build: { initiator_id: 'u-olga', initiator_name: 'olga' },
    job: { completed_at: fromNow(-2880) },
  });
  assert.equal(rowOf(byOwner).description, 'Stopped · olga, 2 days ago');
});

test('a day of deletion that has passed is no promise', () => {
  const dormant = (deletingAt: string) =>
    rowOf(workspace('stopped', { workspace: { dormant_at: fromNow(-60), deleting_at: deletingAt } })).description;
  assert.equal(dormant('2026-12-03T12:00:00Z'), 'Dormant, deleted on Dec 3');
  assert.equal(dormant('2026-11-24T12:00:00Z'), 'Dormant');
});

test('how long is left is said where the template’s builds are known, and no longer when that is over', () => {
  const usualTimes = new Map([['t-1' as TemplateId, { start: 62_000 as Milliseconds }]]);
  const starting = workspace('starting', { job: { started_at: fromNow(0) } });
  const after = (seconds: number): string =>
    rowOf(starting, { usualTimes }, (NOW + seconds * 1000) as EpochMs).description;
  assert.equal(after(42), 'Starting · 0:42, about 20 s left');
  assert.equal(after(44), 'Starting · 0:44, about 20 s left', 'in steps of five seconds');
  assert.equal(after(70), 'Starting · 1:10');
});

test('no time is left for a transition of any other name', () => {
  const usualTimes = new Map([['t-1' as TemplateId, { start: 62_000 as Milliseconds, activityPostponesStop: true }]]);
  for (const transition of ['constructor', 'activityPostponesStop']) {
    const starting = workspace('starting', { build: { transition }, job: { started_at: fromNow(0) } });
    assert.equal(rowOf(starting, { usualTimes }, NOW).description, 'Starting · 0:00', transition);
  }
});

test('rows stand in the order favourite, in transition, running, last used', () => {
  const rows = nodesOf([
    named('old', 'stopped', { last_used_at: fromNow(-9000) }),
    named('recent', 'stopped', { last_used_at: fromNow(-60) }),
    named('never', 'failed', { last_used_at: '0001-01-01T00:00:00Z' }),
    named('running', 'running'),
    named('starting', 'starting'),
    named('liked', 'stopped', { favorite: true, last_used_at: fromNow(-99_000) }),
  ]);
  assert.deepEqual(labels(rows), ['liked', 'starting', 'running', 'recent', 'old', 'never']);
});

test('two workspaces in use do not change places with each touch', () => {
  const one = named('a', 'running', { last_used_at: fromNow(-1) });
  const touched = named('b', 'running', { last_used_at: fromNow(0) });
  assert.deepEqual(labels(nodesOf([touched, one])), ['a', 'b']);
});

test('a prebuilt workspace that nobody claimed is not shown; one of somebody else’s names its owner', () => {
  assert.deepEqual(nodesOf([named('pre', 'running', { is_prebuild: true })]), []);
  assert.equal(rowOf(named('x', 'running', { owner_id: 'u-2', owner_name: 'olga' })).label, 'olga/x');
});

test('a stop after which nobody went on with the restart says so, until there is another build', () => {
  const read = (left: readonly string[], build: Readonly<Record<string, unknown>> = {}) =>
    nodesOf([workspace('stopped', { build })], { interruptedRestarts: left })[0]?.description ?? '';
  assert.equal(read(['w-1#1']), 'Stopped · restart interrupted');
  assert.doesNotMatch(read(['w-1#2', 'w-2#1']), /restart/);
  // The stop of the restart was never made, and another one got its number.
  assert.doesNotMatch(read(['w-1#1'], { reason: 'autostop' }), /restart/);
  assert.doesNotMatch(read(['w-1#1'], { initiator_name: 'olga' }), /restart/);
});

test('the context value is the kind, the state and what can be done', () => {
  const stopped = rowOf(workspace('stopped')).contextValue;
  assert.match(stopped, /^workspace stopped can-openDashboard can-start .*\bcan-showLog .*\bcan-delete\b/);
  assert.doesNotMatch(stopped, /can-(stop|cancel|extend|copyError)\b/);
  assert.match(rowOf(stopping(60)).contextValue, /^workspace running .*\bcan-stop .*\bcan-extend .*\bcan-delete\b/);
  assert.match(rowOf(workspace('starting')).contextValue, /^workspace building .*\bcan-cancel .*\bcan-showLog\b/);
  // Only Cancel is inline: nothing has been logged yet.
  assert.match(rowOf(workspace('pending')).contextValue, /^workspace pending .*\bcan-cancel .*\bcan-showLog\b/);
  assert.match(rowOf(workspace('failed')).contextValue, /^workspace failed .*\bcan-start can-stop .*\bcan-delete/);
  assert.match(rowOf(workspace('can-start evil')).contextValue, /^workspace canstartevil .*\bcan-showLog\b/);
});

test('The pinned workspace can be unpinned and not pinned, each other one pinned', () => {
  const pins = (row: TreeNode) => row.contextValue.match(/\bcan-(un)?pin\b/g);
  const pinned = stopping(60);
  assert.deepEqual(pins(rowOf(pinned, { pinned: pinned.id })), ['can-unpin']);
  assert.deepEqual(pins(rowOf(pinned)), ['can-pin']);
});

test('an outdated workspace wears a badge and says so in words', () => {
  const row = rowOf(workspace('running', { workspace: { outdated: true } }));
  assert.equal(row.badge, 'outdated');
  assert.match(row.ariaLabel, /api-server, Running · no stop set, a newer template version is active/);
  assert.equal(rowOf(workspace('running')).badge, undefined);
});

test('a favorite can be seen by its badge, and be outdated besides', () => {
  assert.equal(rowOf(workspace('running', { workspace: { favorite: true } })).badge, 'favorite');
  const both = rowOf(workspace('running', { workspace: { favorite: true, outdated: true } }));
  assert.equal(both.badge, 'favorite outdated');
});

test('an unhealthy workspace says which agent and why, in both ages', () => {
  const lost = withResources('running', resource('dev', { agents: [agent('main', { status: 'disconnected' })] }));
  assert.equal(rowOf(lost).icon?.id, 'warning');
  assert.equal(rowOf(lost).description, 'Running · agent main lost connection');
  const health = { healthy: false, reason: 'agent is not running' };
  const told = workspace('running', {
    workspace: { health: { healthy: false, failing_agents: ['a-main'] } },
    build: { resources: [resource('dev', { agents: [agent('main', { health, lifecycle_state: 'ready' })] })] },
  });
  assert.equal(rowOf(told).icon?.id, 'warning');
  assert.match(rowOf(told).children[0]?.description ?? '', /agent is not running/);
});

test('an agent that still has time to connect does not make its workspace unhealthy, as V2.36 has it after each start', () => {
  const health = { healthy: false, reason: 'agent has not yet connected' };
  const told = workspace('running', {
    workspace: { health: { healthy: false, failing_agents: ['a-main'] } },
    build: { resources: [resource('dev', { agents: [agent('main', { health, status: 'connecting' })] })] },
  });
  assert.equal(rowOf(told).icon?.id, 'vm-running');
  assert.equal(rowOf(told).description, rowOf(workspace('running')).description);
  assert.equal(rowOf(told).children[0]?.description, 'connecting · linux/amd64');
});

test('what is wrong with an agent is said once, where the server gives it as a reason, too', () => {
  const late = agent('main', {
    status: 'timeout',
    health: { healthy: false, reason: 'agent is taking too long to connect' },
  });
  const failed = agent('main', {
    lifecycle_state: 'start_error',
    health: { healthy: false, reason: 'agent startup script exited with an error' },
  });
  const told = [late, failed].map(
    (one) => rowOf(withResources('running', resource('dev', { agents: [one] }))).children[0]?.description,
  );
  assert.deepEqual(told, ['not connected in time · linux/amd64', 'connected · startup script failed · linux/amd64']);
});

test('an unhealthy sub-agent does not make its workspace unhealthy', () => {
  const sub = agent('container', { parent_id: 'a-main', status: 'timeout', health: { healthy: false } });
  const subject = workspace('running', {
    workspace: { health: { healthy: false, failing_agents: ['a-container'] } },
    build: { resources: [resource('dev', { agents: [agent('main', { health: { healthy: true } }), sub] })] },
  });
  assert.equal(rowOf(subject).icon?.id, 'vm-running');
});

test('resources with agents come first and hidden ones are absent unless asked for', () => {
  const subject = withResources(
    'running',
    resource('secret', { hide: true }),
    resource('volume'),
    resource('box', { agents: [agent('main'), agent('gpu')] }),
  );
  assert.deepEqual(labels(rowOf(subject).children), ['box', 'volume']);
  assert.deepEqual(labels(rowOf(subject, { showHiddenResources: true }).children), ['box', 'secret', 'volume']);
});

test('a resource with exactly one agent is drawn as that agent, with its metadata and cost, unless one wants it otherwise', () => {
  const metadata = [
    { key: 'cpu', value: '4', sensitive: false },
    { key: 'password', value: 'hunter2', sensitive: true },
    { key: 'disk', value: '10 GB', sensitive: false },
  ];
  const subject = withResources('running', resource('box', { daily_cost: 25, metadata, agents: [agent('main')] }));
  const [flat] = rowOf(subject).children;
  assert.equal(flat?.kind, 'agent');
  assert.deepEqual(
    flat.children.map((node) => [node.label, node.description]),
    [
      ['cpu', '4'],
      ['password', '••••••••'],
      ['disk', '10 GB'],
      ['Daily cost', '25'],
    ],
  );
  const [whole] = rowOf(subject, { flattenAgents: false }).children;
  assert.deepEqual(
    [whole?.kind, whole?.label, whole?.description],
    ['resource', 'box', 'docker_container, daily cost 25'],
  );
  assert.deepEqual(labels(whole?.children ?? []), ['main', 'cpu', 'password', 'disk']);
});

test('a secret of the metadata is nowhere in the tree', () => {
  const metadata = [{ key: 'password', value: 'hunter2', sensitive: true }];
  for (const flattenAgents of [true, false]) {
    const subject = withResources('running', resource('box', { metadata, agents: [agent('main')] }));
    assert.doesNotMatch(JSON.stringify(nodesOf([subject], { flattenAgents })), /hunter2/);
  }
});

test('two agents of one resource are both there, in the order of their names whatever the server sends', () => {
  const box = (...names: string[]): string[] =>
    labels(
      rowOf(withResources('running', resource('box', { agents: names.map((name) => agent(name)) }))).children[0]
        ?.children ?? [],
    );
  assert.deepEqual(box('main', 'gpu'), ['gpu', 'main']);
  assert.deepEqual(box('gpu', 'main'), ['gpu', 'main']);
  assert.deepEqual(box('gpu-10', 'gpu-9', 'gpu-09'), ['gpu-09', 'gpu-9', 'gpu-10']);
});

test('resources are in the order of the numbers in their names', () => {
  const names = ['disk-10', 'disk-9', 'disk-1'];
  assert.deepEqual(labels(rowOf(withResources('running', ...names.map((name) => resource(name)))).children), [
    'disk-1',
    'disk-9',
    'disk-10',
  ]);
});

test('a sub-agent stands below the agent that made it, and a circle of agents hangs nothing', () => {
  const sub = agent('devcontainer', { parent_id: 'a-main' });
  const [main] = rowOf(withResources('running', resource('box', { agents: [sub, agent('main')] }))).children;
  assert.deepEqual([main?.label, ...labels(main?.children ?? [])], ['main', 'devcontainer']);
  const circle = [agent('a', { parent_id: 'a-b' }), agent('b', { parent_id: 'a-a' }), agent('c', { parent_id: 'a-c' })];
  assert.deepEqual(
    all(nodesOf([withResources('running', resource('box', { agents: circle }))])).map((n) => n.label),
    ['api-server', 'c'],
  );
});

test('agents tell their state only while the workspace runs', () => {
  const box = resource('box', { agents: [agent('main', { status: 'connecting' })] });
  assert.equal(rowOf(withResources('running', box)).children[0]?.description, 'connecting · linux/amd64');
  assert.equal(rowOf(withResources('stopped', box)).children[0]?.description, 'linux/amd64');
  assert.equal(rowOf(withResources('stopped', box)).children[0]?.contextValue, 'agent');
});

test('an agent says since when it is away, and what its lifecycle is while it is not ready', () => {
  const describe = (changes: Record<string, unknown>): string | undefined =>
    rowOf(withResources('running', resource('box', { agents: [agent('main', changes)] }))).children[0]?.description;
  assert.equal(
    describe({ status: 'disconnected', disconnected_at: fromNow(-98) }),
    'disconnected since 14:02 · linux/amd64',
  );
  assert.equal(describe({ lifecycle_state: 'start_error' }), 'connected · startup script failed · linux/amd64');
  assert.equal(describe({ lifecycle_state: 'ready' }), 'connected · linux/amd64');
  assert.equal(describe({ status: 'levitating' }), 'levitating · linux/amd64');
});

test('apps tell their health only when it is not good; hidden ones are absent; a nameless one is called by its slug', () => {
  const app = (slug: string, changes: object = {}) => ({
    id: `app-${slug}`,
    slug,
    display_name: '',
    health: 'disabled',
    ...changes,
  });
  const apps = [
    app('code', { display_name: 'VS Code' }),
    app('bad', { health: 'unhealthy' }),
    app('no', { hidden: true }),
  ];
  const [main] = rowOf(withResources('running', resource('box', { agents: [agent('main', { apps })] }))).children;
  assert.deepEqual(
    main?.children.map((node) => [node.label, node.description, node.contextValue]),
    [
      ['VS Code', '', 'app can-openApp'],
      ['bad', 'unhealthy', 'app can-openApp'],
    ],
  );
});

test('a workspace offers its apps only where one can be opened now', () => {
  const app = (changes: object = {}) => ({ id: 'app', slug: 'code', display_name: '', health: 'disabled', ...changes });
  const offers = (status: string, agentChanges: Record<string, unknown>): boolean =>
    /\bcan-openApp\b/.test(
      rowOf(withResources(status, resource('box', { agents: [agent('main', agentChanges)] }))).contextValue,
    );
  assert.equal(offers('running', { apps: [app()] }), true);
  assert.equal(offers('running', { apps: [] }), false);
  assert.equal(offers('running', { apps: [app({ hidden: true })] }), false);
  assert.equal(offers('running', { apps: [app()], status: 'timeout' }), false);
  assert.equal(offers('stopped', { apps: [app({ external: true, url: 'https://example.com' })] }), false);
});

test('an empty workspace says why', () => {
  const empty = (subject: Workspace): string | undefined => rowOf(subject).children[0]?.label;
  assert.equal(empty(workspace('stopped')), 'Stopped: no resources');
  assert.equal(empty(workspace('starting')), 'Resources appear when the build finishes');
  const silent = workspace('failed', { job: { completed_at: undefined, error: undefined } });
  assert.equal(empty(silent), 'Resources appear when the build finishes', 'V0 hears nothing of it for now');
  assert.equal(empty(withResources('running', resource('x', { hide: true }))), 'The template hides all resources');
});

test('ids are unique and stay the same over builds, also where the server names two things alike', () => {
  const metadata = [
    { key: '0_cpu', value: '1', sensitive: false },
    { key: '0_cpu', value: '2', sensitive: false },
  ];
  const subject = (id: string, suffix: string): Workspace =>
    workspace('running', {
      workspace: { id },
      build: {
        resources: [
          resource('box', { id: `r1${suffix}`, metadata, agents: [agent('main', { id: `a1${suffix}` })] }),
          resource('box', { id: `r2${suffix}`, metadata, agents: [agent('main', { id: `a2${suffix}` })] }),
          resource('x/y', { id: `r3${suffix}` }),
          resource('x/y', { id: `r4${suffix}` }),
        ],
      },
    });
  const ids = (suffix: string): string[] =>
    all(nodesOf([subject('w-1', suffix), subject('w-2', suffix)])).map((node) => node.id);
  assert.equal(new Set(ids('')).size, ids('').length);
  assert.equal(ids('').length, 2 * (1 + 2 * 3 + 2));
  assert.deepEqual(ids('-next-build'), ids(''));
});

test('rows of two deployments never share an id', () => {
  const [one, other] = ['a.example', 'b.example'].map(
    (deploymentKey) => rowOf(workspace('running'), { deploymentKey }).id,
  );
  assert.notEqual(one, other);
});

test('while signed out, loading or empty there is no row; unreachable is one row that says why', () => {
  const options = treeOptions();
  assert.deepEqual(toNodes(SIGNED_OUT, options, NOW), []);
  assert.deepEqual(toNodes(LOADING, options, NOW), []);
  assert.deepEqual(toNodes(ready(), options, NOW), []);
  const error = new ApiError({ kind: 'refused', operation: listWorkspaces, host: 'coder.example.com' });
  const away = failed(LOADING, { error, since: NOW, retryAt: NOW }, undefined);
  const [row, ...others] = toNodes(away, options, NOW);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [row?.kind, row?.label, row?.description],
    ['unreachable', 'coder.example.com', 'refused the connection. The deployment may be down.'],
  );
  assert.match(row?.ariaLabel ?? '', /^Can't reach coder\.example\.com: /);
});

test('a deployment that answers at its first load is not called out of reach, but named as what it is', () => {
  for (const facts of [
    { kind: 'rateLimited', status: 429 },
    { kind: 'server', status: 500, serverMessage: 'Internal error.' },
  ] as const) {
    const error = new ApiError({ ...facts, operation: listWorkspaces, host: 'coder.example.com' });
    const [row] = toNodes(failed(LOADING, { error, since: NOW, retryAt: NOW }, undefined), treeOptions(), NOW);
    assert.equal(row?.ariaLabel, `Can't load workspaces from coder.example.com: ${error.message}`);
    assert.equal(row.icon?.id, 'warning');
  }
});

test('a stale tree keeps its rows and says since when and when it tries again', () => {
  const error = new ApiError({ kind: 'timeout', operation: listWorkspaces, host: 'coder.example.com' });
  const before = ready(workspace('running'));
  const since = (NOW - 98 * 60_000) as EpochMs;
  const stale = failed(before, { error, since, retryAt: (NOW + 8_400) as EpochMs }, NOW);
  assert.equal(treeMessage(stale, NOW, PLACE), 'Offline since 14:02, retrying in 8 s');
  assert.equal(treeMessage(stale, (NOW + 9_000) as EpochMs, PLACE), 'Offline since 14:02, retrying…');
  const [rows, rowsBefore] = [stale, before].map((state) => toNodes(state, treeOptions(), NOW).map(opened));
  assert.deepEqual(rows, rowsBefore);
});

test('an outage that waiting does not end says what it is', () => {
  const outage = (kind: 'notCoder' | 'timeout') => {
    const error = new ApiError({ kind, operation: listWorkspaces, host: 'coder.example.com' });
    const since = (NOW - 98 * 60_000) as EpochMs;
    return treeMessage({ ...ready(), stale: { error, since, retryAt: (NOW + 8_000) as EpochMs } }, NOW, PLACE);
  };
  assert.equal(outage('timeout'), 'Offline since 14:02, retrying in 8 s');
  assert.equal(
    outage('notCoder'),
    "Offline since 14:02, retrying in 8 s · coder.example.com answered, but it isn't a Coder deployment. Check the address, and whether a sign-on page is in the way.",
  );
});

test('rows that could not be read are counted, and all is well says nothing', () => {
  assert.equal(treeMessage(ready(), NOW, PLACE), undefined);
  assert.equal(treeMessage({ ...ready(), skippedRows: 1 }, NOW, PLACE), "1 workspace couldn't be read.");
  assert.equal(treeMessage({ ...ready(), skippedRows: 3 }, NOW, PLACE), "3 workspaces couldn't be read.");
});

test('only rows in transition tick', () => {
  assert.equal(ticks(ready(workspace('running'), named('x', 'stopped'))), false);
  assert.equal(ticks(ready(workspace('running'), named('x', 'starting'))), true);
  const pair = [stopping(170), named('x', 'starting')];
  const changed = diffTrees(nodesOf(pair), nodesOf(pair, {}, (NOW + 5_000) as EpochMs));
  assert.deepEqual(changed, ['coder.example.com/w-x']);
});

test('an unchanged tree differs in nothing; a changed agent is the one row named', () => {
  const subject = (status: string): Workspace[] => [
    withResources('running', resource('box', { agents: [agent('main', { status }), agent('gpu')] })),
    named('other', 'stopped'),
  ];
  assert.deepEqual(diffTrees(nodesOf(subject('connected')), nodesOf(subject('connected'))), []);
  const [agentId, rowId] = ['coder.example.com/w-1/docker_container.box/agent%3Amain', 'coder.example.com/w-1'];
  const options = { flattenAgents: false };
  const [before, after] = ['connected', 'connecting'].map((status) => nodesOf(subject(status), options));
  assert.ok(before !== undefined && after !== undefined);
  assert.deepEqual(diffTrees(before, after), [agentId]);
  assert.notEqual(agentId, rowId);
});

test('a child that came or went names its parent; a row at the top that came, went or moved is the root', () => {
  const one = nodesOf([withResources('running', resource('a'))]);
  const two = nodesOf([withResources('running', resource('a'), resource('b'))]);
  assert.deepEqual(diffTrees(one, two), ['coder.example.com/w-1']);
  const [a, b] = [named('a', 'stopped'), named('b', 'stopped')];
  assert.equal(diffTrees(nodesOf([a]), nodesOf([a, b])), 'root');
  const used = named('b', 'stopped', { last_used_at: fromNow(-1) });
  assert.equal(diffTrees(nodesOf([a, b]), nodesOf([a, used])), 'root');
});

test('recorded workspaces of both ages become rows without a trace of missing values', () => {
  for (const name of [
    'v0/workspaces-q-owner-me',
    'v2/workspaces-q-owner-me',
    'v0/workspace-failed',
    'v2/workspace-failed',
    'v0/workspace-running-connected',
    'v2/workspace-running-connected',
    'v0/workspace-canceled',
    'v2/workspace-canceled',
    'v0/workspace-canceling',
    'v2/workspace-pending',
  ]) {
    const body = recorded(name) as { workspaces?: unknown[] };
    const workspaces = (body.workspaces ?? [body]).map((row) => Workspace.parse(row));
    const nodes = all(nodesOf(workspaces));
    assert.ok(nodes.length > 0, name);
    for (const { label, description, ariaLabel } of nodes) {
      assert.doesNotMatch(`${label} ${description} ${ariaLabel}`, /undefined|\bnull\b|NaN|Invalid Date|\[object/, name);
      assert.notEqual(label, '', name);
    }
  }
});

test('hostile names stay one plain line everywhere in the tree', () => {
  const evil = 'a\u202eb\u0000\n[x](command:y)\u001b[31m';
  const subject = workspace('failed', {
    workspace: { name: evil, template_name: evil },
    job: { error: evil },
    build: {
      resources: [resource(evil, { metadata: [{ key: evil, value: evil }], agents: [agent(evil), agent('b')] })],
    },
  });
  for (const { label, description, ariaLabel } of all(nodesOf([subject], { flattenAgents: false }))) {
    assert.doesNotMatch(label + description + ariaLabel, /[\u0000-\u001f\u202e]/);
  }
});

test('an agent whose startup script still runs is not shown as one that is ready', () => {
  for (const [state, icon] of [
    ['created', 'loading~spin'],
    ['starting', 'loading~spin'],
    ['ready', 'pass'],
  ] as const) {
    const row = rowOf(
      withResources('running', resource('dev', { agents: [agent('main', { lifecycle_state: state })] })),
    );
    assert.equal(row.children[0]?.icon?.id, icon, state);
  }
});

test('an agent whose script failed or takes too long is marked, in word, icon and what its row offers', () => {
  for (const [state, words] of [
    ['start_error', /startup script failed/],
    ['start_timeout', /startup script is slow/],
    ['shutdown_error', /shutdown script failed/],
    ['shutdown_timeout', /shutdown script is slow/],
  ] as const) {
    const failing = agent('main', { lifecycle_state: state, health: { healthy: true } });
    const row = rowOf(withResources('running', resource('dev', { agents: [failing] }))).children[0];
    assert.match(row?.description ?? '', words);
    assert.equal(row?.icon?.id, 'warning', state);
    assert.match(row.contextValue, /^agent can-open can-openTerminal script-failed\b/);
  }
});
