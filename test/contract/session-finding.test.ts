// What is shown beyond one's own workspaces, over real sockets: scopes, filters, refusals, pages, streams.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { ApiError } from '../../src/api/errors.ts';
import * as users from '../../src/api/users.ts';
import * as workspacesApi from '../../src/api/workspaces.ts';
import { FIND_MINE, type Finding } from '../../src/model/finding.ts';
import { FindingReader } from '../../src/model/findingReader.ts';
import { foundIn, nameFor, ownOnly } from '../../src/model/found.ts';
import type { Session } from '../../src/model/session.ts';
import type { Deployment } from '../deployment/index.ts';
import { ages, clientOf, deploymentFor, soon } from './client-fixture.ts';
import {
  asked,
  hide,
  idOf,
  LIST,
  passUntil,
  readyState,
  sessionFor,
  statusOf,
  until,
  untilQuiet,
  WATCH,
} from './session-fixture.ts';

const finding = (changes: Partial<Finding>): Finding => ({ ...FIND_MINE, ...changes });

const ALL = finding({ scope: 'all' });

const shown = (session: Session): string[] => {
  const state = session.state.value;
  assert.ok(state.kind === 'ready', `the session is ${state.kind}`);
  return [...state.workspaces.values()]
    .filter(foundIn(state))
    .map((each) => nameFor(each, state.user))
    .sort();
};

test('a search that is refused after another one was requested says nothing about that one', async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true });
  const { calls } = clientOf(deployment);
  const user = await users.me(calls, soon());
  const [first, second] = ['name:api', 'name:web'].map((query) => finding({ filter: { query } }));
  assert.ok(first !== undefined && second !== undefined, 'two searches');
  await deployment.misbehave('500', { path: /workspaces\?.*api/ });
  const finder: FindingReader = new FindingReader(calls, FIND_MINE, () => finder.want(second, user));
  const own = { workspaces: [], skippedRows: 0 };
  await finder.read(own, user, soon());
  finder.want(first, user);
  const found = await finder.read(own, user, soon());
  assert.equal(found.finding, second);
  assert.deepEqual(
    found.workspaces.map(({ name }) => name),
    ['web'],
  );
  assert.equal(finder.takeRefusal(), undefined);
});

const shows = (session: Session, name: string): boolean =>
  session.state.value.kind === 'ready' && shown(session).includes(name);

const own = (session: Session): string[] => {
  const state = ownOnly(session.state.value);
  return state.kind === 'ready' ? [...state.workspaces.values()].map((each) => each.name).sort() : [];
};

const queries = (deployment: Deployment, from: number): string[] =>
  deployment.requests
    .slice(from)
    .filter(({ path }) => LIST.test(path))
    .map(({ path }) => new URL(path, 'http://x').searchParams.get('q') ?? '');

const share = (deployment: Deployment, name: string, role: 'use' | 'admin'): void =>
  void deployment.workspace(`owner/${name}`).sharedWith.set(deployment.users.dana.id, role);

for (const age of ages) {
  describe(`finding on ${age}`, () => {
    test('all that one may see holds one’s own and others’, which bear their owner’s name; mine leaves those out again', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      await readyState(session);
      const mine = shown(session);
      assert.ok(
        mine.every((name) => !name.includes('/')),
        mine.join(' '),
      );
      await session.find(ALL);
      assert.deepEqual(shown(session), [...mine, 'dana/api-server', 'dana/mine'].sort());
      assert.deepEqual(own(session), mine, 'two workspaces of one name are two');
      await session.find(FIND_MINE);
      assert.deepEqual(shown(session), mine);
    });

    test('a filter hides rows and nothing else: one’s own stay known, and no server is asked', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      await readyState(session);
      const mine = own(session);
      await untilQuiet(deployment);
      const before = deployment.requests.length;
      await session.find(finding({ filter: { text: 'web' } }));
      assert.deepEqual(shown(session), ['web']);
      assert.deepEqual(own(session), mine);
      assert.deepEqual(queries(deployment, before), []);
      await session.find(FIND_MINE);
      assert.deepEqual(shown(session), mine);
    });

    test('what others have is asked for no wider than the filter, which holds here, too, for what the server ignores', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      await readyState(session);
      const mine = own(session);
      const from = deployment.requests.length;
      await session.find(finding({ scope: 'all', filter: { template: 'slow', outdated: 'true' } }));
      assert.deepEqual(queries(deployment, from), ['owner:me', 'template:slow outdated:true']);
      assert.deepEqual(shown(session), ['docs-site']);
      await session.find(finding({ scope: 'all', filter: { owner: 'dana', status: 'stopped' } }));
      assert.deepEqual(shown(session), ['dana/api-server']);
      assert.deepEqual(own(session), mine);
    });

    test('each status finds what has it, also those that V0’s search mistakes', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      deployment.hold('builds');
      const { session } = sessionFor(deployment);
      const { workspaces } = await readyState(session);
      const statuses = new Set([...workspaces.values()].map((each) => each.latest_build.status));
      for (const status of [...statuses, 'deleted']) {
        await session.find(finding({ scope: 'all', filter: { status } }));
        const state = await readyState(session);
        const expected = [...state.workspaces.values()].filter((each) => each.latest_build.status === status);
        assert.equal(shown(session).length, expected.length, status);
        assert.equal(expected.length > 0, status !== 'deleted', status);
      }
    });

    test('a query of one’s own goes to the server beside the scope', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      await readyState(session);
      const from = deployment.requests.length;
      await session.find(finding({ filter: { query: 'name:web' } }));
      assert.deepEqual(queries(deployment, from), ['owner:me', 'owner:me name:web']);
      assert.deepEqual(shown(session), ['web']);
      await session.find(finding({ scope: 'all', filter: { query: 'dana/api' } }));
      assert.deepEqual(shown(session), ['dana/api-server']);
      await session.find(finding({ filter: { query: 'owner:dana' } }));
      assert.deepEqual(shown(session), [], 'what is not one’s own is not mine');
    });

    test('a refused query says which part and keeps the rows, and the next one is asked for', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      await readyState(session);
      await session.find(ALL);
      const before = shown(session);
      const told: (string | undefined)[] = [];
      session.state.subscribe((state) => told.push(state.kind === 'ready' ? state.refused : undefined));
      const refused = finding({ scope: 'all', filter: { query: 'a:b:c' } });
      const error = await session.find(refused).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof ApiError, 'it is refused');
      assert.match(error.message, /can only contain 1 ':'/);
      assert.deepEqual(shown(session), before);
      assert.deepEqual((await readyState(session)).finding, ALL);
      await session.refresh();
      assert.deepEqual(
        told.filter((each) => each !== undefined),
        [],
        'whoever asked was told, and nobody else has to be',
      );
      assert.deepEqual(shown(session), before);
      assert.equal((await readyState(session)).stale, undefined);
      await session.find(finding({ scope: 'all', filter: { query: 'name:mine' } }));
      assert.deepEqual(shown(session), ['dana/mine']);
    });

    test('a query that was remembered and is refused by now is left out, and the rows say so', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment, {
        finding: finding({ scope: 'all', sort: 'name', filter: { query: 'a:b:c', text: 'api' } }),
      });
      const state = await readyState(session);
      assert.deepEqual(shown(session), ['api-server', 'dana/api-server']);
      assert.equal(state.finding?.sort, 'name');
      assert.match(state.refused ?? '', /can only contain 1 ':'/);
      await session.find(finding({ scope: 'all' }));
      assert.equal((await readyState(session)).refused, undefined);
    });

    test('rows that move between pages while they are read are there once', async () => {
      const deployment = await deploymentFor({ age, workspaces: 250, running: 0, template: 'slow' });
      const { session } = sessionFor(deployment, { maxStreams: 0 });
      await until('all are there', () => own(session).length === 250);
      await session.find(ALL);
      assert.equal(shown(session).length, 250);
      for (let round = 0; round < 3; round += 1) {
        const all = [...deployment.store.workspaces.values()];
        const reading = session.refresh();
        // What was last comes first, and pushes the others to later pages.
        for (const workspace of all.slice(round * 7, round * 7 + 7)) {
          workspace.lastUsedAt = Date.now() + 1_000 * round;
          workspace.favoriteOf.add(deployment.users.owner.id);
        }
        await reading;
        assert.equal(new Set(shown(session)).size, 250, `round ${round}`);
        assert.equal(shown(session).length, 250, `round ${round}`);
      }
    });

    test('while nobody looks nothing is asked or opened for others, and one’s own are still followed', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      deployment.hold('builds');
      const fixture = sessionFor(deployment, { maxStreams: 50, finding: ALL });
      const { session } = fixture;
      await until('theirs are there', () => shows(session, 'dana/mine'));
      const theirs = idOf(session, 'mine');
      const watches = (): number => asked(deployment, new RegExp(`${theirs}/watch`));
      await until('their stream is open', () => watches() === 1);
      // What is in transition is read again and again, where anybody looks.
      const dana = clientOf(deployment, deployment.users.dana.token);
      await workspacesApi.createBuild(dana.calls, theirs, { transition: 'stop' }, soon());
      await until('their stop is seen', () => statusOf(session, 'mine') !== 'running');
      await untilQuiet(deployment);
      const open = deployment.openSockets().total;
      await hide(fixture);
      await until('theirs is closed', () => deployment.openSockets().total < open);
      await deployment.whenQuiet();
      const from = deployment.requests.length;
      await fixture.timing.advance(120_000);
      await deployment.whenQuiet();
      for (const { path } of deployment.requests.slice(from)) assert.ok(!path.includes(theirs), path);
      assert.ok(
        queries(deployment, from).every((q) => q.startsWith('owner:me')),
        queries(deployment, from).join(' | '),
      );
      assert.ok((deployment.openSockets().byKind.watch ?? 0) >= 5, 'one’s own that run are watched');
    });

    test('streams go to one’s own first, then to others’ that are shown, and never to what the filter hides at rest', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      deployment.hold('builds');
      const { session } = sessionFor(deployment, {
        maxStreams: 50,
        finding: finding({ scope: 'all', filter: { owner: 'dana' } }),
      });
      await until('theirs are there', () => shows(session, 'dana/mine'));
      await until('the streams are open', () => deployment.openSockets().total >= 12);
      await untilQuiet(deployment);
      const watched = deployment.requests.filter(({ path }) => WATCH.test(path)).map(({ path }) => path);
      const isWatched = (name: string): boolean => watched.some((path) => path.includes(deployment.workspace(name).id));
      assert.deepEqual(
        ['owner/api-server', 'owner/queued', 'dana/mine', 'dana/api-server', 'owner/archive'].map(isWatched),
        [true, true, true, true, false],
      );
    });

    test('a build that is followed is followed to its end, also when its workspace is not shown any more', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment, { finding: ALL });
      await until('theirs are there', () => shows(session, 'dana/mine'));
      const id = idOf(session, 'mine');
      const build = await workspacesApi.createBuild(session.calls, id, { transition: 'stop' }, soon());
      session.adopt(build);
      const ended = session.waitFor(
        id,
        (each) => each?.latest_build.status !== 'pending' && each?.latest_build.status !== 'stopping',
        soon(),
      );
      await session.find(FIND_MINE);
      assert.ok(!shown(session).includes('dana/mine'));
      assert.equal((await ended)?.latest_build.status, 'stopped');
    });

    test('while the deployment is away the rows stay, and what was asked for comes with the next answer', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      const mine = shown(session);
      await deployment.misbehave('down');
      await session.find(ALL);
      assert.deepEqual(shown(session), mine);
      await deployment.heal();
      await until('it is tried again', () => {
        timing.advance(1_000).catch(() => undefined);
        return shown(session).includes('dana/mine');
      });
    });
  });
}

describe('finding by organization on v0, whose workspaces don’t tell it', () => {
  const withLabs = async (): Promise<Deployment> => {
    const deployment = await deploymentFor({ age: 'v0', seed: true });
    const labs = { id: randomUUID(), name: 'labs', displayName: '', description: '', createdAt: 0 };
    deployment.store.otherOrganizations.push(labs);
    for (const template of deployment.store.templates.values())
      if (template.name === 'dev') template.organizationId = labs.id;
    return deployment;
  };
  const organizations = ({ requests }: Deployment): number =>
    requests.filter(({ path }) => path.includes('/organizations')).length;

  test('it is that of the template, which is read once', async () => {
    const deployment = await withLabs();
    const { session } = sessionFor(deployment, { finding: finding({ filter: { organization: 'Labs' } }) });
    await until('those of dev are there', () => shows(session, 'api-server'));
    assert.deepEqual(shown(session), ['api-server', 'archive']);
    const asked = organizations(deployment);
    assert.equal(asked, 3, 'the organizations, and the templates of each');
    // What a stream or an answer brings is of its organization, too.
    const id = idOf(session, 'archive');
    session.adopt(await workspacesApi.createBuild(session.calls, id, { transition: 'start' }, soon()));
    await session.refetch(id);
    assert.deepEqual(shown(session), ['api-server', 'archive']);
    await session.find(finding({ scope: 'all', filter: { organization: 'owner' } }));
    assert.ok(!shown(session).includes('api-server') && shown(session).includes('web'), shown(session).join(' '));
    assert.equal(organizations(deployment), asked);
  });

  test('while it can’t be read, the tree says why, and all other filters work; it is there once it can be read', async () => {
    const deployment = await withLabs();
    await deployment.misbehave('500', { path: /organizations/ });
    const fixture = sessionFor(deployment, { finding: finding({ filter: { organization: 'labs' } }) });
    const { session, log } = fixture;
    await until('it was tried', () => log.some((line) => line.startsWith('list: ')));
    await untilQuiet(deployment);
    assert.deepEqual(shown(session), []);
    assert.equal((await readyState(session)).stale?.error.kind, 'server');
    await passUntil(fixture.timing, 'it was tried again', () => organizations(deployment) > 1, 5);
    assert.equal(log.filter((line) => line.startsWith('list: ')).length, 1, 'it is logged once');
    await session.find(finding({ filter: { text: 'web' } }));
    assert.deepEqual(shown(session), ['web']);
    await deployment.heal();
    await session.find(finding({ filter: { organization: 'labs' } }));
    await session.refresh();
    assert.deepEqual(shown(session), ['api-server', 'archive']);
    assert.equal((await readyState(session)).stale, undefined);
  });
});

describe('finding what is shared', () => {
  for (const release of [undefined, '2.36'] as const) {
    test(`others’ workspaces that are shared with one are found on ${release ?? '2.31'}, one’s own are not among them`, async () => {
      const deployment = await deploymentFor({ age: 'v2', seed: true, ...(release === undefined ? {} : { release }) });
      share(deployment, 'api-server', 'use');
      const client = clientOf(deployment, deployment.users.dana.token);
      const { session } = sessionFor(deployment, { client });
      await readyState(session);
      const from = deployment.requests.length;
      await session.find(finding({ scope: 'shared' }));
      assert.deepEqual(shown(session), ['owner/api-server']);
      assert.deepEqual(own(session), ['api-server', 'mine']);
      const names = release === undefined ? ['shared_with_user:me', 'shared_with_user:dana'] : ['shared_with_user:me'];
      assert.deepEqual(queries(deployment, from), ['owner:me', ...names]);
      const again = deployment.requests.length;
      await session.refresh();
      assert.deepEqual(
        queries(deployment, again),
        ['owner:me', names.at(-1)],
        'what is refused is not asked for again',
      );
    });
  }

  test('a share that is taken back, or given, is seen with the next list', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true, release: '2.36' });
    share(deployment, 'web', 'admin');
    const client = clientOf(deployment, deployment.users.dana.token);
    const { session } = sessionFor(deployment, { client, finding: finding({ scope: 'shared' }) });
    await readyState(session);
    assert.deepEqual(shown(session), ['owner/web']);
    deployment.workspace('owner/web').sharedWith.clear();
    share(deployment, 'notebook', 'use');
    await session.refresh();
    assert.deepEqual(shown(session), ['owner/notebook']);
  });

  test('V0 shares nothing and would list all: nothing is shown as shared', async () => {
    const deployment = await deploymentFor({ age: 'v0', seed: true });
    const { session } = sessionFor(deployment, { finding: finding({ scope: 'shared' }) });
    await readyState(session);
    assert.deepEqual(shown(session), []);
    assert.ok(own(session).length > 5);
  });

  test('V0 shares nothing, also to one who has no workspace that would tell its age', async () => {
    const deployment = await deploymentFor({ age: 'v0', seed: true });
    const { dana, owner } = deployment.users;
    for (const workspace of deployment.store.workspaces.values())
      if (workspace.ownerId === owner.id) workspace.ownerId = dana.id;
    const { session } = sessionFor(deployment, { finding: finding({ scope: 'shared' }) });
    await readyState(session);
    assert.deepEqual(shown(session), []);
  });
});
