// Any extension can run our commands, with whatever it wants.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { COMMANDS } from '../../src/commands/table.ts';
import { Dismissed } from '../../src/model/prompt.ts';
import { ages } from './client-fixture.ts';
import { verbsOn } from './verb-fixture.ts';

const throwing = new Proxy({}, { get: () => assert.fail('a property that cannot be read') });
const circular: Record<string, unknown> = {};
circular.refs = circular;
const selected = Array.from({ length: 300 }, (_, index) => ({ refs: { workspaceId: `no-${index}` } }));

/** What is passed as the first argument and, all of it again, as the second. */
const ARGUMENTS: readonly (readonly [what: string, argument: unknown])[] = [
  ['a path', '../../users/me'],
  ['two dots', '..'],
  ['half a character', '\ud800'],
  ['a long text', 'x'.repeat(20_000)],
  ['a text with line breaks', 'a\r\nCoder-Session-Token: b'],
  ['NaN', NaN],
  ['infinity', -Infinity],
  ['a huge number', 1e300],
  ['nothing', null],
  ['a symbol', Symbol('x')],
  ['a function', () => '..'],
  ['refs of all kinds', { refs: { workspaceId: { toString: () => 'x' }, buildId: 7, agentId: [], appId: null } }],
  ['a query', { query: 'workspaceId=..&buildId=..&buildNumber=-1e999' }],
  ['a prototype', JSON.parse('{"__proto__":{"workspaceId":"x"},"refs":{"__proto__":{"workspaceId":"x"}}}')],
  ['a circle', circular],
  ['properties that cannot be read', throwing],
  ['a selection of hundreds', selected],
];

for (const age of ages) {
  describe(`a command that is run with what no menu passes (${age})`, () => {
    for (const [what, argument] of ARGUMENTS) {
      test(`writes nothing, and says in a sentence of its own what is wrong: ${what}`, async () => {
        const verbs = await verbsOn({ age });
        const dismiss = (): Promise<never> => Promise.reject(new Dismissed());
        Object.assign(verbs.ui, {
          pick: dismiss,
          pickMany: dismiss,
          enter: dismiss,
          confirm: dismiss,
          editText: dismiss,
        });
        const before = verbs.writes();
        for (const verb of Object.keys(COMMANDS)) {
          // They ask for nothing, and take no argument.
          if (['signIn', 'signOut', 'checkIdentity'].includes(verb)) continue;
          await verbs.run(verb, argument, argument);
          await verbs.run(verb, undefined, argument);
        }
        assert.deepEqual(verbs.writes(), before);
        for (const said of verbs.ui.said)
          assert.doesNotMatch(said, /undefined|\[object|TypeError|RangeError|URIError/, said);
        assert.equal(Object.prototype.hasOwnProperty.call(Object.prototype, 'workspaceId'), false);
      });
    }
    test('shows no build of another workspace under the name of the one at hand', async () => {
      const verbs = await verbsOn({ age });
      const { id: build } = verbs.known('archive').latest_build;
      for (const verb of ['showLog', 'copyLog', 'compareLog']) await verbs.run(verb, verbs.id('web'), build);
      assert.deepEqual([verbs.ui.texts, verbs.ui.questions], [[], []]);
      assert.deepEqual(
        verbs.ui.said,
        Array(3).fill("The build doesn't exist, or you don't have permission to see it."),
      );
    });
    test('extends by no amount that is none', async () => {
      const verbs = await verbsOn({ age });
      for (const amount of [NaN, Infinity, -Infinity, 1e300, -1e300]) {
        let isAsked = false;
        verbs.ui.answers(() => {
          isAsked = true;
          throw new Dismissed();
        });
        await verbs.run('extend', verbs.id('web'), amount);
        assert.ok(isAsked, `${amount} is taken`);
      }
      assert.deepEqual([verbs.writes(), verbs.errors], [[], []]);
    });
  });
}
