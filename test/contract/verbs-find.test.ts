// Scope, Filter, Clear Filter, Sort and Group as a person meets them: what is asked, what is shown, what is remembered.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRemembered } from '../../src/host/remembered.ts';
import { FIND_MINE } from '../../src/model/finding.ts';
import { viewDescription } from '../../src/model/findingWords.ts';
import { foundIn, nameFor } from '../../src/model/found.ts';
import { must } from '../deployment/store.ts';
import { back, choose, chooseAfterTyping, escape, press, type as enter, type Question } from '../scriptedUi.ts';
import { treeOptions } from '../unit/model-fixture.ts';
import { ages } from './client-fixture.ts';
import { readyState, until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';
import { toNodes } from '../toNodes.ts';

const shown = ({ session }: VerbFixture): string[] => {
  const state = session.state.value;
  assert.ok(state.kind === 'ready', 'the session is ready');
  return [...state.workspaces.values()]
    .filter(foundIn(state))
    .map((each) => nameFor(each, state.user))
    .sort();
};

const rowsOf = (question: Question | undefined): Record<string, string> => {
  assert.ok(question !== undefined && 'rows' in question, 'something to choose from is shown');
  return Object.fromEntries(question.rows.map(({ label, description = '' }) => [label, description]));
};

const remembered = ({ context, deployment }: VerbFixture) => context.remembered.finding(deployment.url);

for (const age of ages) {
  describe(`finding by command on ${age}`, () => {
    test('the scope is chosen by how many there are of each, marked where it is, and remembered', async () => {
      const verbs = await verbsOn({ age });
      const mine = shown(verbs);
      verbs.ui.answers(choose('All I can see'));
      await verbs.run('setScope');
      const rows = rowsOf(verbs.ui.questions[0]);
      assert.equal(rows.Mine, `${mine.length} workspaces · current`);
      assert.equal(rows['All I can see'], `${mine.length + 2} workspaces`);
      assert.equal(rows['Shared with me'], age === 'v0' ? undefined : '0 workspaces', 'V0 shares nothing');
      assert.deepEqual(shown(verbs), [...mine, 'dana/api-server', 'dana/mine'].sort());
      assert.equal(remembered(verbs).scope, 'all');
      verbs.ui.answers(escape);
      await verbs.run('setScope');
      const [, again] = verbs.ui.questions;
      assert.ok(again?.kind === 'pick' && again.active?.('all') === true, 'where one is now is where one begins');
      assert.equal(remembered(verbs).scope, 'all');
      assert.deepEqual(verbs.ui.said, []);
    });

    test('a scope that can’t be remembered is shown all the same, and only the log says why', async () => {
      const updates = [
        () => Promise.reject(new Error('the disk is full')),
        () => {
          throw new Error('the window is closing');
        },
      ];
      for (const update of updates) {
        const verbs = await verbsOn({ age });
        const mine = shown(verbs);
        const broken = createRemembered({ get: () => undefined, keys: () => [], update } as never);
        Object.assign(verbs.context.remembered, { rememberFinding: broken.rememberFinding.bind(broken) });
        verbs.ui.answers(choose('All I can see'));
        await verbs.run('setScope');
        assert.deepEqual(shown(verbs), [...mine, 'dana/api-server', 'dana/mine'].sort());
        await until('it is logged', () => verbs.errors.length > 0);
        assert.match(String(verbs.errors[0]), /^Error: the (disk is full|window is closing)$/);
        assert.deepEqual(verbs.ui.toasts, []);
      }
    });

    test('a filter is chosen by property and value, with how many have it, and cleared again', async () => {
      const verbs = await verbsOn({ age });
      const mine = shown(verbs);
      verbs.ui.answers(choose('Template'), choose('Development'));
      await verbs.run('filter');
      const templates = rowsOf(verbs.ui.questions[1]);
      assert.equal(templates.Development, `dev · ${shown(verbs).length} workspaces`);
      assert.deepEqual(shown(verbs), ['api-server', 'archive']);
      verbs.ui.answers(choose('Status'), choose('Stopped'));
      await verbs.run('filter');
      assert.equal(rowsOf(verbs.ui.questions[2]).Template, 'Development', 'what holds is said');
      assert.deepEqual(shown(verbs), ['archive']);
      assert.deepEqual(remembered(verbs).filter, { template: 'dev', status: 'stopped' });
      verbs.ui.answers(choose('Template'), choose('Any'));
      await verbs.run('filter');
      assert.deepEqual(remembered(verbs).filter, { status: 'stopped' });
      await verbs.run('clearFilter');
      assert.deepEqual(shown(verbs), mine);
      assert.deepEqual(remembered(verbs).filter, {});
      verbs.ui.answers(choose('Outdated'));
      await verbs.run('filter');
      assert.deepEqual(shown(verbs), ['docs-site']);
      verbs.ui.answers(choose('Clear Filter'));
      await verbs.run('filter');
      assert.deepEqual(shown(verbs), mine);
    });

    test('values to filter by are in the order of the numbers in them', async () => {
      const verbs = await verbsOn({ age });
      for (const [name, displayName] of [
        ['web', 'Box 10'],
        ['archive', 'Box 9'],
      ] as const)
        must(verbs.deployment.store.templates, verbs.deployment.workspace(`owner/${name}`).templateId).displayName =
          displayName;
      await verbs.session.refresh();
      verbs.ui.answers(choose('Template'), escape);
      await verbs.run('filter');
      const boxes = Object.keys(rowsOf(verbs.ui.questions[1])).filter((label) => label.startsWith('Box'));
      assert.deepEqual(boxes, ['Box 9', 'Box 10']);
    });

    test('what is typed among the properties or the values is in the box for it', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(chooseAfterTyping('e', 'Name'), enter());
      await verbs.run('filter');
      verbs.ui.answers(choose('Owner'), chooseAfterTyping('dan', 'Other…'), back, choose('Owner'), choose('Other…'));
      verbs.ui.answers(enter('dana'));
      await verbs.run('filter');
      verbs.ui.answers(choose('Owner'), chooseAfterTyping('owner', 'Other…'), enter());
      await verbs.run('filter');
      assert.deepEqual(remembered(verbs).filter, { text: 'e', owner: 'owner' });
    });

    test('a part of a name is typed, as is a value that no row has yet; Back leads to the properties', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('Name'), back, choose('Owner'), back, choose('Name'), enter('e'), choose('Owner'));
      await verbs.run('filter');
      verbs.ui.answers(choose('Other…'), enter('dana'));
      await verbs.run('filter');
      assert.deepEqual(remembered(verbs).filter, { text: 'e', owner: 'dana' });
      assert.deepEqual(shown(verbs), []);
      verbs.ui.answers(choose('Name'), enter(''));
      await verbs.run('filter');
      assert.deepEqual(remembered(verbs).filter, { owner: 'dana' });
    });

    test('a query that is refused is asked for again with the reason, and nothing of it is kept', async () => {
      const verbs = await verbsOn({ age });
      const mine = shown(verbs);
      const query = age === 'v2' ? 'outdated:maybe' : 'name:b:c';
      verbs.ui.answers(choose('Query'), enter(query), escape);
      await verbs.run('filter');
      const asked = verbs.ui.questions[2];
      assert.ok(asked?.kind === 'enter', 'it is asked again');
      assert.equal(asked.value, query);
      assert.match(asked.problem ?? '', age === 'v2' ? /outdated: / : /can only contain 1 ':'/);
      assert.deepEqual(shown(verbs), mine);
      assert.deepEqual(remembered(verbs).filter, {});
      verbs.ui.answers(choose('Query'), enter('name:web'));
      await verbs.run('filter');
      assert.deepEqual(shown(verbs), ['web']);
      assert.deepEqual(verbs.errors, []);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('a query that the server answers with any failure is asked for again with what was typed, and all else stays', async () => {
      const verbs = await verbsOn({ age });
      const { deployment, ui } = verbs;
      const mine = shown(verbs);
      for (const name of ['403', '404', '409', '500', '502', 'gateway-403'] as const) {
        await deployment.misbehave(name, { path: /workspaces\?.*name/ });
        ui.answers(choose('Query'), enter('name:web'), escape);
        await verbs.run('filter');
        const asked = ui.questions.at(-1);
        assert.ok(asked?.kind === 'enter', `it is asked again after ${name}`);
        assert.equal(asked.value, 'name:web');
        assert.notEqual(asked.problem ?? '', '', name);
        const state = await readyState(verbs.session);
        assert.deepEqual([state.finding?.filter, remembered(verbs).filter, shown(verbs)], [{}, {}, mine], name);
        assert.equal(state.stale, undefined, name);
        await deployment.heal();
      }
      ui.answers(choose('Query'), enter('name:web'));
      await verbs.run('filter');
      assert.deepEqual(shown(verbs), ['web']);
      assert.deepEqual([verbs.errors, ui.said], [[], []]);
    });

    test('a template, an owner, or an organization may be typed in any case, as it is shown, or as `me`', async () => {
      const verbs = await verbsOn({ age });
      for (const [key, typed, value] of [
        ['Template', 'DEV', 'dev'],
        ['Template', ' development ', 'dev'],
        ['Owner', 'Me', 'owner'],
        ['Owner', 'nobody', 'nobody'],
      ] as const) {
        verbs.ui.answers(choose(key), choose('Other…'), enter(typed));
        await verbs.run('filter');
        assert.deepEqual(remembered(verbs).filter, { [key.toLowerCase()]: value }, typed);
        await verbs.run('clearFilter');
      }
    });

    test('filters combine, and each value says how many would be left of what the others show', async () => {
      const verbs = await verbsOn({ age });
      const mine = shown(verbs);
      verbs.ui.answers(choose('All I can see'), choose('Status'), choose('Running'), choose('Owner'));
      await verbs.run('setScope');
      await verbs.run('filter');
      verbs.ui.answers(choose('owner'), choose('Agent'));
      await verbs.run('filter');
      const owners = rowsOf(verbs.ui.questions.at(-1));
      const running = shown(verbs);
      assert.equal(owners.owner, `${running.length} workspaces`);
      assert.equal(owners.dana, '1 workspace');
      verbs.ui.answers(choose('connected'), choose('Template'), choose('Development'));
      await verbs.run('filter');
      await verbs.run('filter');
      assert.deepEqual(rowsOf(verbs.ui.questions.at(-1)).Development, 'dev · 1 workspace');
      assert.deepEqual(shown(verbs), ['api-server']);
      assert.deepEqual(remembered(verbs).filter, {
        status: 'running',
        owner: 'owner',
        agent: 'connected',
        template: 'dev',
      });
      assert.ok(running.length > 1 && running.every((name) => mine.includes(name)), running.join(' '));
      verbs.ui.answers(choose('Name'), enter('ZZZ'));
      await verbs.run('filter');
      assert.deepEqual(shown(verbs), []);
      await verbs.run('clearFilter');
      assert.deepEqual(shown(verbs), [...mine, 'dana/api-server', 'dana/mine'].sort());
    });

    test('any text is looked for as it is; what is too long to be remembered is refused where it is typed', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('All I can see'));
      await verbs.run('setScope');
      for (const text of ['"api" a:b', '100%', 'büro ☕', "'; drop", '_', 'x'.repeat(1_000), 'a/b/c', '\\']) {
        verbs.ui.answers(choose('Name'), enter(text));
        await verbs.run('filter');
        assert.deepEqual(shown(verbs), [], text);
        assert.equal(remembered(verbs).filter.text, text);
        assert.equal((await readyState(verbs.session)).refused, undefined);
      }
      verbs.ui.answers(choose('Name'), escape);
      await verbs.run('filter');
      const asked = verbs.ui.questions.at(-1);
      assert.ok(asked?.kind === 'enter', 'a text is asked for');
      assert.equal(asked.validate?.('x'.repeat(1_001)), 'Use at most 1000 characters.');
      assert.equal(asked.validate(` ${'x'.repeat(1_000)} `), undefined);
      assert.deepEqual(verbs.errors, []);
    });

    test('a filter whose template, owner, or organization is gone shows nothing, says what holds, and can be removed', async () => {
      const verbs = await verbsOn({ age });
      const mine = shown(verbs);
      for (const key of ['template', 'owner', 'organization'] as const) {
        await verbs.session.find({ ...FIND_MINE, scope: 'all', filter: { [key]: 'was-here' } });
        assert.deepEqual(shown(verbs), []);
        await verbs.session.refresh();
        const state = await readyState(verbs.session);
        assert.equal(state.stale, undefined, key);
        const word = { template: 'Template', owner: 'Owner', organization: 'Organization' }[key];
        assert.equal(viewDescription('host', state), `host · All I can see · ${word}: was-here`);
        verbs.ui.answers(choose(word), choose('Any'));
        await verbs.run('filter');
        assert.equal(rowsOf(verbs.ui.questions.at(-1))['was-here'], 'current');
        assert.equal(shown(verbs).length, mine.length + 2, key);
      }
    });

    for (const trouble of ['403', '500', 'slow'] as const) {
      test(`the scope can be chosen while the server does not count (${trouble}), and the numbers are called unknown`, async () => {
        const verbs = await verbsOn({ age });
        await verbs.deployment.misbehave(trouble, { path: /[?&]limit=1&/, delayMs: 15_000 });
        verbs.ui.answers(choose('All I can see'));
        const begun = performance.now();
        await verbs.run('setScope');
        assert.ok(performance.now() - begun < 8_000, 'nobody waits for a number');
        const rows = rowsOf(verbs.ui.questions[0]);
        assert.match(rows.Mine ?? '', /^\d+ workspaces · current$/);
        assert.equal(rows['All I can see'], 'count unavailable');
        assert.ok(shown(verbs).includes('dana/mine'), 'the rows come all the same');
        assert.deepEqual(verbs.errors, []);
      });
    }

    test('rows are sorted and grouped as was chosen, without asking the server', async () => {
      const verbs = await verbsOn({ age });
      const { session, deployment } = verbs;
      const lists = (): number => deployment.requests.filter(({ path }) => path.includes('/workspaces?')).length;
      const before = lists();
      verbs.ui.answers(choose('Name'));
      await verbs.run('sortBy');
      const names = toNodes(await readyState(session), treeOptions(), verbs.timing.now()).map(({ label }) => label);
      assert.deepEqual(names, [...names].sort());
      verbs.ui.answers(choose('Template'));
      await verbs.run('groupBy');
      const groups = toNodes(await readyState(session), treeOptions(), verbs.timing.now());
      assert.ok(
        groups.every(({ kind }) => kind === 'group'),
        'there are groups',
      );
      assert.deepEqual(groups.flatMap(({ children }) => children.map(({ label }) => label)).sort(), [...names].sort());
      assert.equal(lists(), before);
      assert.deepEqual([remembered(verbs).sort, remembered(verbs).group], ['name', 'template']);
      verbs.ui.answers(choose('Organization'), choose('Organization'), escape);
      await verbs.run('groupBy');
      const [only, ...others] = toNodes(await readyState(session), treeOptions(), verbs.timing.now());
      assert.equal(only?.label, age === 'v2' ? 'coder' : 'owner', 'V0 names it with the templates');
      assert.equal(others.length, 0);
      await verbs.run('filter');
      assert.equal(rowsOf(verbs.ui.questions.at(-1))[only.label], `${names.length} workspaces`);
      assert.equal(lists(), before);
    });

    test('what a picker offers names the owner where it is somebody else, and holds one’s own that a filter hides', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('All I can see'), choose('Owner'), choose('dana'), escape);
      await verbs.run('setScope');
      await verbs.run('filter');
      assert.deepEqual(shown(verbs), ['dana/api-server', 'dana/mine']);
      await verbs.run('stop');
      const labels = Object.keys(rowsOf(verbs.ui.questions.at(-1)));
      assert.ok(labels.includes('dana/mine'), labels.join(' '));
      assert.ok(labels.includes('web'), labels.join(' '));
    });

    test('what is done with somebody else’s workspace is asked and told by its owner’s name, too', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('All I can see'), press('Stop'));
      await verbs.run('setScope');
      await verbs.run('stop', verbs.id('mine'));
      assert.equal(verbs.ui.questions.at(-1)?.title, 'Stop dana/mine?');
      assert.match(verbs.ui.builds[0]?.title ?? '', /dana\/mine/);
      assert.match(verbs.ui.said.join(' '), /^dana\/mine was stopped|^dana\/mine stopped/);
    });

    test('what is set of somebody else’s workspace, or read of it, names its owner, too', async () => {
      const verbs = await verbsOn({ age, allowRenames: true });
      verbs.ui.answers(choose('All I can see'));
      await verbs.run('setScope');
      const id = verbs.id('mine');
      verbs.ui.answers(choose('4 h'), enter('weekdays 9:30'), choose('+1 h'), enter('hers'), escape, escape, escape);
      for (const verb of ['setTtl', 'setAutostart', 'extend', 'rename', 'showHistory', 'showResources', 'setTtl'])
        await verbs.run(verb, id);
      const [, ...asked] = verbs.ui.questions.map(({ title }) => title);
      assert.deepEqual(asked, [
        'Set Time Before Autostop for dana/mine',
        'Set Autostart for dana/mine',
        'Extend dana/mine',
        'Rename dana/mine',
        'Builds of dana/hers',
        'Resources of dana/hers',
        'Set Time Before Autostop for dana/hers',
      ]);
      assert.deepEqual(
        verbs.ui.said.map((sentence) => /dana\/\w+/.exec(sentence)?.[0]),
        Array(4).fill('dana/mine'),
      );
      assert.match(verbs.ui.said.at(-1) ?? '', /named hers\.$/);
    });

    test('a text without a key is looked for in names, in the one field that the server reads (coder/coder#2043, #8407)', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('All I can see'), choose('Name'), enter('api'));
      await verbs.run('setScope');
      const from = verbs.deployment.requests.length;
      await verbs.run('filter');
      const asked = verbs.deployment.requests.slice(from).map(({ path }) => new URL(path, 'http://x').searchParams);
      assert.ok(
        asked.some((fields) => fields.get('q') === 'name:api'),
        'as a key of the query',
      );
      assert.ok(
        asked.every((fields) => !fields.has('owner') && !fields.has('name')),
        'never as a field of its own',
      );
      assert.deepEqual(shown(verbs), ['api-server', 'dana/api-server']);
    });
  });
}

test('on V0 a query says which key would be ignored before it is sent, and finds the swapped statuses', async () => {
  const verbs = await verbsOn({ age: 'v0' });
  verbs.ui.answers(choose('Query'), escape);
  await verbs.run('filter');
  const asked = verbs.ui.questions.at(-1);
  assert.ok(asked?.kind === 'enter', 'a query is asked for');
  assert.equal(asked.validate?.('name:a outdated:true'), 'This version of Coder ignores “outdated” in a search.');
  for (const [query, ignored] of [
    ['name:a template:dev', undefined],
    ['owner/api STATUS:Running has-agent:"timeout"', undefined],
    ['"status:odd" template:"a b:c"', undefined],
    ['status:bogus', 'status:bogus'],
    ['status:"on fire" name:a', 'status:"on fire"'],
    ['api server', 'api'],
    ['name:api "my server"', 'name:api'],
    ['owner:me owner:dana', 'owner:me'],
  ] as const) {
    const says = ignored && `This version of Coder ignores “${ignored}” in a search.`;
    assert.equal(asked.validate(query), says, query);
  }
  const from = verbs.deployment.requests.length;
  verbs.ui.answers(choose('Query'), enter('status:deleting'));
  await verbs.run('filter');
  const sent = verbs.deployment.requests.slice(from).map(({ path }) => new URL(path, 'http://x').searchParams.get('q'));
  assert.ok(sent.includes('owner:me status:deleted'), sent.join(' | '));
});

test('organizations that the server is limiting are waited for as long as it asks, and the wait can be ended', async () => {
  const verbs = await verbsOn({ age: 'v0' });
  await verbs.deployment.misbehave('429', { path: /organizations/, retryAfterSeconds: 4, times: 1 });
  verbs.ui.answers(choose('Organization'));
  await verbs.run('groupBy');
  assert.equal(verbs.session.finding.group, 'organization');
  const [group] = toNodes(await readyState(verbs.session), treeOptions(), verbs.timing.now());
  assert.equal(group?.label, 'owner');

  const limited = await verbsOn({ age: 'v0' });
  const { deployment, ui } = limited;
  await deployment.misbehave('429', { path: /organizations/, retryAfterSeconds: 600 });
  ui.answers(choose('Organization'));
  const filtering = limited.run('filter');
  await until('it was asked', () => deployment.requests.some(({ path }) => path.includes('/organizations')));
  assert.equal(ui.waits.length, 1);
  ui.waits[0]?.pressCancel();
  await filtering;
  for (const {
    errors,
    ui: { said },
  } of [verbs, limited])
    assert.deepEqual([errors, said], [[], []]);
});
