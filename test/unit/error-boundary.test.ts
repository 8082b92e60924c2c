import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressError } from '../../src/api/address.ts';
import { ApiError } from '../../src/api/errors.ts';
import { createBuild } from '../../src/api/operations.ts';
import { errorBoundary } from '../../src/commands/errorBoundary.ts';
import { NotSignedIn, Refusal } from '../../src/commands/refusal.ts';
import type { Current } from '../../src/model/openDeployment.ts';
import { Variable } from '../../src/model/observable.ts';
import { Dismissed } from '../../src/model/prompt.ts';
import { ScriptedUi } from '../scriptedUi.ts';

const HOST = 'coder.example.com';

/** What is said and logged of `thrown`; `session`: what the boundary asks of it. */
async function toldOf(thrown: unknown, session?: { readonly signal: AbortSignal; readonly isOver: boolean }) {
  const ui = new ScriptedUi();
  const logged: unknown[] = [];
  const current =
    session === undefined
      ? undefined
      : { session: { signal: session.signal, noticed: () => Promise.resolve(session.isOver) } };
  await errorBoundary(
    'start',
    () => {
      throw thrown;
    },
    {
      ui,
      log: { info: () => undefined, error: (_, error) => void logged.push(error), show: () => undefined },
      deployments: {
        current: new Variable(current as unknown as Current | undefined),
        signIn: () => Promise.reject(new Error('not asked for')),
        signOut: () => Promise.reject(new Error('not asked for')),
      },
    },
  );
  return { toasts: ui.toasts, logged, ui };
}

test('a closed prompt and a wait that was called off are no failures', async () => {
  const end = new AbortController();
  end.abort(new Error('signed out'));
  const over = { signal: end.signal, isOver: false };
  for (const thrown of [new Dismissed(), new DOMException('over', 'AbortError'), end.signal.reason as unknown]) {
    const { toasts, logged } = await toldOf(thrown, over);
    assert.deepEqual([toasts, logged], [[], []]);
  }
});

test('a session that turns out to be over says so itself, and not through the command', async () => {
  const error = new ApiError({ kind: 'unauthorized', operation: createBuild, host: HOST });
  const open = new AbortController().signal;
  assert.deepEqual((await toldOf(error, { signal: open, isOver: true })).toasts, []);
  assert.equal((await toldOf(error, { signal: open, isOver: false })).toasts.length, 1);
});

test('who is not signed in is told, with the way to sign in', async () => {
  const { toasts, logged, ui } = await toldOf(new NotSignedIn('Sign in first.'));
  assert.deepEqual([toasts[0]?.kind, toasts[0]?.message], ['information', 'Sign in first.']);
  toasts[0]?.buttons[0]?.run();
  assert.deepEqual(ui.executed, [['coderWorkspaces.signIn']]);
  assert.deepEqual(logged, []);
});

test('a refusal is told as it is, and the log keeps no stack of it', async () => {
  for (const thrown of [new Refusal('web is already running.'), new AddressError('This is no address.')]) {
    const { toasts, logged } = await toldOf(thrown);
    assert.deepEqual([toasts[0]?.kind, toasts[0]?.message], ['information', thrown.message]);
    assert.deepEqual([toasts[0]?.buttons, logged], [[], []]);
  }
});

test('what the deployment refuses is told in words, logged, and leads to the log', async () => {
  const error = new ApiError({ kind: 'timeout', operation: createBuild, host: HOST });
  const { toasts, logged, ui } = await toldOf(error);
  assert.deepEqual([toasts[0]?.kind, toasts[0]?.message], ['error', error.message]);
  assert.deepEqual(logged, [error]);
  toasts[0]?.buttons[0]?.run();
  assert.deepEqual(ui.executed, [['coderWorkspaces.showOutput']]);
});

test('whatever else is thrown, the message says something and ends well', async () => {
  const cases: unknown[] = [
    new TypeError('x is not a function'),
    new Error(''),
    'a word',
    '',
    undefined,
    null,
    { some: 'thing' },
    { message: 7 },
    new AggregateError([]),
  ];
  for (const thrown of cases) {
    const { toasts, logged } = await toldOf(thrown);
    const message = toasts[0]?.message ?? '';
    assert.equal(toasts[0]?.kind, 'error');
    assert.doesNotMatch(message, /undefined|null|\[object|:\s*\.?$/, message);
    assert.match(message, /\S.*[.!?]$/);
    assert.equal(logged.length, 1);
  }
});
