import * as l10n from '@vscode/l10n';
import * as builds from '../api/builds.ts';
import { messageOf } from '../api/errors.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import { withFullStop } from '../api/sentences.ts';
import { Dismissed } from '../model/prompt.ts';
import { documentOf } from './buildDocument.ts';
import type { CommandContext } from './context.ts';
import { ofBuild } from './findBuild.ts';
import { Refusal } from './refusal.ts';
import type { Target } from './target.ts';

/** VS Code opens no longer text for an extension. */
const LONGEST_SHOWN_BYTES = 40_000_000;

/** Saves or opens the provisioner state of a build. It contains secrets: it is read only after a confirmation, and never stored. */
export const showState = ofBuild('showState', showStateOf);

export async function showStateOf({ ui }: CommandContext, target: Target, build: Build): Promise<void> {
  const { workspace, session, signal } = target;
  const number = build.build_number;
  const save = l10n.t('Save As…');
  const open = l10n.t('Open Read-Only');
  const answer = await ui.confirm(
    l10n.t(
      'The provisioner state of build #{0} of {1} can contain passwords and keys in plain text.',
      number,
      workspace.name,
    ),
    l10n.t('Save it only where nobody else can read it, and close it when you no longer need it.'),
    [save, open],
  );
  if (answer === undefined) throw new Dismissed();
  // Ask for the destination first, so that nothing is read in vain.
  const place = answer === save ? await ui.askWhereToSave(`${workspace.name}-${number}.tfstate`) : undefined;
  if (answer === save && place === undefined) throw new Dismissed();
  const bytes = await ui.withDelayedProgress(
    l10n.t('Loading the provisioner state of build #{0}', number),
    (stop) => builds.state(session.calls, build.id, stop),
    signal,
  );
  if (bytes.length === 0) throw new Refusal(l10n.t('Build #{0} has no provisioner state.', number));
  if (place !== undefined) {
    await place.save(bytes).catch((error: unknown) => {
      throw new Refusal(l10n.t("Couldn't save the provisioner state. {0}", withFullStop(messageOf(error))));
    });
    ui.showBriefly(l10n.t('Saved the provisioner state of build #{0}.', number));
    return;
  }
  if (bytes.length > LONGEST_SHOWN_BYTES)
    throw new Refusal(l10n.t('The provisioner state of build #{0} is too large to open. Save it instead.', number));
  await ui.showText(documentOf(target, build, ' state.json', new TextDecoder().decode(bytes)));
}
