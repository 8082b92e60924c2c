import * as l10n from '@vscode/l10n';
import { unlessAborted } from '../../api/abort.ts';
import { ApiError, isOfKind } from '../../api/errors.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import * as templates from '../../api/templates.ts';
import * as workspaces from '../../api/workspaces.ts';
import { legacyValues, richValues } from '../../model/parameters.ts';
import { Dismissed } from '../../model/prompt.ts';
import { isUnconfirmed, readOnceBack, unlessUnread } from '../afterWrite.ts';
import { Refusal } from '../refusal.ts';
import type { Move, Step } from '../wizard.ts';
import { valuesToSend, type Draft } from './draft.ts';
import { nameOf, reload } from './form.ts';
import { refusedStep } from './refusedStep.ts';
import { maySetStart, maySetStop } from './scheduleQuestions.ts';
import type { WizardContext } from './wizardContext.ts';

/**
 * The last step: requests the workspace, once, and passes it to `use`. A rejection leads to the step that it concerns. The
 * request isn't aborted: *Cancel* only closes the progress, and says so.
 */
export function creationStep(draft: Draft, wizard: WizardContext, use: (workspace: Workspace) => void): Step {
  return {
    id: 'creation',
    isSilent: true,
    ask: async () => {
      let isClosed = false;
      try {
        const newer = await newerForm(draft, wizard);
        if (newer !== undefined) return newer;
        const asked = createOnce(draft, wizard);
        isClosed = await isProgressClosed(draft.name ?? '', asked, wizard);
        use(await asked);
        return undefined;
      } catch (error) {
        // A 401 may not be about the session.
        if (!(error instanceof ApiError) || (await wizard.session.noticed(error))) throw error;
        const result = refusedStep(error, draft);
        if (!isClosed) return result;
        // The user closed the progress and may be doing something else.
        wizard.refusedLater(result);
        draft.touched = false;
        throw new Dismissed();
      }
    },
  };
}

/** A template that got another active version meanwhile is asked anew, before anything is built of it. @throws ApiError */
async function newerForm(draft: Draft, wizard: WizardContext): Promise<Move | undefined> {
  const { form } = draft;
  if (form === undefined || form.version !== undefined) return undefined;
  const name = nameOf(form.template);
  const template = await wizard.ui.withDelayedProgress(
    l10n.t('Loading the parameters of {0}', name),
    (stop) => templates.get(wizard.session.calls, form.template.id, stop),
    wizard.signal,
  );
  if (template.active_version_id === form.versionId) return undefined;
  const move = await reload(draft, { template }, wizard);
  return { problem: l10n.t('{0} has a new active version. Check your answers.', name), ...(move ?? { to: 'summary' }) };
}

/** Waits until `asked` settles or its progress is closed; then a message says that the creation continues. */
async function isProgressClosed(
  name: string,
  asked: Promise<unknown>,
  { ui, signal }: WizardContext,
): Promise<boolean> {
  try {
    await ui.withDelayedProgress(l10n.t('Creating {0}', name), (stop) => unlessAborted(asked, stop), signal);
  } catch (error) {
    if (!(error instanceof Dismissed)) return false;
    ui.inform(l10n.t('Coder is already creating {0}. This continues in the background.', name));
    return true;
  }
  return false;
}

/** The new workspace; if the response was lost, as listed once the deployment is available again. @throws ApiError */
async function createOnce(draft: Draft, wizard: WizardContext): Promise<Workspace> {
  const { ui, session, signal } = wizard;
  const name = draft.name ?? '';
  const isNamed = (workspace: Workspace) =>
    workspace.name.toLowerCase() === name.toLowerCase() && workspace.owner_id === draft.owner.id;
  try {
    return await send(draft, wizard);
  } catch (error) {
    if (!isUnconfirmed(error)) throw error;
    const unconfirmed = l10n.t("Coder was asked to create {0} but hasn't confirmed it yet.", name);
    ui.inform(unconfirmed);
    const ready = await session.readAgain(signal);
    // The name was free when it was entered, so this must be the new workspace.
    const made =
      [...ready.workspaces.values()].find(isNamed) ??
      (await readOf(draft, wizard).catch(async (failed: unknown) => {
        await unlessUnread(failed, session);
        throw new Refusal(unconfirmed);
      }));
    if (made === undefined) throw error.with({ maybeDone: false });
    return made;
  }
}

/** Reads a workspace created for another user, which the list doesn't contain. @throws ApiError */
async function readOf({ owner, name = '' }: Draft, wizard: WizardContext): Promise<Workspace | undefined> {
  if (owner.id === wizard.user.id) return undefined;
  const { calls } = wizard.session;
  try {
    return await readOnceBack(wizard, (stop) => workspaces.getByOwnerAndName(calls, owner.id, name, {}, stop));
  } catch (error) {
    if (isOfKind(error, 'notFound')) return undefined;
    throw error;
  }
}

function send(draft: Draft, { session, user, signal }: WizardContext): Promise<Workspace> {
  const { form, name, preset, owner } = draft;
  const organization = draft.organization ?? draft.organizations[0];
  if (form === undefined || name === undefined || organization === undefined) throw new Dismissed();
  const values = valuesToSend(draft);
  return workspaces.create(
    session.calls,
    {
      organizationId: form.template.organization_id ?? organization.id,
      templateId: form.template.id,
      templateVersionId: form.version?.id,
      owner: owner.id === user.id ? undefined : owner.id,
      name,
      parameters:
        form.age === 'legacy'
          ? { kind: 'legacy', values: legacyValues(form.fields, values) }
          : { kind: 'rich', values: richValues(form.fields, values) },
      presetId: preset?.id,
      ttlMs: maySetStop(form.template) ? draft.ttlMs : undefined,
      autostartSchedule: maySetStart(form.template) ? draft.autostart : undefined,
      automaticUpdates: draft.automaticUpdates,
    },
    signal,
  );
}
