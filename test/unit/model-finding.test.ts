import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import { FIND_MINE, readFinding, SORTS, type Filter, type Finding } from '../../src/model/finding.ts';
import { foundIn, matching, nameFor, ownOnly } from '../../src/model/found.ts';
import { viewDescription } from '../../src/model/findingWords.ts';
import { ignoredTerm, searches } from '../../src/model/searchQuery.ts';
import { listed, LOADING, type Ready } from '../../src/model/state.ts';
import { inOrder } from '../../src/model/tree.ts';
import { diffTrees } from '../../src/model/treeDiff.ts';
import { treeMessage } from '../../src/model/treeMessage.ts';
import { Rows } from '../../src/views/rows.ts';
import { agent, fromNow, MEMBER, NOW, PLACE, resource, treeOptions, workspace } from './model-fixture.ts';
import { toNodes } from '../toNodes.ts';

type Json = Readonly<Record<string, unknown>>;

const named = (name: string, status = 'running', own: Json = {}, build: Json = {}): Workspace =>
  workspace(status, { workspace: { id: `w-${name}`, name, ...own }, build });

const bobs = (name: string, status = 'running', own: Json = {}): Workspace =>
  named(name, status, { owner_id: 'u-bob', owner_name: 'bob', ...own });

const ready = (workspaces: readonly Workspace[], finding: Partial<Finding> = {}, matched?: readonly string[]): Ready =>
  listed(LOADING, {
    user: MEMBER,
    workspaces,
    skippedRows: 0,
    readAt: NOW,
    finding: { ...FIND_MINE, ...finding },
    matched: matched === undefined ? undefined : new Set(matched as WorkspaceId[]),
  });

const found = (state: Ready): string[] =>
  inOrder(state, NOW)
    .filter(foundIn(state))
    .map((each) => nameFor(each, state.user));

const asked = (filter: Filter, isLenient: boolean | undefined, scope: Finding['scope'] = 'all'): string | undefined =>
  searches({ ...FIND_MINE, scope, filter }, 'dana', isLenient)[0];

test('one’s own are known without asking for others, whatever else is filtered', () => {
  const filter = { text: 'a', status: 'running', template: 'dev', outdated: 'true' };
  assert.deepEqual(searches({ ...FIND_MINE, filter }, 'dana', false), []);
});

test('what is shared is asked for by `me`, where that is refused by name, and not at all where nothing is shared', () => {
  const shared: Finding = { ...FIND_MINE, scope: 'shared' };
  assert.deepEqual(searches(shared, 'dana', false), ['shared_with_user:me', 'shared_with_user:dana']);
  assert.deepEqual(searches(shared, 'dana', undefined), ['shared_with_user:me', 'shared_with_user:dana']);
  assert.deepEqual(searches(shared, 'dana', true), []);
});

test('a filter goes into one query, as keys that each server takes; less is asked for where they are refused', () => {
  const filter = { text: 'Api', status: 'running', template: 'dev', agent: 'timeout', outdated: 'true' };
  assert.deepEqual(searches({ ...FIND_MINE, scope: 'all', filter }, 'dana', false), [
    'name:Api status:running template:dev has-agent:timeout outdated:true',
    '',
  ]);
  assert.deepEqual(searches({ ...FIND_MINE, scope: 'shared', filter: { owner: 'bob' } }, 'dana', false), [
    'shared_with_user:me owner:bob',
    'shared_with_user:me',
    'shared_with_user:dana owner:bob',
    'shared_with_user:dana',
  ]);
});

test('the statuses that V0 has swapped or miscounts are not asked for there: the rows tell them', () => {
  assert.equal(asked({ status: 'deleting' }, true), '');
  assert.equal(asked({ status: 'deleted' }, true), '');
  assert.equal(asked({ status: 'failed' }, true), '');
  assert.equal(asked({ status: 'running' }, true), 'status:running');
  assert.equal(asked({ status: 'deleting' }, false), 'status:deleting');
  assert.equal(asked({ status: 'failed' }, false), 'status:failed');
  assert.equal(asked({ status: 'deleting' }, undefined), '', 'while the age is not known');
});

test('of several words only the longest is asked for: V0 takes the last one, V2 all of them as one', () => {
  assert.equal(asked({ text: 'api payments' }, false), 'name:payments');
  assert.equal(asked({ text: 'bob/api' }, false), '');
  assert.equal(asked({ text: 'a:b "c' }, false), '');
});

test('only what can be a name is asked for; the rows tell whether they have any other value', () => {
  assert.equal(asked({ template: 'Big Team', owner: "'; --", organization: 'Big Team' }, false), '');
  const odd = ['a"b', 'a:b', '100%', 'bücher', 'a/b', '_', 'x'.repeat(999) + '%'];
  for (const value of odd)
    for (const key of ['text', 'template', 'owner', 'organization'] as const)
      for (const isLenient of [true, false]) assert.equal(asked({ [key]: value }, isLenient), '', `${key} ${value}`);
  assert.equal(asked({ template: 'Dev-2', owner: 'dana' }, false), 'template:Dev-2 owner:dana');
  assert.ok(matching({ text: 'a%' })(named('a%b')) && !matching({ text: 'a%' })(named('axb')), 'no wildcards');
  assert.ok(matching({ template: 'bücher' })(named('a', 'running', { template_display_name: 'Bücher' })), 'any case');
});

test('a template is found by its name and by what the rows show, and told by the latter', () => {
  const own = { template_name: 'docker-v2', template_display_name: 'Docker Containers' };
  const one = named('api', 'running', own);
  for (const template of ['docker-v2', 'DOCKER-V2', 'docker containers'])
    assert.ok(matching({ template })(one), template);
  assert.ok(!matching({ template: 'docker' })(one), 'no part of it');
  assert.equal(asked({ template: 'docker containers' }, false), '');
  assert.equal(
    viewDescription('dev.test', ready([one], { filter: { template: 'docker-v2' } })),
    'dev.test · Template: Docker Containers',
  );
  assert.equal(
    viewDescription('dev.test', ready([one], { filter: { template: 'gone' } })),
    'dev.test · Template: gone',
    'one that no row has any more is told as it was chosen',
  );
});

test('of a query V0’s swapped statuses are swapped back, and what it would ignore is told', () => {
  assert.equal(asked({ query: 'name:a status:deleting' }, true), 'name:a status:deleted');
  assert.equal(asked({ query: 'Status:Deleted' }, true), 'status:deleting');
  assert.equal(asked({ query: 'status:deleting' }, false), 'status:deleting');
  assert.equal(asked({ query: 'name:"status:deleting"' }, true), 'name:"status:deleting"');
  for (const [query, key] of [
    ['outdated:true', 'outdated'],
    ['name:a Healthy:false', 'Healthy'],
    ['name:a has-agent:connected owner:me template:x status:running', undefined],
    ['dana/api status:running', undefined],
    ['owner:me dana/api', 'owner:me'],
    ['name:"last used: today"', undefined],
    ['', undefined],
  ] as const)
    assert.equal(ignoredTerm(query), key, query);
});

test('a raw query is asked for as it was written, beside the scope unless it says itself whose', () => {
  const query = 'last_used_after:"2026-01-01T00:00:00Z"';
  assert.deepEqual(searches({ ...FIND_MINE, filter: { query } }, 'dana', false), [`owner:me ${query}`]);
  assert.deepEqual(searches({ ...FIND_MINE, filter: { query: 'owner:bob' } }, 'dana', false), ['owner:bob']);
  assert.deepEqual(searches({ ...FIND_MINE, filter: { query: 'bob/api' } }, 'dana', false), ['bob/api']);
  assert.deepEqual(searches({ ...FIND_MINE, scope: 'all', filter: { query } }, 'dana', true), [query]);
});

test('a workspace is held against each part of the filter, without regard to case', () => {
  const resources = [resource('vm', { agents: [agent('main', { status: 'timeout' })] })];
  const own = { template_name: 'Dev', organization_name: 'Coder', outdated: true, dormant_at: fromNow(-5) };
  const subject = named('api-server', 'running', own, { resources });
  for (const filter of [
    { text: 'API' },
    { text: 'server api' },
    { text: 'dana/api' },
    { status: 'running' },
    { template: 'dev' },
    { owner: 'Dana' },
    { organization: 'coder' },
    { agent: 'timeout' },
    { outdated: 'true' },
    { dormant: 'true' },
    { query: 'whatever' },
  ])
    assert.ok(matching(filter)(subject), JSON.stringify(filter));
  for (const filter of [
    { text: 'api web' },
    { text: 'dana' },
    { status: 'stopped' },
    { template: 'de' },
    { owner: 'bob' },
    { organization: 'other' },
    { agent: 'connected' },
    { text: 'api', status: 'stopped' },
  ])
    assert.ok(!matching(filter)(subject), JSON.stringify(filter));
  assert.ok(!matching({ outdated: 'true' })(named('plain')));
  assert.ok(!matching({ dormant: 'true' })(named('plain')));
});

test('mine shows one’s own, shared those of others that the server found, all what is known; never a prebuilt one', () => {
  const all = [named('own'), bobs('theirs'), bobs('public'), bobs('prebuilt', 'running', { is_prebuild: true })];
  assert.deepEqual(found(ready(all)), ['own']);
  assert.deepEqual(found(ready(all, { scope: 'shared' }, ['w-theirs', 'w-own'])), ['bob/theirs']);
  assert.deepEqual(found(ready(all, { scope: 'all', sort: 'name' })), ['bob/public', 'bob/theirs', 'own']);
  assert.deepEqual(found(ready(all, { scope: 'all', filter: { query: 'q' } }, ['w-public'])), ['bob/public']);
  assert.deepEqual(found(ready(all, { filter: { text: 'x' } })), []);
});

test('others’ workspaces are left out of what is counted down, and a state without any is the very same', () => {
  const mixed = ready([named('own'), bobs('theirs')], { scope: 'all' });
  const own = ownOnly(mixed);
  assert.ok(own.kind === 'ready');
  assert.deepEqual([...own.workspaces.keys()], ['w-own']);
  assert.equal(ownOnly(mixed), own, 'one state is filtered once');
  const alone = ready([named('own')]);
  assert.equal(ownOnly(alone), alone);
});

test('each order puts first what it is named after', () => {
  const all = [
    named('beta', 'stopped', { favorite: true, last_used_at: fromNow(-500) }),
    named('delta', 'running', { last_used_at: fromNow(-50) }, { deadline: fromNow(200) }),
    named('alpha', 'stopped', { last_used_at: fromNow(-20) }),
    named('gamma', 'running', { last_used_at: fromNow(-60) }, { deadline: fromNow(100) }),
    named('omega', 'starting', { last_used_at: fromNow(-400) }),
  ];
  const orders = Object.fromEntries(SORTS.map((sort) => [sort, found(ready(all, { sort })).join(' ')]));
  assert.deepEqual(orders, {
    favorites: 'beta omega delta gamma alpha',
    active: 'omega delta gamma alpha beta',
    lastUsed: 'alpha delta gamma omega beta',
    name: 'alpha beta delta gamma omega',
    nextStop: 'gamma delta alpha omega beta',
  });
});

test('what stops at the same moment, never, or was never used stands in one order, whatever the server sends first', () => {
  const all = [
    named('d', 'running', {}, { deadline: fromNow(100) }),
    named('c', 'running', {}, { deadline: fromNow(100) }),
    named('b', 'running', { last_used_at: '0001-01-01T00:00:00Z' }),
    named('a', 'stopped', { last_used_at: '0001-01-01T00:00:00Z' }),
    named('e', 'stopped', { last_used_at: fromNow(-900) }),
  ];
  for (const [sort, order] of [
    ['nextStop', 'c d e a b'],
    ['lastUsed', 'c d e a b'],
  ] as const)
    for (const rows of [all, all.toReversed()]) assert.equal(found(ready(rows, { sort })).join(' '), order);
});

test('favourites come first, the last used first among the rest (coder/coder#11894, #12200, #9773, #17894)', () => {
  const all = [
    named('old', 'stopped', { favorite: false, last_used_at: fromNow(-900) }),
    named('new', 'stopped', { favorite: false, last_used_at: fromNow(-20) }),
    named('loved', 'stopped', { favorite: true, last_used_at: fromNow(-999) }),
  ];
  assert.deepEqual(found(ready(all)), ['loved', 'new', 'old']);
});

test('names are in the order of the numbers in them: rows, workspaces to choose from, and groups', () => {
  const all = ['web-10', 'web-2', 'web-1', 'Web-3', 'web'].map((name) =>
    named(name, 'running', { template_id: `t-${name}`, template_display_name: name }),
  );
  const state = ready(all, { sort: 'name' });
  const order = ['web', 'web-1', 'web-2', 'Web-3', 'web-10'];
  assert.deepEqual(found(state), order);
  for (const group of [undefined, 'template'] as const)
    assert.deepEqual(
      toNodes(ready(all, { sort: 'name', group }), treeOptions(), NOW).map(({ label }) => label),
      order,
    );
});

test('groups hold their rows in order, say how many they are, and are read as such', () => {
  const all = [named('b'), named('a'), bobs('c', 'stopped', { template_id: 't-2', template_display_name: 'Web' })];
  const nodes = toNodes(ready(all, { scope: 'all', sort: 'name', group: 'template' }), treeOptions(), NOW);
  assert.deepEqual(
    nodes.map(({ label, description, ariaLabel, children }) => [
      label,
      description,
      ariaLabel,
      children.map((c) => c.label),
    ]),
    [
      ['dev', '2', 'dev, 2 workspaces', ['a', 'b']],
      ['Web', '1', 'Web, 1 workspace', ['bob/c']],
    ],
  );
  const by = (group: Finding['group']): string[] =>
    toNodes(ready(all, { scope: 'all', group }), treeOptions(), NOW).map((node) => node.label);
  assert.deepEqual(by('owner'), ['bob', 'dana']);
  assert.deepEqual(by('status'), ['Running', 'Stopped']);
  assert.deepEqual(by('organization'), ['Unknown'], 'V0 does not name them');
});

test('a group by status says what its rows say: a canceled start is no failed one, and what is dormant not just stopped', () => {
  const all = [
    named('failed', 'failed'),
    workspace('failed', { workspace: { id: 'w-canceled', name: 'canceled' }, job: { canceled_at: fromNow(-1) } }),
    named('dormant', 'stopped', { dormant_at: fromNow(-60) }),
    named('stopped', 'stopped'),
  ];
  const nodes = toNodes(ready(all, { group: 'status' }), treeOptions(), NOW);
  assert.deepEqual(
    nodes.map(({ label, children }) => [label, ...children.map((row) => row.label)].join(' ')),
    ['Failed failed', 'Canceled canceled', 'Stopped stopped', 'Dormant dormant'],
  );
});

test('groups of templates that are called the same name their organization', () => {
  const of = (organization: string) => ({
    template_id: `t-${organization}`,
    template_display_name: 'Web',
    organization_id: organization,
    organization_name: organization,
  });
  const all = [named('a', 'running', of('labs')), named('b', 'running', of('core')), named('c')];
  const nodes = toNodes(ready(all, { group: 'template' }), treeOptions(), NOW);
  assert.deepEqual(
    nodes.map(({ ariaLabel }) => ariaLabel),
    ['dev, 1 workspace', 'Web (core), 1 workspace', 'Web (labs), 1 workspace'],
  );
});

test('groups of templates that are called the same on V0, which names no organization, are called just that', () => {
  const of = (id: string) => ({ template_id: id, template_display_name: 'Web' });
  const nodes = toNodes(
    ready([named('a', 'running', of('t-8')), named('b', 'running', of('t-9'))], { group: 'template' }),
    treeOptions(),
    NOW,
  );
  assert.deepEqual(
    nodes.map(({ label }) => label),
    ['Web', 'Web'],
  );
});

test('a group keeps its id whatever it holds, and a row its own whatever group it is in', () => {
  const before = toNodes(ready([named('a'), named('b')], { group: 'status' }), treeOptions(), NOW);
  const after = toNodes(ready([named('a'), named('b', 'stopped')], { group: 'status' }), treeOptions(), NOW);
  assert.equal(before[0]?.id, after[0]?.id);
  assert.equal(before[0]?.children[1]?.id, after[1]?.children[0]?.id);
});

test('a group of a value of any shape has an id and a label', () => {
  const odd = named('a', 'sta\ud800tus\u202e', { template_id: '\udfff', template_name: '' });
  for (const group of ['status', 'template'] as const) {
    const [row] = toNodes(ready([odd], { group }), treeOptions(), NOW);
    assert.ok(row !== undefined && row.label !== '', 'there is a row');
    assert.doesNotMatch(row.label, /\u202e/);
  }
});

test('a change inside a group redraws that row alone; one that moves to another group redraws the tree', () => {
  const draw = (...all: Workspace[]) => toNodes(ready(all, { group: 'status' }), treeOptions(), NOW);
  const before = draw(named('a'), named('b', 'stopped'));
  const changed = diffTrees(before, draw(named('a', 'running', {}, { deadline: fromNow(90) }), named('b', 'stopped')));
  assert.deepEqual(changed, ['coder.example.com/w-a']);
  assert.equal(diffTrees(before, draw(named('a'), named('b'))), 'root');
  assert.equal(diffTrees(before, draw(named('a'), named('b', 'stopped'), named('c'))), 'root');
  assert.deepEqual(diffTrees(before, draw(named('a'), named('b', 'stopped'))), []);
});

test('what was stored by another version is read as far as it is understood', () => {
  const finding: Finding = { scope: 'all', filter: { text: 'a', outdated: 'true' }, sort: 'name', group: 'owner' };
  assert.deepEqual(readFinding(JSON.parse(JSON.stringify(finding))), finding);
  for (const odd of [undefined, null, 7, 'x', [], {}, { scope: 'moon', filter: [3], sort: null, group: {} }])
    assert.deepEqual(readFinding(odd), { ...FIND_MINE, group: undefined }, JSON.stringify(odd));
  assert.deepEqual(readFinding({ scope: 'all', filter: { text: 3, status: '', query: 'x'.repeat(2_000) } }).filter, {});
});

test('what holds stands beside the view’s name and above the rows, in words; where nothing is left the welcome says so', () => {
  const filter = { text: 'api', status: 'pending', outdated: 'true', query: 'a\u202eb' };
  assert.equal(
    viewDescription('dev.test', ready([], { scope: 'shared', filter })),
    'dev.test · Shared with me · Name: api · Status: Queued · Outdated · Query: ab',
  );
  assert.equal(viewDescription('dev.test', ready([])), 'dev.test');
  const message = (finding: Partial<Finding>, skippedRows = 0) =>
    treeMessage({ ...ready([named('api')], finding), skippedRows }, NOW, PLACE);
  assert.equal(message({ filter: { text: 'api' } }), 'Filtered by Name: api');
  assert.equal(message({ filter: { text: 'web' } }), undefined);
  // A message hides the welcome.
  assert.equal(message({ filter: { text: 'web' } }, 1), "Filtered by Name: web · 1 workspace couldn't be read.");
  assert.equal(message({ scope: 'all' }), undefined);
});

test('rows keep their object inside a group; one that moves to another is that group’s, and the first is forgotten', () => {
  const rows = new Rows();
  const draw = (...all: Workspace[]) => rows.show(toNodes(ready(all, { group: 'status' }), treeOptions(), NOW));
  draw(named('a'), named('b'));
  const [running] = rows.roots;
  assert.ok(running !== undefined, 'there is a group');
  const [a, b] = rows.childrenOf(running);
  assert.ok(a !== undefined && b !== undefined, 'with two rows');
  rows.childrenOf(b);
  assert.deepEqual(draw(named('a', 'running', {}, { deadline: fromNow(90) }), named('b')), [a]);
  assert.equal(draw(named('a', 'running', {}, { deadline: fromNow(90) }), named('b', 'stopped')), 'root');
  const moved = rows.get(b.id);
  assert.equal(rows.get(a.id), a);
  assert.notEqual(moved, b);
  assert.equal(moved?.parent?.node.label, 'Stopped');
  assert.ok(!rows.has(b), 'the row that was below the other group is forgotten');
  assert.equal(draw(), 'root');
  assert.equal(rows.get(b.id), undefined);
});
