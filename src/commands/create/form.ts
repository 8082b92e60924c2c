import * as l10n from '@vscode/l10n';
import type { CoderClient } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import type { Template } from '../../api/schemas/templates.ts';
import { fieldsFromLegacy, fieldsFromRich, type FormField } from '../../model/parameters.ts';
import { Refusal } from '../refusal.ts';
import type { Form } from './draft.ts';

/** The parameters of a template cannot be read, or the template cannot be asked for them: the dashboard can. */
export class UnreadableForm extends Refusal {
  readonly template: Template;

  constructor(template: Template, message: string) {
    super(message);
    this.template = template;
  }
}

/** What `template` asks for; throws `UnreadableForm`. */
export async function readForm(client: CoderClient, template: Template, signal: AbortSignal): Promise<Form> {
  const version = template.active_version_id;
  if (version === undefined) {
    throw new UnreadableForm(template, l10n.t('The template {0} has no version yet.', nameOf(template)));
  }
  try {
    const [parameters, presets, externalAuth] = await Promise.all([
      readFields(client, template, signal),
      client.templateVersions.presets(version, signal),
      client.templateVersions.externalAuth(version, signal),
    ]);
    return { template, ...parameters, presets, externalAuth };
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind === 'unauthorized') throw error;
    throw new UnreadableForm(
      template,
      l10n.t('What the template {0} asks for cannot be read. {1}', nameOf(template), error.message),
    );
  }
}

async function readFields(
  client: CoderClient,
  template: Template,
  signal: AbortSignal,
): Promise<{ readonly age: 'legacy' | 'rich'; readonly fields: readonly FormField[] }> {
  const version = template.active_version_id;
  if (version === undefined) return { age: 'rich', fields: [] };
  const read = await client.templateVersions.parameters(version, signal);
  if (read.kind === 'legacy') return { age: 'legacy', fields: fieldsFromLegacy(read.schema) };
  return { age: 'rich', fields: fieldsFromRich(read.parameters) };
}

export const nameOf = (template: Template): string =>
  template.display_name === '' ? template.name : template.display_name;
