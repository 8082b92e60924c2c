import * as l10n from '@vscode/l10n';
import type { CoderClient } from '../../api/client.ts';
import type { ExternalAuth, Template } from '../../api/schemas/templates.ts';
import type { Organization, User } from '../../api/schemas/users.ts';
import { openInBrowser } from '../../host/openExternal.ts';
import { patiently } from '../../host/progress.ts';
import { enter, pick } from '../../host/quickInput.ts';
import { BACK } from '../../host/wayOut.ts';
import { nameProblem, proposeName } from '../../model/names.ts';
import { firstLine } from '../../model/plainText.ts';
import { duration } from '../../model/times.ts';
import type { Frame, Move, Step } from '../steps.ts';
import { askedFields, type Draft } from './draft.ts';
import { nameOf, readForm, reconsiderForm, UnreadableForm } from './form.ts';
import { parameterStep } from './parameterStep.ts';
import { summaryStep } from './summaryStep.ts';

/** What the chain needs besides the draft. */
export interface Surroundings {
  readonly client: CoderClient;
  /** Whom the workspace will belong to. */
  readonly owner: User;
  /** Names of one's own workspaces. */
  readonly taken: () => readonly string[];
  readonly recentTemplates: readonly string[];
  /** Opens the dashboard's page of a template that cannot be asked for here. */
  readonly openTemplatePage: (template: Template) => Promise<void>;
  readonly signal: AbortSignal;
}

/** The questions that are left to ask, with the answers so far. */
export function createSteps(draft: Draft, around: Surroundings): readonly Step[] {
  const { form } = draft;
  return [
    ...(draft.organizations.length > 1 ? [organizationStep(draft, around)] : []),
    templateStep(draft, around),
    ...(form?.externalAuth.some(isMissing) === true ? [externalAuthStep(draft, around)] : []),
    ...(form !== undefined && form.presets.length > 0 ? [presetStep(draft, around)] : []),
    nameStep(draft, around),
    ...askedFields(draft).map((field) => parameterStep(draft, field, () => reconsider(draft, around), around.signal)),
    summaryStep(draft, around.signal),
  ];
}

function organizationStep(draft: Draft, { signal }: Surroundings): Step {
  return {
    id: 'organization',
    ask: async (frame) => {
      const chosen = await pick({
        ...frame,
        title: l10n.t('Create Workspace: Organization'),
        placeholder: l10n.t('Whose templates?'),
        rows: draft.organizations.map((organization) => ({
          label: organization.display_name === '' ? organization.name : organization.display_name,
          ...(organization.is_default ? { description: l10n.t('default') } : {}),
          ...(organization.description === '' ? {} : { detail: firstLine(organization.description) }),
          icon: 'organization',
          value: organization,
        })),
        active: (organization) => organization.id === draft.organization?.id,
        signal,
      });
      if (chosen === BACK) return BACK;
      if (chosen.id !== draft.organization?.id) forgetTemplate(draft);
      draft.organization = chosen;
      return undefined;
    },
  };
}

function templateStep(draft: Draft, around: Surroundings): Step {
  return {
    id: 'template',
    ask: async (frame) => {
      const organization = draft.organization ?? draft.organizations[0];
      if (organization === undefined) return undefined;
      const templates = await templatesOf(draft, organization, around);
      const chosen = await pick({
        ...frame,
        title: l10n.t('Create Workspace: Template'),
        placeholder:
          templates.length === 0
            ? l10n.t('There is no template that you may use.')
            : l10n.t('What should the workspace be made from?'),
        rows: templateRows(templates, around.recentTemplates),
        active: (template) => template.id === draft.form?.template.id,
        signal: around.signal,
      });
      if (chosen === BACK) return BACK;
      return chosen.id === draft.form?.template.id ? undefined : chooseTemplate(draft, chosen, around);
    },
  };
}

async function templatesOf(
  draft: Draft,
  organization: Organization,
  { client, signal }: Surroundings,
): Promise<readonly Template[]> {
  if (draft.templates?.organization.id === organization.id) return draft.templates.rows;
  const all = await patiently(
    l10n.t('Reading the templates'),
    (stop) => client.templates.list(organization.id, stop),
    signal,
  );
  // Deployments refuse new workspaces of a deprecated template (contract 4.1).
  const rows = all.filter((template) => !template.deprecated);
  draft.templates = { organization, rows };
  return rows;
}

function templateRows(templates: readonly Template[], recent: readonly string[]) {
  const place = (template: Template) => recent.indexOf(template.id);
  const recently = templates.filter((one) => place(one) !== -1).sort((one, other) => place(one) - place(other));
  const others = templates.filter((one) => place(one) === -1);
  const row = (heading: string) => (template: Template, index: number) => ({
    ...(index === 0 && recently.length > 0 ? { heading } : {}),
    label: nameOf(template),
    ...(template.display_name === '' || template.display_name === template.name ? {} : { description: template.name }),
    detail: [firstLine(template.description), startTime(template)].filter((part) => part !== '').join(' · '),
    icon: 'package',
    value: template,
  });
  return [...recently.map(row(l10n.t('Used recently'))), ...others.map(row(l10n.t('All others')))];
}

/** How long a start takes, as the deployment measured it; V0 and V2 leave it out until there were some. */
const startTime = (template: Template): string => {
  const usual = template.build_time_stats?.start?.P50;
  return usual === undefined || usual <= 0 ? '' : l10n.t('starts in about {0}', duration(usual));
};

async function chooseTemplate(draft: Draft, template: Template, around: Surroundings): Promise<Move> {
  forgetTemplate(draft);
  try {
    draft.form = await patiently(
      l10n.t('Reading what {0} asks for', nameOf(template)),
      (signal) => readForm(around.client, template, around.owner, signal),
      around.signal,
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof UnreadableForm)) throw error;
    return offerDashboard(error, around);
  }
}

/** An answer may change what else is asked. */
async function reconsider(draft: Draft, around: Surroundings): Promise<Move> {
  try {
    await patiently(
      l10n.t('Looking at what else is asked'),
      (signal) => reconsiderForm(around.client, draft, around.owner, signal),
      around.signal,
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof UnreadableForm)) throw error;
    return offerDashboard(error, around);
  }
}

/** The dashboard knows ways of asking that are not known here. */
async function offerDashboard(error: UnreadableForm, around: Surroundings): Promise<Move> {
  const chosen = await pick({
    title: l10n.t('Create Workspace: {0}', nameOf(error.template)),
    placeholder: error.message,
    canGoBack: true,
    rows: [
      { label: l10n.t('Choose another template'), icon: 'arrow-left', value: false },
      { label: l10n.t('Create it in the dashboard'), detail: error.message, icon: 'globe', value: true },
    ],
    signal: around.signal,
  });
  if (chosen === true) await around.openTemplatePage(error.template);
  return { to: 'template', problem: error.message };
}

const isMissing = (auth: ExternalAuth): boolean => !auth.authenticated && !auth.optional;

/** The services that the template needs a sign-in to; a workspace made without fails when it starts (contract 4.3). */
function externalAuthStep(draft: Draft, { client, signal }: Surroundings): Step {
  return {
    id: 'external_auth',
    ask: async (frame) => {
      const { form } = draft;
      if (form === undefined) return undefined;
      const chosen = await pick<ExternalAuth | undefined>({
        ...frame,
        title: l10n.t('Create Workspace: Sign-Ins'),
        placeholder: l10n.t('The template needs you to be signed in to these'),
        rows: [
          ...form.externalAuth.filter(isMissing).map((auth) => ({
            label: l10n.t('Sign in to {0}', auth.display_name === '' ? auth.id : auth.display_name),
            description: l10n.t('in the browser'),
            icon: 'link-external',
            value: auth,
          })),
          { label: l10n.t('I have signed in'), icon: 'check', value: undefined },
        ],
        signal,
      });
      if (chosen === BACK) return BACK;
      if (chosen !== undefined) {
        await openInBrowser(chosen.authenticate_url);
        return { to: 'external_auth' };
      }
      const version = form.template.active_version_id;
      if (version === undefined) return undefined;
      const externalAuth = await patiently(
        l10n.t('Looking at your sign-ins'),
        (stop) => client.templateVersions.externalAuth(version, stop),
        signal,
      );
      draft.form = { ...form, externalAuth };
      return externalAuth.some(isMissing)
        ? { to: 'external_auth', problem: l10n.t('Coder does not know of the sign-in yet.') }
        : { to: form.presets.length > 0 ? 'preset' : 'name' };
    },
  };
}

function presetStep(draft: Draft, around: Surroundings): Step {
  const { signal } = around;
  return {
    id: 'preset',
    ask: async (frame) => {
      const presets = draft.form?.presets ?? [];
      const chosen = await pick({
        ...frame,
        title: l10n.t('Create Workspace: Preset'),
        placeholder: l10n.t('Values that the template has ready'),
        rows: [
          ...presets.map((preset) => ({
            label: preset.name,
            ...(preset.isDefault ? { description: l10n.t('default') } : {}),
            detail:
              firstLine(preset.description) ||
              preset.parameters.map(({ name, value }) => `${name}: ${value}`).join(', '),
            icon: 'checklist',
            value: preset,
          })),
          { label: l10n.t('None of them'), detail: l10n.t('Answer each question'), icon: 'edit', value: null },
        ],
        active: (preset) => (draft.preset === undefined ? preset?.isDefault === true : preset?.id === draft.preset?.id),
        signal,
      });
      if (chosen === BACK) return BACK;
      draft.preset = chosen;
      return reconsider(draft, around);
    },
  };
}

function nameStep(draft: Draft, { taken, signal }: Surroundings): Step {
  return {
    id: 'name',
    ask: async (frame: Frame) => {
      const typed = await enter({
        ...frame,
        title: l10n.t('Create Workspace: Name'),
        placeholder: l10n.t('Name'),
        prompt: l10n.t('Letters, digits and single hyphens, 32 at most'),
        value: draft.name ?? proposeName(draft.form?.template.name ?? '', taken()),
        validate: (text) => nameProblem(text.trim(), taken()),
        signal,
      });
      if (typed === BACK) return BACK;
      draft.name = typed.trim();
      draft.touched = true;
      return undefined;
    },
  };
}

/** Another template asks for other things; the name stays. */
function forgetTemplate(draft: Draft): void {
  delete draft.form;
  delete draft.preset;
  draft.answers.clear();
  draft.asksForAll = false;
}
