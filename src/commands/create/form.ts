import * as l10n from '@vscode/l10n';
import { ApiError } from '../../api/errors.ts';
import type { Template } from '../../api/schemas/templates.ts';
import * as templateVersions from '../../api/templateVersions.ts';
import { Refusal } from '../refusal.ts';
import { valuesToSend, type Draft, type Form } from './draft.ts';
import { parameterSource } from './parameterSource.ts';
import type { WizardContext } from './wizardContext.ts';

/** The parameters of a template cannot be read, or the template cannot be asked for them: the dashboard can. */
export class UnreadableForm extends Refusal {
  readonly template: Template;

  constructor(template: Template, message: string) {
    super(message);
    this.template = template;
  }
}

/**
 * What `template` asks for. Its parameters are asked for as long as `signal` and nobody closes their source; `stop` ends
 * the reading. Throws `UnreadableForm`.
 */
export async function readForm(
  { client, owner, user, signal }: Pick<WizardContext, 'client' | 'owner' | 'user' | 'signal'>,
  template: Template,
  stop: AbortSignal,
): Promise<Form> {
  const versionId = template.active_version_id;
  if (versionId === undefined) {
    throw new UnreadableForm(template, l10n.t('The template {0} has no version yet.', nameOf(template)));
  }
  const source = parameterSource(
    client,
    {
      versionId,
      ownerId: owner.id,
      isOwn: owner.id === user.id,
      // Absent in V0 (contract 1.9).
      isDynamic: template.use_classic_parameter_flow === false,
    },
    signal,
  );
  return readable(template, async () => {
    const [parameters, presets, externalAuth] = await Promise.all([
      source.after(new Map(), stop),
      templateVersions.presets(client.calls, versionId, stop),
      templateVersions.externalAuth(client.calls, versionId, stop),
    ]);
    return { template, source, ...parameters, presets, externalAuth };
  });
}

/** The answers changed: a form whose questions depend on them is read anew. Throws `UnreadableForm`. */
export async function reconsiderForm(draft: Draft, stop: AbortSignal): Promise<void> {
  const { form } = draft;
  if (form === undefined) return;
  const parameters = await readable(form.template, () => form.source.after(valuesToSend(draft), stop));
  draft.form = { ...form, ...parameters };
}

async function readable<T>(template: Template, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isKnown = error instanceof ApiError ? error.kind !== 'unauthorized' : error instanceof Refusal;
    if (!isKnown) throw error;
    throw new UnreadableForm(template, unreadable(template, (error as Error).message));
  }
}

const unreadable = (template: Template, reason: string): string =>
  l10n.t("Couldn't read the parameters of {0}. {1}", nameOf(template), reason);

export const nameOf = (template: Template): string =>
  template.display_name === '' ? template.name : template.display_name;
