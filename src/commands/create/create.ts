import * as l10n from '@vscode/l10n';
import { templatePage } from '../../api/address.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import * as users from '../../api/users.ts';
import { currentDeployment, type CommandContext } from '../context.ts';
import { followBuild } from '../followBuild.ts';
import { Refusal } from '../refusal.ts';
import { runWizard } from '../wizard.ts';
import { readyState, sessionOf } from '../target.ts';
import { creationStep } from './creationStep.ts';
import type { Draft } from './draft.ts';
import { mayLeave } from './mayLeave.ts';
import { createSteps } from './steps.ts';
import type { WizardContext } from './wizardContext.ts';

/** Asks for what is missing, makes one call, and follows the first build. */
export async function create(context: CommandContext): Promise<void> {
  const { ui } = context;
  const { session, signal } = sessionOf(context);
  const { deployment } = currentDeployment(context);
  const { user } = await readyState(session);
  const organizations = await ui.withDelayedProgress(
    l10n.t('Loading your organizations'),
    (stop) => users.organizations(session.client.calls, 'me', stop),
    signal,
  );
  if (organizations.length === 0)
    throw new Refusal(l10n.t("You aren't a member of any organization on this deployment."));
  const draft: Draft = { organizations, answers: new Map(), asksForAll: false, touched: false };
  const wizard: WizardContext = {
    ui,
    session,
    client: session.client,
    user,
    owner: user,
    taken: () => namesOf(session.state.value),
    recentTemplates: context.remembered.recentTemplates(deployment.key),
    openTemplatePage: (template) =>
      ui.openInBrowser(`${templatePage(session.client.url, template.organization_name, template.name)}/workspace`),
    signal,
  };
  let workspace: Workspace | undefined;
  const creation = creationStep(draft, wizard, (made) => (workspace = made));
  const discard = l10n.t('Discard the new workspace?');
  try {
    await runWizard(
      () => [...createSteps(draft, wizard), creation],
      (error) =>
        mayLeave(
          error,
          draft.touched,
          ui,
          signal,
          discard,
          l10n.t('Your entries for {0} will be lost.', draft.name ?? ''),
        ),
    );
  } finally {
    draft.form?.source.close();
  }
  if (workspace === undefined || draft.form === undefined) return;
  session.adopt(workspace);
  // A convenience: what keeps it from being written does not keep the build from being followed.
  context.remembered
    .rememberTemplate(deployment.key, draft.form.template.id)
    .catch((error: unknown) => context.log.error('recent templates', error));
  await followBuild(context, { session, workspace, signal }, workspace.latest_build);
}

const namesOf = (state: ReturnType<typeof currentDeployment>['session']['state']['value']): string[] =>
  state.kind === 'ready' ? [...state.workspaces.values()].map((workspace) => workspace.name) : [];
