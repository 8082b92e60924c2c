import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import { agentName } from '../../src/model/agentNames.ts';
import { appProblem } from '../../src/model/apps.ts';
import { listed, LOADING } from '../../src/model/state.ts';
import { agentsOf } from '../../src/model/status.ts';
import { tooltip } from '../../src/model/tooltip.ts';
import { toNodes } from '../../src/model/tree.ts';
import type { TreeNode } from '../../src/model/treeNode.ts';
import { agent, MEMBER, NOW, resource, treeOptions, workspace } from './model-fixture.ts';

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
  assert.deepEqual(tooltip(row, subject, treeOptions(), NOW)[0], { kind: 'title', text: 'main (gpu)' });
  const state = listed(LOADING, { user: MEMBER, workspaces: [subject], skippedRows: 0, readAt: NOW });
  const [whole] = toNodes(state, treeOptions(), NOW);
  assert.equal(whole?.description, 'Running · agent main (gpu) lost connection');
  const lines = tooltip(whole, subject, treeOptions(), NOW);
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
