import * as l10n from '@vscode/l10n';
import type { Workspace } from '../api/schemas/workspaces.ts';

/** What was asked for cannot be done, and the message says why. Expected, so nothing is written to the log. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** What a person may not do with somebody else's workspace. */
export const notPermitted = ({ owner_name: owner, name }: Workspace): Refusal =>
  new Refusal(l10n.t("You don't have permission to do this with {0}.", `${owner}/${name}`));

/** Nobody is signed in, and the command needs it. */
export class NotSignedIn extends Refusal {}
