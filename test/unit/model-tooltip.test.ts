import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { TemplateId } from '../../src/api/units.ts';
import { listed, LOADING } from '../../src/model/state.ts';
import { tooltip, type TooltipLine } from '../../src/model/tooltip.ts';
import type { TreeOptions } from '../../src/model/treeNode.ts';
import { agent, fromNow, MEMBER, NOW, resource, stopping, treeOptions, workspace } from './model-fixture.ts';
import { toNodes } from '../toNodes.ts';

const linesOf = (
  subject: Workspace,
  kind = 'workspace',
  changes: Partial<TreeOptions> = {},
): readonly TooltipLine[] => {
  const state = listed(LOADING, { user: MEMBER, workspaces: [subject], skippedRows: 0, readAt: NOW });
  const options = treeOptions(changes);
  const [row] = toNodes(state, options, NOW);
  const nodes = [row, ...(row?.children ?? []), ...(row?.children.flatMap(({ children }) => children) ?? [])];
  const node = nodes.find((each) => each?.kind === kind);
  assert.ok(node !== undefined);
  return tooltip(node, state, options, NOW);
};

const fieldsOf = (lines: readonly TooltipLine[]): Record<string, string> =>
  Object.fromEntries(lines.flatMap((line) => (line.kind === 'field' ? [[line.label, line.text]] : [])));

test('a workspace tells its status, who and when, template, stop and maximum, and last use', () => {
  const subject = stopping(60, {
    workspace: { outdated: true, autostart_schedule: 'CRON_TZ=Europe/Paris 30 9 * * 1-5', ttl_ms: 28_800_000 },
    build: { deadline: fromNow(60), max_deadline: fromNow(600), daily_cost: 25 },
  });
  const lines = linesOf(subject);
  assert.deepEqual(lines[0], { kind: 'title', text: 'dana/api-server' });
  assert.deepEqual(fieldsOf(lines), {
    Status: 'Running · stops 16:40',
    'Build #1, start': '14:41, 59 minutes ago',
    By: 'dana',
    Template: 'dev @ clever_pike9 (update available)',
    Stops: '16:40, in 1 h',
    'Must stop by': 'Thu 01:40, in 10 h',
    Autostart: 'Mon\u2009–\u2009Fri 09:30 (Europe/Paris)',
    'Time before autostop': '8 h',
    'Last used': '15:10, 30 minutes ago',
    'Daily cost': '25',
  });
});

test('an agent tells its machine, and how far it is by the relay that it prefers', () => {
  const fields = (latency: unknown) =>
    fieldsOf(
      linesOf(
        stopping(60, {
          build: { resources: [resource('vm', { agents: [agent('main', { instance_id: 'i-0abc', latency })] })] },
        }),
        'agent',
      ),
    );
  const regions = {
    'New York': { latency_ms: 80, preferred: false },
    'Frank\u202efurt': { latency_ms: 6.94, preferred: true },
    Nowhere: null,
  };
  assert.deepEqual([fields(regions)['Instance ID'], fields(regions).Latency], ['i-0abc', '7 ms · Frankfurt']);
  for (const none of [undefined, null, {}, [], { Here: { latency_ms: 'far', preferred: true } }])
    assert.equal(fields(none).Latency, undefined);
});

test('an app tells who else may open it, the command that it runs, and the address that an external one leads to', () => {
  const tellsOf = (app: object): Record<string, string> => {
    const apps = [{ id: 'app', slug: 'code', display_name: 'Code', sharing_level: 'owner', health: 'healthy', ...app }];
    const resources = [resource('vm', { agents: [agent('main', { apps })] })];
    return fieldsOf(linesOf(stopping(60, { build: { resources } }), 'app'));
  };
  assert.deepEqual(tellsOf({}), {});
  assert.deepEqual(tellsOf({ sharing_level: 'public', health: 'unhealthy' }), {
    '': 'unhealthy',
    'Shared with': 'everyone',
  });
  assert.deepEqual(tellsOf({ sharing_level: 'authenticated', command: 'top\u001b[2J -d 1' }), {
    Command: 'top -d 1',
    'Shared with': 'all users of the deployment',
  });
  assert.deepEqual(tellsOf({ external: true, url: 'https://example.com/docs', sharing_level: 'public' }), {
    Address: 'https://example.com/docs',
  });
  assert.deepEqual(tellsOf({ url: 'http://localhost:8080/', sharing_level: 'a-new-one' }), {});
});

test('of an error of millions of characters a tooltip takes no more than it draws', () => {
  const subject = workspace('failed', { job: { error: `Error: full\n${'x'.repeat(10_000_000)}\nlast` } });
  const last = linesOf(subject).at(-1);
  assert.ok(last?.kind === 'error', 'an error');
  assert.equal(last.lines[0], 'Error: full');
  assert.ok(last.lines.join('').length <= 40_000, `${last.lines.join('').length} characters`);
});

test('a failed build tells its error in full, without escape sequences', () => {
  const subject = workspace('failed', { job: { error: 'quota exceeded\n\u001b[31m  on main.tf\u001b[0m\n' } });
  assert.deepEqual(linesOf(subject).at(-1), { kind: 'error', lines: ['quota exceeded', '  on main.tf'] });
});

test('an error begins with its first line that says something, and one of nothing but spaces is none', () => {
  const lines = (error: string) =>
    linesOf(workspace('failed', { job: { error } })).flatMap((line) => (line.kind === 'error' ? line.lines : []));
  assert.deepEqual(lines('\n \t\r\n  indented\r\nrest\n\n'), ['  indented', 'rest']);
  for (const blank of ['   ', '\n\r\n', '\t']) assert.deepEqual(lines(blank), [], JSON.stringify(blank));
});

test('what Coder did by itself is not put on a person', () => {
  const subject = workspace('stopped', { build: { reason: 'autostop', initiator_name: 'dana' } });
  assert.equal(fieldsOf(linesOf(subject)).By, 'Coder (autostop)');
});

test('why it stopped reads alike in the row and in the tooltip', () => {
  const cases: [Readonly<Record<string, unknown>>, by: string, inRow: string][] = [
    [{ reason: 'autostop' }, 'Coder (autostop)', 'autostop'],
    [{ reason: 'autolock' }, 'Coder (dormancy)', 'dormancy'],
    [{ reason: 'failedstop' }, 'Coder (failed start)', 'failed start'],
    [{ reason: 'task_auto_pause' }, 'Coder (auto-pause)', 'auto-pause'],
    [{ reason: 'reaper_policy' }, 'dana, reaper_policy', 'reaper_policy'],
    [{ initiator_id: 'u-olga', initiator_name: 'olga' }, 'olga', 'olga'],
  ];
  for (const [build, by, inRow] of cases) {
    const fields = fieldsOf(linesOf(workspace('stopped', { build, job: { completed_at: fromNow(-2880) } })));
    assert.equal(fields.By, by);
    assert.equal(fields.Status, `Stopped · ${inRow}, 2 days ago`);
  }
});

test('a build of which V0 hears nothing for now is told by when it was asked for, for it goes on', () => {
  const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
  const subject = workspace('failed', {
    build: { created_at: at(-3), updated_at: at(-1) },
    job: { completed_at: undefined, error: undefined },
  });
  assert.match(fieldsOf(linesOf(subject))['Build #1, start'] ?? '', /, 3 minutes ago$/);
});

test('a queued build that no provisioner takes shows the tags of its job; another one does not', () => {
  const queued = (count: number, status = 'pending', available = count) =>
    fieldsOf(
      linesOf(
        workspace(status, {
          build: { matched_provisioners: { count, available, most_recently_seen: null } },
          job: { tags: { owner: '', scope: 'organization', cluster: 'eu\u202e' } },
        }),
      ),
    );
  assert.equal(queued(0).Status, 'Queued · no matching provisioner');
  assert.equal(queued(0)['Provisioner tags'], 'scope=organization, cluster=eu');
  assert.equal(queued(2)['Provisioner tags'], undefined);
  assert.equal(queued(2, 'pending', 0)['Provisioner tags'], 'scope=organization, cluster=eu');
  // Once the job runs the server says 0 of every build.
  assert.equal(queued(0, 'starting')['Provisioner tags'], undefined);
});

test('the next start is in the future, and none of a dormant workspace', () => {
  const nextStart = (changes: Readonly<Record<string, unknown>>) =>
    fieldsOf(linesOf(workspace('stopped', { workspace: changes })))['Next start'];
  assert.equal(nextStart({ next_start_at: fromNow(60) }), '16:40, in 1 h');
  assert.equal(nextStart({ next_start_at: fromNow(-1) }), undefined);
  assert.equal(nextStart({ next_start_at: fromNow(60), dormant_at: fromNow(-60) }), undefined);
});

test('a stop whose time has passed is not announced, and nothing that has been is still to come', () => {
  const subject = stopping(-1, {
    workspace: { last_used_at: fromNow(0.05) },
    build: { deadline: fromNow(-1), max_deadline: fromNow(-1) },
  });
  const fields = fieldsOf(linesOf(subject));
  assert.equal(fields.Status, 'Running · stopping soon');
  assert.equal(fields.Stops, undefined);
  assert.equal(fields['Must stop by'], undefined);
  assert.equal(fields['Last used'], '15:40, just now');
});

test('a stop that activity puts off says so', () => {
  const usual = new Map([['t-1' as TemplateId, { activityPostponesStop: true }]]);
  assert.equal(
    fieldsOf(linesOf(stopping(60), 'workspace', { usualTimes: usual })).Stops,
    '16:40, in 1 h (activity postpones it)',
  );
  assert.equal(fieldsOf(linesOf(stopping(60))).Stops, '16:40, in 1 h');
});

test('a time to live of days reads in days', () => {
  assert.equal(
    fieldsOf(linesOf(workspace('stopped', { workspace: { ttl_ms: 601_200_000 } })))['Time before autostop'],
    '6 days 23 h',
  );
});

test('why a workspace is unhealthy stands there for each agent', () => {
  const health = { healthy: false, reason: 'agent is not running' };
  const agents = [agent('main', { health }), agent('gpu', { status: 'timeout', health: undefined })];
  const subject = workspace('running', { build: { resources: [resource('dev', { agents })] } });
  const fields = fieldsOf(linesOf(subject));
  assert.equal(fields['Agent main'], 'agent is not running');
  assert.equal(fields['Agent gpu'], 'is taking too long to connect');
});

test('an agent that is older than its deployment says so, and how to update it; a version that is not known says nothing', () => {
  const versionOf = (version: string, buildVersion: string | undefined): string | undefined => {
    const main = agent('main', { version });
    const subject = workspace('running', { build: { resources: [resource('dev', { agents: [main] })] } });
    return fieldsOf(linesOf(subject, 'agent', { buildVersion })).Version;
  };
  const older = '(older than the deployment; restart the workspace to update it)';
  assert.equal(versionOf('v2.9.1+0a1b2c3', 'v2.36.0+a300a06'), `v2.9.1+0a1b2c3 ${older}`);
  assert.equal(versionOf('v0.13.0', 'v0.13.2'), `v0.13.0 ${older}`);
  for (const [version, current] of [
    ['v2.36.0+1', 'v2.36.0+2'],
    ['v2.37.0', 'v2.36.0'],
    ['v2.36.0', undefined],
    ['v2.36.0', 'unknown'],
    ['odd', 'v2.36.0'],
  ] as const)
    assert.equal(versionOf(version, current), version, `${version} at ${current}`);
  assert.equal(versionOf('', 'v2.36.0'), undefined);
});

test('an agent tells its state, version and folder; its variables and scripts are never read', () => {
  const main = agent('main', {
    version: 'v2.31.0',
    directory: '~/src',
    expanded_directory: '/home/coder/src',
    environment_variables: { TOKEN: 'hunter2' },
    startup_script: 'echo hunter2',
  });
  const subject = workspace('running', { build: { resources: [resource('dev', { agents: [main] })] } });
  const lines = linesOf(subject, 'agent');
  assert.equal(fieldsOf(lines).Version, 'v2.31.0');
  assert.equal(fieldsOf(lines).Folder, '/home/coder/src');
  assert.doesNotMatch(JSON.stringify(lines), /hunter2/);
});
