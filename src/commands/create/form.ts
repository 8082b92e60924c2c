import * as l10n from '@vscode/l10n';
import { isOfKind } from '../../api/errors.ts';
import type { Template } from '../../api/schemas/templates.ts';
import type { Organization } from '../../api/schemas/users.ts';
import * as templateVersions from '../../api/templateVersions.ts';
import type { Move } from '../wizard.ts';
import { isReason, Refusal } from '../refusal.ts';
import { settle, type Draft, type Form } from './draft.ts';
import { readFacts } from './summaryFacts.ts';
import { parameterSource } from './parameterSource.ts';
import type { WizardContext } from './wizardContext.ts';

/**
 * What `template` asks for, in its active version or `version`; read as long as `stop` lets it, and asked again as long as
 * the wizard goes on and nobody closes its source. @throws Refusal where it can't be asked here
 */
export async function readForm(
  draft: Draft,
  { session, user, signal }: Pick<WizardContext, 'session' | 'user' | 'signal'>,
  { template, version }: Pick<Form, 'template' | 'version'>,
  stop: AbortSignal,
): Promise<Form> {
  const { owner } = draft;
  const versionId = version?.id ?? template.active_version_id;
  const organizationId = template.organization_id ?? draft.organization?.id ?? draft.organizations[0]?.id;
  if (versionId === undefined || organizationId === undefined) {
    throw new Refusal(l10n.t('The template {0} has no version yet.', nameOf(template)));
  }
  const source = parameterSource(
    session,
    {
      versionId,
      ownerId: owner.id,
      isOwn: owner.id === user.id,
      // Absent in V0 (contract 1.9).
      isDynamic: template.use_classic_parameter_flow === false,
    },
    signal,
  );
  const facts = readFacts(
    session,
    { versionId, organizationId, owner: owner.id === user.id ? 'me' : owner.id },
    signal,
  );
  // Errors are reported to whoever awaits the parameters.
  facts.catch(() => undefined);
  try {
    const [parameters, presets, externalAuth] = await Promise.all([
      source.after(valuesFor(draft), stop),
      templateVersions.presets(session.calls, versionId, stop),
      templateVersions.externalAuth(session.calls, versionId, stop),
    ]);
    return { template, versionId, version, source, ...parameters, presets, externalAuth, facts };
  } catch (error) {
    source.close();
    throw isReason(error) ? new Refusal(unreadable(template, error)) : error;
  }
}

/** Reads what the template asks for; what is there already stays where it can't be read. */
export async function loadForm(
  draft: Draft,
  of: Pick<Form, 'template' | 'version'>,
  wizard: WizardContext,
): Promise<Move | undefined> {
  try {
    const form = await wizard.ui.withDelayedProgress(
      l10n.t('Loading the parameters of {0}', nameOf(of.template)),
      (stop) => readForm(draft, wizard, of, stop),
      wizard.signal,
    );
    draft.form?.source.close();
    draft.form = form;
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return offerDashboard(of.template, error.message, draft, wizard);
  }
}

/** Reads the form for another version or owner: asks only for new parameters. */
export async function reload(
  draft: Draft,
  of: Pick<Form, 'template' | 'version'>,
  wizard: WizardContext,
): Promise<Move | undefined> {
  const move = await loadForm(draft, of, wizard);
  if (move !== undefined) return move;
  const { preset, form } = draft;
  if (preset != null) draft.preset = form?.presets.find(({ name }) => name === preset.name) ?? null;
  const left = settle(draft);
  return left === undefined ? undefined : { to: left };
}

/** Reads a form whose parameters depend on the answers anew, after an answer at the step `at`; asks there again if that fails. */
export async function reconsider(draft: Draft, wizard: WizardContext, at: string): Promise<Move | undefined> {
  const { form } = draft;
  if (form === undefined) return undefined;
  try {
    const parameters = await wizard.ui.withDelayedProgress(
      l10n.t('Updating parameters'),
      (stop) => form.source.after(valuesFor(draft), stop),
      wizard.signal,
    );
    draft.form = { ...form, ...parameters };
    return undefined;
  } catch (error) {
    if (!isReason(error)) throw error;
    if (!isOfKind(error, 'notFound')) return { to: at, problem: error.message };
    return offerDashboard(form.template, unreadable(form.template, error), draft, wizard);
  }
}

/** The dashboard may support inputs that aren't supported here. */
async function offerDashboard(
  template: Template,
  problem: string,
  draft: Draft,
  { ui, title, signal, openTemplatePage }: WizardContext,
): Promise<Move> {
  // It may be gone.
  delete draft.templates;
  const chosen = await ui.pick({
    title: title(nameOf(template)),
    placeholder: problem,
    canGoBack: true,
    rows: [
      { label: l10n.t('Select another template'), icon: 'arrow-left', value: false },
      { label: l10n.t('Create in the dashboard'), detail: problem, icon: 'globe', value: true },
    ],
    signal,
  });
  if (chosen === true) await openTemplatePage(template);
  return { to: 'template', problem };
}

/** Includes answers to parameters that aren't shown now: another answer may show them again. */
const valuesFor = ({ answers, preset }: Draft): Map<string, string> =>
  new Map([...answers, ...(preset?.parameters ?? []).map(({ name, value }) => [name, value] as const)]);

const unreadable = (template: Template, { message }: Error): string =>
  l10n.t("Couldn't load the parameters of {0}. {1}", nameOf(template), message);

export const nameOf = ({ name, display_name: shown }: Template | Organization): string => (shown === '' ? name : shown);
