import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWizard, type StepPosition, type StepResult, type Step } from '../../src/commands/wizard.ts';
import { BACK, Dismissed } from '../../src/model/prompt.ts';

/** Steps that answer by a script: what each asks is written down, a step without an answer left goes on. */
function scripted(answers: Record<string, (StepResult | (() => never))[]>) {
  const asked: string[] = [];
  const frames: StepPosition[] = [];
  const step = (id: string): Step => ({
    id,
    ask: (position) => {
      asked.push(id);
      frames.push(position);
      const answer = answers[id]?.shift();
      return Promise.resolve(typeof answer === 'function' ? answer() : answer);
    },
  });
  return { asked, frames, step };
}
const never = () => Promise.resolve(true);
const dismissed = () => {
  throw new Dismissed();
};

test('Steps are asked in order; one that only acts is not counted', async () => {
  const { asked, frames, step } = scripted({});
  await runWizard(() => [step('a'), step('b'), { ...step('act'), isSilent: true }], never);
  assert.deepEqual(asked, ['a', 'b', 'act']);
  assert.deepEqual(
    frames.map(({ step: at, totalSteps, canGoBack }) => [at, totalSteps, canGoBack]),
    [
      [1, 2, false],
      [2, 2, true],
      [3, 2, true],
    ],
  );
});

test('Back leads to the step before', async () => {
  const { asked, step } = scripted({ b: [BACK] });
  await runWizard(() => ['a', 'b', 'c'].map(step), never);
  assert.deepEqual(asked, ['a', 'b', 'a', 'b', 'c']);
});

test('A refusal leads to the step that it is about, with the reason, once', async () => {
  const { asked, frames, step } = scripted({ act: [{ to: 'name', problem: 'taken' }] });
  await runWizard(() => ['name', 'summary', 'act'].map(step), never);
  assert.deepEqual(asked, ['name', 'summary', 'act', 'name', 'summary', 'act']);
  assert.deepEqual(
    frames.map((position) => position.problem),
    [undefined, undefined, undefined, 'taken', undefined, undefined],
  );
});

test('An answer that is changed from the summary leads straight back to it', async () => {
  const { asked, step } = scripted({ summary: [{ to: 'a', then: 'summary' }] });
  await runWizard(() => ['a', 'b', 'c', 'summary'].map(step), never);
  assert.deepEqual(asked, ['a', 'b', 'c', 'summary', 'a', 'summary']);
});

test('An answer that brings more questions has them asked next, one that takes some away skips them', async () => {
  const { asked, step } = scripted({});
  const ids = () => (asked.includes('b') ? ['a2', 'b', 'more', 'end'] : ['a', 'b', 'gone', 'end']);
  await runWizard(() => ids().map(step), never);
  assert.deepEqual(asked, ['a', 'b', 'more', 'end']);
});

test('What was entered at a step that was left by Back is not lost without a question, and it is still there', async () => {
  const frames: StepPosition[] = [];
  const answers: (() => StepResult)[] = [dismissed, () => undefined, () => undefined];
  const steps: Step[] = [
    { id: 'a', ask: () => Promise.resolve(frames.length === 0 ? undefined : answers.shift()?.()) },
    {
      id: 'b',
      ask: (position) => {
        frames.push(position);
        if (frames.length > 1) return Promise.resolve(undefined);
        position.onBack?.('half-typ');
        return Promise.resolve(BACK);
      },
    },
  ];
  const asked: unknown[] = [];
  await runWizard(
    () => steps,
    (error) => {
      asked.push(error instanceof Dismissed ? error.typed : error);
      return Promise.resolve(false);
    },
  );
  assert.deepEqual(asked, ['half-typ']);
  assert.deepEqual(
    frames.map(({ typed }) => typed),
    [undefined, 'half-typ'],
  );
});

test('Closing a prompt ends the runWizard, unless there is something to lose and the person stays', async () => {
  const leaving = scripted({ b: [dismissed] });
  await assert.rejects(
    runWizard(() => ['a', 'b'].map(leaving.step), never),
    Dismissed,
  );
  const staying = scripted({ b: [dismissed] });
  await runWizard(
    () => ['a', 'b'].map(staying.step),
    (error) => Promise.resolve(!(error instanceof Dismissed)),
  );
  assert.deepEqual(staying.asked, ['a', 'b', 'b']);
});

test('An answer that has to be given twice still leads back to the summary', async () => {
  const { asked, frames, step } = scripted({
    summary: [{ to: 'a', then: 'summary' }],
    a: [undefined, { to: 'a', problem: 'no such thing' }],
  });
  await runWizard(() => ['a', 'b', 'summary'].map(step), never);
  assert.deepEqual(asked, ['a', 'b', 'summary', 'a', 'a', 'summary']);
  assert.equal(frames[4]?.problem, 'no such thing');
});

test('Back from an answer that is changed from the summary leads to the summary, too', async () => {
  const { asked, step } = scripted({ summary: [{ to: 'b', then: 'summary' }], b: [undefined, BACK] });
  await runWizard(() => ['a', 'b', 'c', 'summary'].map(step), never);
  assert.deepEqual(asked, ['a', 'b', 'c', 'summary', 'b', 'summary']);
});

test('A name that is taken is asked for alone: the answers behind it are not asked for again', async () => {
  const { asked, step } = scripted({
    act: [{ to: 'name', then: 'summary', problem: 'taken' }],
    name: [undefined, { to: 'name', problem: 'taken, too' }],
  });
  await runWizard(() => ['name', 'size', 'summary', 'act'].map(step), never);
  assert.deepEqual(asked, ['name', 'size', 'summary', 'act', 'name', 'name', 'summary', 'act']);
});

test('A step that leads elsewhere from there begins the chain anew', async () => {
  const { asked, step } = scripted({
    summary: [{ to: 'size', then: 'summary' }],
    size: [undefined, { to: 'template', problem: 'cannot be asked here' }],
  });
  await runWizard(() => ['template', 'size', 'more', 'summary'].map(step), never);
  assert.deepEqual(asked, ['template', 'size', 'more', 'summary', 'size', 'template', 'size', 'more', 'summary']);
});

test('Settled steps are walked past in both directions, and asked when somebody goes to them', async () => {
  const { asked, frames, step } = scripted({
    b: [BACK],
    d: [{ to: 'c', then: 'd' }],
  });
  const settled = (id: string): Step => ({ ...step(id), isSettled: true });
  await runWizard(() => [settled('a'), step('b0'), step('b'), settled('c'), step('d')], never);
  assert.deepEqual(asked, ['b0', 'b', 'b0', 'b', 'd', 'c', 'd']);
  assert.deepEqual(
    frames.map(({ step: at, totalSteps, canGoBack }) => [at, totalSteps, canGoBack]),
    [
      [1, 3, false],
      [2, 3, true],
      [1, 3, false],
      [2, 3, true],
      [3, 3, true],
      [3, 4, true],
      [3, 3, true],
    ],
  );
});

test('A chain can begin at a step with a reason, and go on from there', async () => {
  const { asked, frames, step } = scripted({});
  await runWizard(() => ['a', 'name', 'c', 'summary'].map(step), never, {
    to: 'name',
    then: 'summary',
    problem: 'taken',
  });
  assert.deepEqual(asked, ['name', 'summary']);
  assert.equal(frames[0]?.problem, 'taken');
});

test('What was entered before Esc is handed to the step that is asked again, once', async () => {
  const { asked, frames, step } = scripted({
    a: [
      () => {
        throw new Dismissed('half');
      },
    ],
  });
  await runWizard(
    () => ['a', 'b'].map(step),
    () => Promise.resolve(false),
  );
  assert.deepEqual(asked, ['a', 'a', 'b']);
  assert.deepEqual(
    frames.map(({ typed }) => typed),
    [undefined, 'half', undefined],
  );
});
