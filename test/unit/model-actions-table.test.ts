import assert from 'node:assert/strict';
import { test } from 'node:test';
import { User } from '../../src/api/schemas/users.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import { allows, VERBS, whyNot, type Verb } from '../../src/model/actions.ts';
import { agent, fromNow, MEMBER, OWNER, resource, workspace } from './model-fixture.ts';

// Status × transition × age × person × what else stands against it → verb, every combination: each factor has its own
// table below, taken from contract 2.14 and 5.4 and recordings/v2.36/shared-*, and a verb is offered where all allow it.

/** The columns of `AT`. */
const SITUATIONS: readonly (readonly [status: string, transition: string])[] = [
  ['pending', 'start'],
  ['pending', 'stop'],
  ['pending', 'delete'],
  ['starting', 'start'],
  ['running', 'start'],
  ['stopping', 'stop'],
  ['stopped', 'stop'],
  ['canceling', 'start'],
  ['canceling', 'stop'],
  ['canceling', 'delete'],
  ['canceled', 'start'],
  ['canceled', 'stop'],
  ['canceled', 'delete'],
  ['failed', 'start'],
  ['failed', 'stop'],
  ['failed', 'delete'],
  ['deleting', 'delete'],
  ['deleted', 'delete'],
  // A word of a later server, for a start that went well.
  ['being-teleported', 'start'],
];

const OFF = /*      */ '... ...+ ... +++ +++ ...';
const RESTING = /*  */ '... .+.+ ... +++ +++ ...';
const STAYING = /*  */ '++. ++++ ++. +++ +++ ..+';
const ENDED = /*    */ '... .+.+ ... +++ +++ .++';
const ON = /*       */ '... .+.. ... ... ... ..+';
const ALWAYS = /*   */ '+++ ++++ +++ +++ +++ +++';

/** Pending, four of a build, canceling, canceled, failed (each: start, stop, delete), deleting, deleted, unknown. */
const AT: Readonly<Record<Verb, string>> = {
  start: OFF,
  startWithParameters: OFF,
  stop: /*   */ '... .+.. ... +++ +++ ...',
  restart: /**/ '... .+.. ... ... ... ...',
  update: RESTING,
  changeVersion: RESTING,
  retryBuild: /**/ '... .... ... ... +++ ...',
  cancel: /*   */ '+++ +.+. ... ... ... +..',
  delete: RESTING,
  extend: ON,
  setAutostart: STAYING,
  setTtl: STAYING,
  setAutomaticUpdates: STAYING,
  rename: STAYING,
  favorite: STAYING,
  unfavorite: STAYING,
  wake: STAYING,
  sleep: OFF,
  duplicate: ALWAYS,
  open: ON,
  openTerminal: ON,
  openDashboard: ALWAYS,
  showLog: ALWAYS,
  showHistory: ALWAYS,
  showState: ENDED,
  compareLog: ENDED,
  copy: ALWAYS,
  copyLog: ALWAYS,
  copyError: ALWAYS,
  showResources: ALWAYS,
  pin: STAYING,
  unpin: ALWAYS,
};

/** By verb, a mark for each of `SITUATIONS`. */
const MARKS = new Map<Verb, string>(VERBS.map((verb) => [verb, AT[verb].replaceAll(' ', '')]));

const BUILDS: readonly Verb[] = [
  'start',
  'startWithParameters',
  'stop',
  'restart',
  'update',
  'changeVersion',
  'retryBuild',
];
const CHANGES: readonly Verb[] = [
  'cancel',
  'extend',
  'setAutostart',
  'setTtl',
  'setAutomaticUpdates',
  'rename',
  'wake',
  'sleep',
];
const READS: readonly Verb[] = [
  'duplicate',
  'openDashboard',
  'showLog',
  'showHistory',
  'showState',
  'compareLog',
  'copy',
  'copyLog',
  'copyError',
  'showResources',
  'pin',
  'unpin',
];

const OPENS: readonly Verb[] = ['open', 'openTerminal'];

const OTHER = User.parse({ id: 'u-other', username: 'other', roles: [] });
const TEMPLATE_ADMIN = User.parse({ id: 'u-other', username: 'other', roles: [{ name: 'template-admin' }] });
const shared = (role: string, id = 'u-other', actor_type = 'user') => [{ id, actor_type, roles: [role] }];

/** Who may do what. What a server has to be asked about is offered until it has said no. */
const PEOPLE: Readonly<Record<string, { user: User; sharedWith: object[]; may: readonly Verb[] }>> = {
  'its owner': { user: MEMBER, sharedWith: [], may: VERBS },
  'a site owner': { user: OWNER, sharedWith: [], may: [...BUILDS, ...CHANGES, ...READS, ...OPENS, 'delete'] },
  'shared to use': { user: OTHER, sharedWith: shared('use'), may: [...BUILDS, ...READS, ...OPENS] },
  'shared to administer': {
    user: OTHER,
    sharedWith: shared('admin'),
    may: [...BUILDS, ...CHANGES, ...READS, ...OPENS],
  },
  'shared with a group': {
    user: OTHER,
    sharedWith: shared('use', 'g-1', 'group'),
    may: [...BUILDS, ...READS, ...OPENS],
  },
  'another role': { user: OTHER, sharedWith: [], may: [...BUILDS, ...CHANGES, ...READS, ...OPENS, 'delete'] },
  'a template admin': {
    user: TEMPLATE_ADMIN,
    sharedWith: [],
    may: [...BUILDS, ...CHANGES, ...READS, ...OPENS, 'delete'],
  },
};

/** Came with V2 (contract 1.9). */
const NOT_IN_V0: readonly Verb[] = ['setAutomaticUpdates', 'favorite', 'unfavorite', 'sleep'];
const V2 = { automatic_updates: 'never', allow_renames: true };

interface Circumstance {
  readonly workspace?: object;
  readonly build?: object;
  /** What it forbids. */
  readonly forbids: readonly Verb[];
  /** Whom it forbids nothing. */
  readonly exempt?: readonly string[];
}

/** What else stands against a verb. */
const CIRCUMSTANCES: Readonly<Record<string, Circumstance>> = {
  dormant: { workspace: { dormant_at: fromNow(-600) }, forbids: [...BUILDS, 'sleep'] },
  'on an external agent': { build: { has_external_agent: true }, forbids: BUILDS },
  'prebuilt and unclaimed': {
    workspace: { is_prebuild: true },
    forbids: ['extend', 'setAutostart', 'setTtl', 'setAutomaticUpdates', 'sleep'],
  },
  'its template forbids canceling': {
    workspace: { template_allow_user_cancel_workspace_jobs: false },
    forbids: ['cancel'],
    exempt: ['a site owner'],
  },
  'its template requires the active version': {
    workspace: { template_require_active_version: true },
    forbids: ['changeVersion'],
    exempt: ['a site owner', 'a template admin'],
  },
  'renames are off': { workspace: { allow_renames: false }, forbids: ['rename'] },
  'on the active version': { workspace: { outdated: false }, forbids: ['update'] },
  'a favorite': { workspace: { favorite: true }, forbids: ['favorite'] },
};
const NAMES = Object.keys(CIRCUMSTANCES);

const subjectIn = (
  [status, transition]: readonly [string, string],
  isV2: boolean,
  sharedWith: object[],
  circumstances: readonly string[],
): Workspace => {
  const [own, build] = (['workspace', 'build'] as const).map(
    (part) => Object.assign({}, ...circumstances.map((name) => CIRCUMSTANCES[name]?.[part])) as object,
  );
  return workspace(status, {
    workspace: {
      outdated: true,
      shared_with: sharedWith,
      ...(isV2 ? { ...V2, favorite: false } : {}),
      ...own,
      ...(!isV2 && { favorite: undefined }),
    },
    build: {
      transition,
      build_number: 2,
      deadline: fromNow(60),
      resources: [resource('dev', { agents: [agent('main')] })],
      ...build,
    },
    job: { error: 'exit status 1' },
  });
};

/** By the tables. */
const expected = (
  verb: Verb,
  column: number,
  isV2: boolean,
  who: string,
  circumstances: readonly string[],
): boolean => {
  const [, transition] = SITUATIONS[column] ?? ['', ''];
  const may = PEOPLE[who]?.may ?? [];
  // What is repeated of a deletion is a deletion.
  const asDelete = verb === 'retryBuild' && transition === 'delete';
  const isForbidden = circumstances.some((name) => {
    const { forbids = [], exempt = [] } = CIRCUMSTANCES[name] ?? {};
    return forbids.includes(verb) && !exempt.includes(who) && !asDelete;
  });
  return (
    MARKS.get(verb)?.[column] === '+' &&
    may.includes(verb) &&
    (!asDelete || may.includes('delete')) &&
    (isV2 || !NOT_IN_V0.includes(verb)) &&
    !isForbidden &&
    (verb !== 'wake' || circumstances.includes('dormant')) &&
    (verb !== 'unfavorite' || circumstances.includes('a favorite'))
  );
};

test('each verb is offered where status, age, person and circumstances all allow it, and nowhere else', () => {
  for (const verb of VERBS) assert.equal(MARKS.get(verb)?.length, SITUATIONS.length, verb);
  let cells = 0;
  for (let mask = 0; mask < 2 ** NAMES.length; mask += 1) {
    const circumstances = NAMES.filter((_, bit) => (mask & (1 << bit)) !== 0);
    // V0 knows of one of them only.
    for (const isV2 of circumstances.some((name) => name !== 'on the active version') ? [true] : [false, true])
      for (const [who, { user, sharedWith }] of Object.entries(PEOPLE))
        for (const [column, situation] of SITUATIONS.entries()) {
          const subject = subjectIn(situation, isV2, sharedWith, circumstances);
          for (const verb of VERBS) {
            cells += 1;
            const wanted = expected(verb, column, isV2, who, circumstances);
            if (allows(verb, subject, user) !== wanted)
              assert.fail(
                `${verb} is ${wanted ? 'refused' : 'offered'}: ${situation.join(' of a ')}, ${isV2 ? 'V2' : 'V0'}, ${who}, ${circumstances.join(', ')}`,
              );
          }
        }
  }
  assert.ok(cells > 900_000, `${cells} cells`);
});

test('each refusal of the table is a sentence that names the workspace, its template, or the deployment', () => {
  for (const name of [[], ...NAMES.map((each) => [each])])
    for (const { user, sharedWith } of Object.values(PEOPLE))
      for (const situation of SITUATIONS) {
        const subject = subjectIn(situation, true, sharedWith, name);
        for (const verb of VERBS) {
          const why = whyNot(verb, subject, user);
          if (why !== undefined)
            assert.match(
              why,
              /(?:api-server|[Tt]emplate|deployment|[Oo]nly your own) ?.*\.$/s,
              `${verb} ${situation.join()}`,
            );
        }
      }
});

test('what is being deleted takes no settings until the deletion has failed or was canceled', () => {
  const settings: Verb[] = ['rename', 'setAutostart', 'setTtl', 'setAutomaticUpdates', 'favorite', 'pin'];
  const offered = (subject: Workspace): Verb[] => settings.filter((verb) => allows(verb, subject, MEMBER));
  for (const status of ['pending', 'deleting', 'canceling'])
    for (const isV2 of [false, true]) {
      const subject = subjectIn([status, 'delete'], isV2, [], []);
      assert.deepEqual(offered(subject), [], status);
      assert.equal(whyNot('rename', subject, MEMBER), 'api-server is being deleted.', status);
    }
  for (const status of ['failed', 'canceled'])
    assert.deepEqual(offered(subjectIn([status, 'delete'], true, [], [])), settings, status);
});

test('V0: a template that forbids canceling does so in that age, too', () => {
  const subject = subjectIn(['starting', 'start'], false, [], ['its template forbids canceling']);
  assert.equal(allows('cancel', subject, MEMBER), false);
  assert.equal(allows('cancel', subject, OWNER), true);
});
