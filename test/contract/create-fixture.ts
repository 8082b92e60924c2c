import assert from 'node:assert/strict';
import { newId } from '../deployment/ids.ts';
import type { Template, TemplateVersion } from '../deployment/model.ts';
import type { TemplateSpec } from '../deployment/template-spec.ts';
import type { Answer, Question } from '../scriptedUi.ts';
import type { VerbFixture } from './verb-fixture.ts';

/** Runs `Create Workspace` with exactly these answers. */
export const create = async (verbs: VerbFixture, ...answers: Answer[]): Promise<void> => {
  verbs.ui.answers(...answers);
  await verbs.run('create');
  assert.deepEqual(verbs.errors.map(String), []);
  assert.equal(verbs.ui.unused, 0);
};

/** The steps that were asked for, without the name of the wizard. */
export const titles = ({ ui }: VerbFixture): string[] =>
  ui.questions.map((question) => question.title.replace(/^.*: /, ''));

/** Looks at the question before it is answered. */
export const seeing =
  (look: (question: Question) => void, answer: Answer): Answer =>
  (question) => {
    look(question);
    return answer(question);
  };

export const rowsOf = (question: Question) => {
  assert.ok('rows' in question, `"${question.title}" has no rows`);
  return question.rows;
};
export const rowOf = (question: Question, label: string) => rowsOf(question).find((row) => row.label === label);

/** What the workspace was made with, by name. */
export const sent = ({ deployment }: VerbFixture, name = 'fresh'): Record<string, string> => {
  const [build] = deployment.workspace(`owner/${name}`).builds;
  return Object.fromEntries(build?.parameters.map((each) => [each.name, each.value]) ?? []);
};

export const templateNamed = ({ deployment }: VerbFixture, name: string): Template => {
  const found = [...deployment.store.templates.values()].find((template) => template.name === name);
  assert.ok(found, `there is no template ${name}`);
  return found;
};

/** The template gets a version like the last one but for `change`, which is active from now on. */
export const publish = (
  verbs: VerbFixture,
  name: string,
  change: (spec: TemplateSpec) => Partial<TemplateSpec> = () => ({}),
): void => {
  const template = templateNamed(verbs, name);
  const old = versionOf(verbs, template);
  const id = newId();
  verbs.deployment.store.versions.set(id, { ...old, id, name: 'newer', spec: { ...old.spec, ...change(old.spec) } });
  template.activeVersionId = id;
};

export const versionOf = ({ deployment }: VerbFixture, { activeVersionId }: Template): TemplateVersion => {
  const found = deployment.store.versions.get(activeVersionId);
  assert.ok(found, 'there is no active version');
  return found;
};
