import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as workspaces from '../../src/api/workspaces.ts';
import { rich } from '../deployment/richParameter.ts';
import type { RichParameter, TemplateSpec } from '../deployment/template-spec.ts';
import { latestBuild } from '../deployment/store.ts';
import { escape, type as enter } from '../scriptedUi.ts';
import { soon } from './client-fixture.ts';
import { publishFor, stored, templateOf } from './newer-version.ts';
import { verbsOn } from './verb-fixture.ts';

// `resolve-autostart` says that the next start of its own accord would need input, but not what. A start compares the new
// version's form with the last build's values instead, which tells both, and asks wherever the route would say so.

const changed =
  (name: string, more: Partial<RichParameter>) =>
  ({ parameters }: TemplateSpec): Partial<TemplateSpec> => ({
    parameters: parameters.map((each) => (each.name === name ? { ...each, ...more } : each)),
  });
const added =
  (more: Partial<RichParameter>) =>
  ({ parameters }: TemplateSpec): Partial<TemplateSpec> => ({ parameters: [...parameters, rich('team', more)] });
const option = (value: string) => ({ name: value, value, description: '', icon: '' });

/** What a new version changes; whether the server would say that input is needed; whether it can be asked for. */
const CHANGES: readonly (readonly [
  what: string,
  change: (spec: TemplateSpec) => Partial<TemplateSpec>,
  isNeeded: boolean,
  isAsked: boolean,
])[] = [
  ['nothing', () => ({}), false, false],
  ['a parameter with a default more', added({ required: false, defaultValue: 'eu' }), false, false],
  ['a required parameter more', added({}), true, true],
  ['a required immutable parameter more', added({ mutable: false }), true, true],
  ['an optional immutable parameter more', added({ required: false, defaultValue: 'eu', mutable: false }), false, true],
  ['a required parameter for one start more', added({ ephemeral: true }), true, true],
  ['another pattern', changed('repo', { validationRegex: '^ssh://.+$' }), true, true],
  [
    'options without the value',
    changed('repo', { options: [option('a'), option('b')], validationRegex: '.' }),
    true,
    true,
  ],
  ['a higher least number', changed('cpu', { validationMin: 15 }), true, true],
  ['a lower greatest number', changed('cpu', { validationMax: 1 }), true, true],
  ['another type', changed('repo', { type: 'number' }), true, true],
  ['a text instead of a truth', changed('gpu', { type: 'string' }), false, false],
  ['fewer parameters', ({ parameters }) => ({ parameters: parameters.slice(0, 2) }), false, false],
  // It cannot be changed, so it is told in the server's words.
  [
    'another pattern of an immutable one',
    changed('repo', { mutable: false, validationRegex: '^ssh://.+$' }),
    true,
    false,
  ],
];

describe('what a start by policy newly asks for (v2)', () => {
  for (const policy of ['automatic', 'required'] as const) {
    test(`with ${policy} updates it asks wherever the server would need input for an autostart`, async () => {
      for (const [what, change, isNeeded, isAsked] of CHANGES) {
        const verbs = await verbsOn({ age: 'v2' }, { as: 'dana' });
        if (policy === 'required') templateOf(verbs, 'api-server').requireActiveVersion = true;
        else stored(verbs, 'api-server').automaticUpdates = 'always';
        latestBuild(stored(verbs, 'api-server')).parameters = [
          { name: 'region', value: 'eu' },
          { name: 'cpu', value: '4' },
          { name: 'repo', value: 'https://example.com/x' },
          { name: 'gpu', value: 'false' },
          { name: 'tools', value: '["git"]' },
          { name: 'debug', value: '' },
        ];
        await publishFor(verbs, 'api-server', change);
        const id = verbs.id('api-server');
        const { calls } = verbs.session;
        assert.equal(await workspaces.autostartNeedsInput(calls, id, soon()), isNeeded, `the server: ${what}`);
        verbs.ui.answers(escape);
        await verbs.run('start', id);
        assert.equal(verbs.ui.unused === 0, isAsked, `${what}: ${verbs.ui.said.join()}`);
        if (isAsked) assert.deepEqual(verbs.writes(), [], `${what}: nothing is sent before it is answered`);
      }
    });
  }

  test('an autostart that would need input says so when it is set', async () => {
    for (const [change, expected] of [
      [added({}), /Next start: .*\. It can't start automatically until you update it: /],
      [added({ required: false }), /Next start: [^.]*\.$/],
    ] as const) {
      const verbs = await verbsOn({ age: 'v2' });
      stored(verbs, 'archive').automaticUpdates = 'always';
      await publishFor(verbs, 'archive', change);
      verbs.ui.answers(enter('Mon 7:15 UTC'));
      await verbs.run('setAutostart', verbs.id('archive'));
      assert.match(verbs.ui.said.join(), expected);
    }
  });

  test('without a policy the version stays, and nothing is asked', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    await publishFor(verbs, 'archive', added({}));
    assert.equal(await workspaces.autostartNeedsInput(verbs.other.calls, verbs.id('archive'), soon()), false);
    await verbs.run('start', verbs.id('archive'));
    assert.deepEqual(verbs.ui.questions, []);
  });
});
