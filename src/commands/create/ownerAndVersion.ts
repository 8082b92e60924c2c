import * as l10n from '@vscode/l10n';
import { ApiError } from '../../api/errors.ts';
import type { User } from '../../api/schemas/users.ts';
import * as users from '../../api/users.ts';
import { BACK, type Back } from '../../model/prompt.ts';
import { versionRows } from '../versionRows.ts';
import type { Move } from '../wizard.ts';
import type { Draft } from './draft.ts';
import { reload } from './form.ts';
import type { WizardContext } from './wizardContext.ts';

// What the form of a template is read for: whose workspace it will be, and which version it builds.

/** Maximum number of users to list; beyond that, a name is typed. */
const MOST = 100;
const OTHER = Symbol('other');

/** Asks for the owner; data that depends on the owner is read again. */
export async function askForOwner(draft: Draft, wizard: WizardContext): Promise<Move | undefined> {
  const { ui, session, signal, user } = wizard;
  const { form } = draft;
  const organizationId = form?.template.organization_id ?? draft.organization?.id;
  if (form === undefined || organizationId === undefined) return undefined;
  const title = wizard.title(l10n.t('Owner'));
  const found = await ui.withDelayedProgress(
    l10n.t('Loading users'),
    (stop) => users.availableOwners(session.calls, organizationId, { limit: MOST }, stop),
    signal,
  );
  const others = found.filter(({ id }) => id !== user.id);
  let typed: string | undefined;
  const chosen = await ui.pick<User | typeof OTHER>({
    title,
    placeholder: l10n.t('Select the owner of the workspace'),
    canGoBack: true,
    rows: [
      { label: user.username, description: l10n.t('you'), icon: 'account', value: user },
      ...others.map((each) => ({ label: each.username, description: each.name, icon: 'account', value: each })),
      found.length === MOST && {
        label: l10n.t('Another user…'),
        icon: 'search',
        take: (text) => (typed = text),
        value: OTHER,
      },
    ],
    active: (each) => each !== OTHER && each.id === draft.owner.id,
    signal,
  });
  const owner = chosen === OTHER ? await enterOwner(wizard, title, typed) : chosen;
  if (owner === BACK || owner.id === draft.owner.id) return undefined;
  const before = draft.owner;
  draft.owner = owner;
  try {
    return await reload(draft, form, wizard);
  } finally {
    // The form couldn't be read, so the one at hand is still that of the owner before.
    if (draft.form === form) draft.owner = before;
  }
}

async function enterOwner({ ui, session, signal }: WizardContext, title: string, typed = ''): Promise<User | Back> {
  let problem: string | undefined;
  for (;;) {
    const name = await ui.enter({
      title,
      placeholder: l10n.t('Username'),
      value: typed,
      canGoBack: true,
      validate: (text) => (text.trim() === '' ? l10n.t('Enter a username.') : undefined),
      problem,
      signal,
    });
    if (name === BACK) return BACK;
    typed = name;
    try {
      return await users.get(session.calls, name.trim(), signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind === 'unauthorized') throw error;
      problem = error.message;
    }
  }
}

/** Another version than the active one (V2); the answers so far stay. */
export async function askForVersion(draft: Draft, wizard: WizardContext): Promise<Move | undefined> {
  const { ui, session, signal } = wizard;
  const { form } = draft;
  if (form === undefined) return undefined;
  const { template } = form;
  const active = template.active_version_id;
  const rows = await ui.withDelayedProgress(
    l10n.t('Loading versions'),
    (stop) => versionRows(ui, session, template.id, active, stop),
    signal,
  );
  const chosen = await ui.pick({
    title: wizard.title(l10n.t('Template Version')),
    placeholder: l10n.t('Select a version'),
    canGoBack: true,
    rows,
    active: ({ id }) => id === form.versionId,
    signal,
  });
  if (chosen === BACK || chosen.id === form.versionId) return undefined;
  return reload(draft, { template, version: chosen.id === active ? undefined : chosen }, wizard);
}
