import * as l10n from '@vscode/l10n';
import { templatePage } from '../../api/address.ts';
import { ApiError } from '../../api/errors.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import { confirm } from '../../host/messages.ts';
import { openInBrowser } from '../../host/openExternal.ts';
import { patiently } from '../../host/progress.ts';
import { Dismissed } from '../../host/wayOut.ts';
import { legacyValues, richValues } from '../../model/parameters.ts';
import { currentDeployment, type CommandContext } from '../context.ts';
import { followBuild } from '../followBuild.ts';
import { Refusal } from '../refusal.ts';
import { walk, type Step } from '../steps.ts';
import { readyState, sessionOf } from '../target.ts';
import { valuesToSend, type Draft } from './draft.ts';
import { createSteps } from './steps.ts';
import type { Surroundings } from './surroundings.ts';
import { refusedStep } from './refusedStep.ts';

/** Asks for what is missing, makes one call, and follows the first build. */
export async function create(context: CommandContext): Promise<void> {
  const { session, signal } = sessionOf(context);
  const { deployment } = currentDeployment(context);
  const { user } = await readyState(session);
  const organizations = await patiently(
    l10n.t('Reading your organizations'),
    (stop) => session.client.users.organizations('me', stop),
    signal,
  );
  if (organizations.length === 0) throw new Refusal(l10n.t('You belong to no organization of this deployment.'));
  const draft: Draft = { organizations, answers: new Map(), asksForAll: false, touched: false };
  const around: Surroundings = {
    client: session.client,
    owner: user,
    taken: () => namesOf(session.state.value),
    recentTemplates: context.remembered.recentTemplates(deployment.key),
    openTemplatePage: (template) =>
      openInBrowser(`${templatePage(session.client.url, template.organization_name, template.name)}/workspace`),
    signal,
  };
  let workspace: Workspace | undefined;
  const creation: Step = {
    id: 'creation',
    ask: async () => {
      try {
        workspace = await patiently(
          l10n.t('Creating {0}', draft.name ?? ''),
          (stop) => send(draft, around, stop),
          signal,
        );
        return undefined;
      } catch (error) {
        // Called off: whoever did so goes on from the summary, or leaves there.
        if (error instanceof Dismissed) return { to: 'summary' };
        const move = error instanceof ApiError ? refusedStep(error, draft) : undefined;
        if (move === undefined) throw error;
        return move;
      }
    },
  };
  await walk(
    () => [...createSteps(draft, around), creation],
    (error) => mayLeave(error, draft, signal),
  );
  if (workspace === undefined || draft.form === undefined) return;
  session.adopt(workspace);
  await context.remembered.rememberTemplate(deployment.key, draft.form.template.id);
  await followBuild(context, { session, workspace, signal }, workspace.latest_build);
}

function send(draft: Draft, { client }: Surroundings, signal: AbortSignal): Promise<Workspace> {
  const { form, name, preset } = draft;
  const organization = draft.organization ?? draft.organizations[0];
  if (form === undefined || name === undefined || organization === undefined) throw new Dismissed();
  const values = valuesToSend(draft);
  return client.workspaces.create(
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
async function mayLeave(error: unknown, draft: Draft, signal: AbortSignal): Promise<boolean> {
  if (!(error instanceof Dismissed) || !draft.touched || signal.aborted) return true;
  const discard = l10n.t('Discard');
  const answer = await confirm(
    l10n.t('Discard the new workspace?'),
    l10n.t('What you have entered for {0} is lost.', draft.name ?? ''),
    [discard],
    l10n.t('Go On'),
  );
  return answer === discard;
}

const namesOf = (state: ReturnType<typeof currentDeployment>['session']['state']['value']): string[] =>
  state.kind === 'ready' ? [...state.workspaces.values()].map((workspace) => workspace.name) : [];
