import * as l10n from '@vscode/l10n';
import type { CoderClient } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import type { Template } from '../../api/schemas/templates.ts';
import type { User } from '../../api/schemas/users.ts';
import * as templateVersions from '../../api/templateVersions.ts';
import { fieldsFromLegacy, fieldsFromRich } from '../../model/parameters.ts';
import { Refusal } from '../refusal.ts';
import { valuesToSend, type Draft, type Form } from './draft.ts';
import { evaluateFields, isDynamic } from './dynamicForm.ts';

/** The parameters of a template cannot be read, or the template cannot be asked for them: the dashboard can. */
export class UnreadableForm extends Refusal {
  readonly template: Template;

  constructor(template: Template, message: string) {
    super(message);
    this.template = template;
  }
}

/** What `template` asks for; throws `UnreadableForm`. */
export async function readForm(
  client: CoderClient,
  template: Template,
  owner: User,
  signal: AbortSignal,
): Promise<Form> {
  const version = template.active_version_id;
  if (version === undefined) {
    throw new UnreadableForm(template, l10n.t('The template {0} has no version yet.', nameOf(template)));
  }
  return readable(template, async () => {
    const [parameters, presets, externalAuth] = await Promise.all([
      isDynamic(template)
        ? readDynamicFields(client, template, owner, new Map(), signal)
        : readClassicFields(client, version, signal),
      templateVersions.presets(client.calls, version, signal),
      templateVersions.externalAuth(client.calls, version, signal),
    ]);
    return { template, ...parameters, presets, externalAuth };
  });
}

/** The answers changed: a form whose questions depend on them is asked for anew. Throws `UnreadableForm`. */
export async function reconsiderForm(
  client: CoderClient,
  draft: Draft,
  owner: User,
  signal: AbortSignal,
): Promise<void> {
  const { form } = draft;
  if (form === undefined || !isDynamic(form.template)) return;
  draft.form = await readable(form.template, async () => ({
    ...form,
    ...(await readDynamicFields(client, form.template, owner, valuesToSend(draft), signal)),
  }));
}

type Fields = Pick<Form, 'age' | 'fields' | 'problems'>;

async function readDynamicFields(
  client: CoderClient,
  template: Template,
  owner: User,
  answers: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Fields> {
  const { fields, problems, failure } = await evaluateFields(client, template, owner, answers, signal);
  if (failure !== undefined) throw new UnreadableForm(template, unreadable(template, failure));
  return { age: 'rich', fields, problems };
}

async function readClassicFields(
  client: CoderClient,
  version: NonNullable<Template['active_version_id']>,
  signal: AbortSignal,
): Promise<Fields> {
  const read = await templateVersions.parameters(client.calls, version, signal);
  const problems = new Map<string, string>();
  return read.kind === 'legacy'
    ? { age: 'legacy', fields: fieldsFromLegacy(read.schema), problems }
    : { age: 'rich', fields: fieldsFromRich(read.parameters), problems };
}

async function readable<T>(template: Template, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind === 'unauthorized') throw error;
    throw new UnreadableForm(template, unreadable(template, error.message));
  }
}

const unreadable = (template: Template, reason: string): string =>
  l10n.t("Couldn't read the parameters of {0}. {1}", nameOf(template), reason);

export const nameOf = (template: Template): string =>
  template.display_name === '' ? template.name : template.display_name;
