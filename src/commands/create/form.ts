import * as l10n from '@vscode/l10n';
import { ApiError } from '../../api/errors.ts';
import type { Template } from '../../api/schemas/templates.ts';
import type { Organization } from '../../api/schemas/users.ts';
import * as templateVersions from '../../api/templateVersions.ts';
import { Refusal } from '../refusal.ts';
import type { Draft, Form } from './draft.ts';
import { readFacts } from './facts.ts';
import { parameterSource } from './parameterSource.ts';
import type { WizardContext } from './wizardContext.ts';

/** The parameters of a template can't be read or aren't supported here; the dashboard is offered. */
export class UnreadableForm extends Refusal {
  readonly template: Template;

  constructor(template: Template, message: string) {
    super(message);
    this.template = template;
  }
}

/**
 * What `template` asks for, in its active version or `version`; read as long as `stop` lets it, and asked again as long as
 * the wizard goes on and nobody closes its source. Throws `UnreadableForm`.
 */
export async function readForm(
  draft: Draft,
  { client, user, signal }: Pick<WizardContext, 'client' | 'user' | 'signal'>,
  { template, version }: Pick<Form, 'template' | 'version'>,
  stop: AbortSignal,
): Promise<Form> {
  const { owner } = draft;
  const versionId = version?.id ?? template.active_version_id;
  const organizationId = template.organization_id ?? draft.organization?.id ?? draft.organizations[0]?.id;
  if (versionId === undefined || organizationId === undefined) {
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
  const facts = readFacts(client, { versionId, organizationId, owner: owner.id === user.id ? 'me' : owner.id }, signal);
  // Errors are reported to whoever awaits the parameters.
  facts.catch(() => undefined);
  try {
    const [parameters, presets, externalAuth] = await Promise.all([
      source.after(valuesFor(draft), stop),
      templateVersions.presets(client.calls, versionId, stop),
      templateVersions.externalAuth(client.calls, versionId, stop),
    ]);
    return { template, versionId, version, source, ...parameters, presets, externalAuth, facts };
  } catch (error) {
    source.close();
    throw unreadable(template, error) ?? error;
  }
}

/** The answers changed: a form whose questions depend on them is read anew. @throws ApiError, Refusal */
export async function reconsiderForm(draft: Draft, stop: AbortSignal): Promise<void> {
  const { form } = draft;
  if (form === undefined) return;
  const parameters = await form.source.after(valuesFor(draft), stop);
  draft.form = { ...form, ...parameters };
}

/** Includes answers to parameters that aren't shown now: another answer may show them again. */
const valuesFor = ({ answers, preset }: Draft): Map<string, string> =>
  new Map([...answers, ...(preset?.parameters ?? []).map(({ name, value }) => [name, value] as const)]);

/** The error for parameters that can't be read or shown; `undefined` if the session has ended. */
export const unreadable = (template: Template, error: unknown): UnreadableForm | undefined =>
  error instanceof Refusal || (error instanceof ApiError && error.kind !== 'unauthorized')
    ? new UnreadableForm(template, l10n.t("Couldn't load the parameters of {0}. {1}", nameOf(template), error.message))
    : undefined;

export const nameOf = ({ name, display_name: shown }: Template | Organization): string => (shown === '' ? name : shown);
