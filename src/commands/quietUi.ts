import { Dismissed, type Button } from '../model/prompt.ts';
import type { CommandContext } from './context.ts';
import type { Ui } from './ui.ts';

/** A context without a user, and the messages collected in it. */
export interface Quiet {
  readonly context: CommandContext;
  /** The last message. */
  readonly said: string;
  /** The error that was shown. */
  readonly failure: { readonly message: string; readonly buttons: readonly Button[] | undefined } | undefined;
}

/**
 * Wraps a context so that nothing is shown and each question is dismissed, except for a text input that `confirmed` answers.
 * `onBuilding`: called when the build was accepted and is only followed from then on. `mayEnd`: the user was told that what
 * runs is ended.
 */
export function quietUi(
  context: CommandContext,
  onBuilding: () => void,
  { mayEnd, confirmed }: { readonly mayEnd: boolean; readonly confirmed: string | undefined },
): Quiet {
  let failure: Quiet['failure'];
  let said = '';
  const dismiss = (): Promise<never> => Promise.reject(new Dismissed());
  const nothing = (): void => undefined;
  const record = (message: string): void => {
    said = message;
  };
  const changes: Partial<Ui> = {
    pick: dismiss,
    pickMany: dismiss,
    editText: dismiss,
    confirm: dismiss,
    enter: ({ validate }) =>
      confirmed !== undefined && validate?.(confirmed) === undefined ? Promise.resolve(confirmed) : dismiss(),
    inform: record,
    warn: record,
    showError: (message, buttons) => {
      failure = { message, buttons };
    },
    showBriefly: nothing,
    showWaiting: nothing,
    withDelayedProgress: (_, work, signal) => work(signal),
    showBuildProgress: async (_, ended) => {
      onBuilding();
      await ended;
      return 'ended';
    },
  };
  return {
    context: {
      ...context,
      isUnattended: true,
      ui: Object.assign(Object.create(context.ui) as Ui, changes),
      settings: () => {
        const settings = context.settings();
        return { ...settings, confirmStop: settings.confirmStop && !mayEnd, buildLogOpen: 'never' };
      },
    },
    get said() {
      return said;
    },
    get failure() {
      return failure;
    },
  };
}
