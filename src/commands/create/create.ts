import * as l10n from '@vscode/l10n';
import { templatePage } from '../../api/address.ts';
import { inBackground } from '../../api/errors.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import type { User } from '../../api/schemas/users.ts';
import * as users from '../../api/users.ts';
import type { Session } from '../../model/session.ts';
import { currentDeployment, type CommandContext } from '../context.ts';
import { errorBoundary } from '../errorBoundary.ts';
import { followBuild } from '../followBuild.ts';
import { Refusal } from '../refusal.ts';
import { readyState, sessionOf } from '../target.ts';
import { mayLeave, runWizard, type Move } from '../wizard.ts';
import { creationStep } from './creationStep.ts';
import type { Draft } from './draft.ts';
import { createSteps } from './steps.ts';
import type { WizardContext } from './wizardContext.ts';

/** Asks for what is missing, makes one call, and follows the first build. */
export async function create(context: CommandContext): Promise<void> {
  const session = sessionOf(context);
  const { signal } = session;
  const { user } = await readyState(session);
  const draft = await context.ui.withDelayedProgress(
    l10n.t('Loading your organizations'),
    (stop) => newDraft(session, user, stop),
    signal,
  );
  const title = (step: string): string => l10n.t('Create Workspace: {0}', step);
  await carryOut(context, draft, wizardFor(context, draft, { user, title }));
}

/** Nothing is answered yet. @throws Refusal where there is nothing to create a workspace in */
export async function newDraft(session: Session, user: User, signal: AbortSignal): Promise<Draft> {
  const organizations = await users.organizations(session.calls, 'me', signal);
  if (organizations.length === 0)
    throw new Refusal(l10n.t("You aren't a member of any organization on this deployment."));
  return {
    organizations,
    owner: user,
    answers: new Map(),
    settled: new Set(),
    revisited: new Set(),
    asksForAll: false,
    touched: false,
  };
}

export function wizardFor(
  context: CommandContext,
  draft: Draft,
  { user, title }: Pick<WizardContext, 'user' | 'title'>,
): WizardContext {
  const { ui } = context;
  const { deployment, session } = currentDeployment(context);
  const wizard: WizardContext = {
    ui,
    session,
    user,
    title,
    taken: (owner) => (owner.id === user.id ? namesOf(session, owner) : []),
    recentTemplates: context.remembered.recentTemplates(deployment.url.key),
    openTemplatePage: (template) =>
      ui.openInBrowser(`${templatePage(session.url, template.organization_name, template.name)}/workspace`),
    refusedLater: (move) => {
      const carryOn = async (): Promise<void> => {
        draft.touched = true;
        await carryOut(context, draft, wizard, move);
      };
      const run = () => errorBoundary('create', carryOn, context);
      const label = l10n.t('Edit and Try Again');
      ui.showError(l10n.t("{0} wasn't created. {1}", draft.name ?? '', move.problem ?? ''), [{ label, run }]);
    },
    signal: session.signal,
  };
  return wizard;
}

/** Runs the wizard from the step `start`, and follows the resulting build. */
export async function carryOut(
  context: CommandContext,
  draft: Draft,
  wizard: WizardContext,
  start?: Move,
): Promise<void> {
  const { ui, session, signal } = wizard;
  const { deployment } = currentDeployment(context);
  let workspace: Workspace | undefined;
  const creation = creationStep(draft, wizard, (made) => (workspace = made));
  const leave = (error: unknown): Promise<boolean> =>
    mayLeave(
      error,
      draft.touched,
      ui,
      signal,
      l10n.t('Discard the new workspace?'),
      l10n.t('Your entries will be lost.'),
    );
  try {
    await runWizard(() => [...createSteps(draft, wizard), creation], leave, start);
  } finally {
    draft.form?.source.close();
  }
  if (workspace === undefined || draft.form === undefined) return;
  session.adopt(workspace);
  // A failure to write this doesn't prevent following the build.
  inBackground(context.remembered.rememberTemplate(deployment.url.key, draft.form.template.id), (error) =>
    context.log.error('recent templates', error),
  );
  await followBuild(context, { session, workspace, signal }, workspace.latest_build);
}

const namesOf = ({ state: { value: state } }: Session, { id }: User): string[] =>
  state.kind === 'ready'
    ? [...state.workspaces.values()].filter(({ owner_id: owner }) => owner === id).map(({ name }) => name)
    : [];
