import * as l10n from '@vscode/l10n';
import { templatePage } from '../../api/address.ts';
import { ApiError } from '../../api/errors.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import * as users from '../../api/users.ts';
import * as workspaces from '../../api/workspaces.ts';
import { legacyValues, richValues } from '../../model/parameters.ts';
import { Dismissed } from '../../model/prompt.ts';
import { currentDeployment, type CommandContext } from '../context.ts';
import { followBuild } from '../followBuild.ts';
import { Refusal } from '../refusal.ts';
import { readyState, sessionOf } from '../target.ts';
import { runWizard, type Step } from '../wizard.ts';
import { valuesToSend, type Draft } from './draft.ts';
import { refusedStep } from './refusedStep.ts';
import { createSteps } from './steps.ts';
import type { WizardContext } from './wizardContext.ts';

/** Asks for what is missing, makes one call, and follows the first build. */
export async function create(context: CommandContext): Promise<void> {
  const { ui } = context;
  const { session, signal } = sessionOf(context);
  const { deployment } = currentDeployment(context);
  const { user } = await readyState(session);
  const organizations = await ui.withDelayedProgress(
    l10n.t('Reading your organizations'),
    (stop) => users.organizations(session.client.calls, 'me', stop),
    signal,
  );
  if (organizations.length === 0) throw new Refusal(l10n.t('You belong to no organization of this deployment.'));
  const draft: Draft = { organizations, answers: new Map(), asksForAll: false, touched: false };
  const wizard: WizardContext = {
    ui,
    client: session.client,
    owner: user,
    taken: () => namesOf(session.state.value),
    recentTemplates: context.remembered.recentTemplates(deployment.key),
    openTemplatePage: (template) =>
      ui.openInBrowser(`${templatePage(session.client.url, template.organization_name, template.name)}/workspace`),
    signal,
  };
  let workspace: Workspace | undefined;
  const creation: Step = {
    id: 'creation',
    ask: async () => {
      try {
        workspace = await ui.withDelayedProgress(
          l10n.t('Creating {0}', draft.name ?? ''),
          (stop) => send(draft, wizard, stop),
          signal,
        );
        return undefined;
      } catch (error) {
        // Called off: whoever did so goes on from the summary, or leaves there.
        if (error instanceof Dismissed) return { to: 'summary' };
        const result = error instanceof ApiError ? refusedStep(error, draft) : undefined;
        if (result === undefined) throw error;
        return result;
      }
    },
  };
  await runWizard(
    () => [...createSteps(draft, wizard), creation],
    (error) => mayLeave(error, draft, wizard),
  );
  if (workspace === undefined || draft.form === undefined) return;
  session.adopt(workspace);
  await context.remembered.rememberTemplate(deployment.key, draft.form.template.id);
  await followBuild(context, { session, workspace, signal }, workspace.latest_build);
}

function send(draft: Draft, { client }: WizardContext, signal: AbortSignal): Promise<Workspace> {
  const { form, name, preset } = draft;
  const organization = draft.organization ?? draft.organizations[0];
  if (form === undefined || name === undefined || organization === undefined) throw new Dismissed();
  const values = valuesToSend(draft);
  return workspaces.create(
    client.calls,
    {
      organizationId: form.template.organization_id ?? organization.id,
      templateId: form.template.id,
      name,
      parameters:
        form.age === 'legacy'
          ? { kind: 'legacy', values: legacyValues(form.fields, values) }
          : { kind: 'rich', values: richValues(form.fields, values) },
      ...(preset == null ? {} : { presetId: preset.id }),
      ...(draft.ttlMs === undefined ? {} : { ttlMs: draft.ttlMs }),
    },
    signal,
  );
}

/** Esc loses nothing that was typed without asking. */
async function mayLeave(error: unknown, draft: Draft, { ui, signal }: WizardContext): Promise<boolean> {
  if (!(error instanceof Dismissed) || !draft.touched || signal.aborted) return true;
  const discard = l10n.t('Discard');
  const answer = await ui.confirm(
    l10n.t('Discard the new workspace?'),
    l10n.t('What you have entered for {0} is lost.', draft.name ?? ''),
    [discard],
    l10n.t('Go On'),
  );
  return answer === discard;
}

const namesOf = (state: ReturnType<typeof currentDeployment>['session']['state']['value']): string[] =>
  state.kind === 'ready' ? [...state.workspaces.values()].map((workspace) => workspace.name) : [];
