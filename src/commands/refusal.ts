import * as l10n from '@vscode/l10n';
import { ApiError, isOfKind } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { Button } from '../model/prompt.ts';

/** A command can't be carried out, and the message says why. Expected, so it isn't logged. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** What helps. */
  readonly buttons: readonly Button[];

  constructor(message: string, buttons: readonly Button[] = []) {
    super(message);
    this.buttons = buttons;
  }
}

/** Whether the message of `error` says why something wasn't done. Whoever is signed out hears of that from the session. */
export const isReason = (error: unknown): error is Refusal | ApiError =>
  error instanceof Refusal || (error instanceof ApiError && error.kind !== 'unauthorized');

/** Whether the same request may succeed later. */
export const isPassing = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  !isOfKind(error, 'unauthorized', 'forbidden', 'notFound', 'routeNotFound', 'gone', 'conflict', 'notNow', 'invalid');

/** The user lacks the permission for another user's workspace. */
export const notPermitted = ({ owner_name: owner, name }: Workspace): Refusal =>
  new Refusal(l10n.t("You don't have permission to do this with {0}.", `${owner}/${name}`));

/** The workspace is deleted, or not visible any more: the server doesn't say which (contract 0.6). */
export const noLongerExists = ({ name }: Workspace): Refusal =>
  new Refusal(l10n.t("{0} no longer exists, or you don't have permission to see it anymore.", name));

/** Nobody is signed in, and the command needs it. */
export class NotSignedIn extends Refusal {}
