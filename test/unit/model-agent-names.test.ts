import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import { agentName } from '../../src/model/agentNames.ts';
import { appName, appProblem } from '../../src/model/apps.ts';
import { listed, LOADING } from '../../src/model/state.ts';
import { agentsOf } from '../../src/model/status.ts';
import { tooltip } from '../../src/model/tooltip.ts';
import type { TreeNode } from '../../src/model/treeNode.ts';
import { agent, MEMBER, NOW, resource, treeOptions, workspace } from './model-fixture.ts';
import { toNodes } from '../toNodes.ts';

const withResources = (...resources: object[]): Workspace => workspace('running', { build: { resources } });

const main = (id: string, changes = {}) => agent('main', { id, ...changes });
const web = resource('web', { agents: [main('a-web')] });
const gpu = resource('gpu', { type: 'aws_instance', agents: [main('a-gpu')] });

const namesOf = (subject: Workspace): string[] => agentsOf(subject).map((each) => agentName(each, subject));

const rowsOf = (subject: Workspace, flattenAgents = true): readonly TreeNode[] => {
  const state = listed(LOADING, { user: MEMBER, workspaces: [subject], skippedRows: 0, readAt: NOW });
  return toNodes(state, treeOptions({ flattenAgents }), NOW)[0]?.children ?? [];
};

test('agents of different names are called by them, also two of one resource', () => {
  assert.deepEqual(namesOf(withResources(web)), ['main']);
  const both = resource('box', { agents: [main('a-1'), agent('side')] });
  assert.deepEqual(namesOf(withResources(both)), ['main', 'side']);
});

test('agents of one name in several resources carry their resource', () => {
  assert.deepEqual(namesOf(withResources(web, gpu)), ['main (web)', 'main (gpu)']);
  const other = resource('db', { agents: [agent('side')] });
  assert.deepEqual(namesOf(withResources(web, gpu, other)), ['main (web)', 'main (gpu)', 'side']);
});

test('resources of one name carry their type as well, and those that are alike in both a number', () => {
  const pod = resource('web', { id: 'r-pod', type: 'kubernetes_pod', agents: [main('a-pod')] });
  assert.deepEqual(namesOf(withResources(web, pod)), ['main (docker_container.web)', 'main (kubernetes_pod.web)']);
  const sameNamed = resource('web', { id: 'r-0', agents: [main('a-twin')] });
  assert.deepEqual(namesOf(withResources(web, sameNamed)), [
    'main (docker_container.web #2)',
    'main (docker_container.web #1)',
  ]);
});

test('the row, its words for a screen reader, its tooltip and what is said of it name the resource', () => {
  const lost = { status: 'disconnected', apps: [{ id: 'p-1', slug: 'code', display_name: 'Code' }] };
  const subject = withResources(web, resource('gpu', { agents: [main('a-gpu', lost)] }));
  const [row] = rowsOf(subject);
  assert.equal(row?.label, 'main (gpu)');
  assert.match(row.ariaLabel, /^Agent main \(gpu\), /);
  const state = listed(LOADING, { user: MEMBER, workspaces: [subject], skippedRows: 0, readAt: NOW });
  assert.deepEqual(tooltip(row, state, treeOptions(), NOW)[0], { kind: 'title', text: 'main (gpu)' });
  const [whole] = toNodes(state, treeOptions(), NOW);
  assert.equal(whole?.description, 'Running · agent main (gpu) lost connection');
  const lines = tooltip(whole, state, treeOptions(), NOW);
  assert.ok(lines.some((line) => line.kind === 'field' && line.label === 'Agent main (gpu)'));
  const [, away] = agentsOf(subject);
  const [app] = away?.apps ?? [];
  assert.ok(away !== undefined && app !== undefined);
  assert.equal(appProblem(app, away, subject), "Agent main (gpu) isn't connected.");
});

test('rows of agents that share a name keep their place and their id, whichever resource the server sends first', () => {
  for (const flattenAgents of [true, false]) {
    const rows = (subject: Workspace) =>
      rowsOf(subject, flattenAgents).map(({ id, label, refs, children }) => [
        id,
        label,
        refs.agentId ?? children[0]?.refs.agentId,
      ]);
    assert.deepEqual(rows(withResources(gpu, web)), rows(withResources(web, gpu)));
    const sameNamed = ['r-1', 'r-2'].map((id) => resource('web', { id, agents: [main(`a-${id}`)] }));
    assert.deepEqual(rows(withResources(...sameNamed)), rows(withResources(...sameNamed.toReversed())));
  }
});

test('the id of an agent holds its resource, whether or not the resource has a row of its own', () => {
  const id = 'coder.example.com/w-1/docker_container.web/agent%3Amain';
  assert.equal(rowsOf(withResources(web))[0]?.id, id);
  assert.equal(rowsOf(withResources(web), false)[0]?.children[0]?.id, id);
});

test('agents of one name in one resource carry a number, whichever the server sends first', () => {
  const twins = [main('a-1'), main('a-2', { status: 'disconnected' })];
  const subject = withResources(resource('box', { agents: twins }));
  assert.deepEqual(namesOf(subject), ['main #1', 'main #2']);
  assert.deepEqual(namesOf(withResources(resource('box', { agents: twins.toReversed() }), gpu)), [
    'main #2 (box)',
    'main #1 (box)',
    'main (gpu)',
  ]);
  const rows = (agents: object[]) =>
    rowsOf(withResources(resource('box', { agents })))[0]?.children.map(({ id, label, refs }) => [id, label, refs]);
  assert.deepEqual(rows(twins.toReversed()), rows(twins));
});

test('agents that agents made, of one name, carry a number below each of them', () => {
  const subject = withResources(
    resource('box', {
      agents: [
        main('a-1'),
        agent('side', { id: 'a-2' }),
        agent('dev', { id: 'a-3', parent_id: 'a-1' }),
        agent('dev', { id: 'a-4', parent_id: 'a-2' }),
      ],
    }),
  );
  const [box] = rowsOf(subject);
  assert.deepEqual(
    box?.children.map(({ label, children }) => [label, children.map((row) => row.label)]),
    [
      ['main', ['dev #1']],
      ['side', ['dev #2']],
    ],
  );
});

test('resources that are alike in name and type carry a number where they have a row', () => {
  const disks = ['r-2', 'r-1'].map((id) => resource('disk', { id, type: 'docker_volume' }));
  const labels = rowsOf(withResources(...disks, resource('net', { type: 'docker_network' }))).map(({ label }) => label);
  assert.deepEqual(labels, ['disk #1', 'disk #2', 'net']);
});

test('apps of one agent that share a name carry their slug, in the tree and in what is said of them', () => {
  const apps = [
    { id: 'p-1', slug: 'code', display_name: 'Code' },
    { id: 'p-2', slug: 'code-web', display_name: 'Code' },
    { id: 'p-3', slug: 'docs', display_name: 'Docs' },
  ];
  const subject = withResources(resource('box', { agents: [main('a-1', { status: 'disconnected', apps })] }));
  assert.deepEqual(
    rowsOf(subject)[0]?.children.map(({ label }) => label),
    ['Code (code)', 'Code (code-web)', 'Docs'],
  );
  const [only] = agentsOf(subject);
  assert.deepEqual(
    only?.apps.map((app) => appName(app, only)),
    ['Code (code)', 'Code (code-web)', 'Docs'],
  );
});

test('what has no name is called so, in its row and in what is said of it', () => {
  const subject = withResources(
    resource('', { type: '', agents: [agent('', { id: 'a-1', status: 'disconnected', apps: [{ id: 'p-1' }] })] }),
    resource('', { id: 'r-2', type: '', metadata: [{ key: '', value: 'x', sensitive: false }] }),
    resource('web', { agents: [agent(' \u200b', { id: 'a-3' })] }),
  );
  const rows: TreeNode[] = [];
  const collect = (nodes: readonly TreeNode[]): void => {
    for (const each of nodes) {
      rows.push(each);
      collect(each.children);
    }
  };
  collect(rowsOf(subject));
  assert.equal(rows.length, 5);
  for (const { label, ariaLabel } of rows) {
    assert.match(label, /^unnamed/, label);
    assert.doesNotMatch(ariaLabel, /^[,:\s]|\s,|\s\s|[,:]\s*$/, ariaLabel);
  }
  assert.deepEqual(namesOf(subject), ['unnamed (.)', 'unnamed (web)']);
});
