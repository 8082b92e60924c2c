import * as l10n from '@vscode/l10n';
import { BACK, Dismissed, type Back } from '../model/prompt.ts';
import type { Ui } from './ui.ts';

/** Position of a step, for the title of its prompt. */
export interface StepPosition {
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
  /** Why this step is asked again. */
  readonly problem?: string | undefined;
  /** What was entered here before it was closed, or left by *Back*. */
  readonly typed?: string | undefined;
  /** Keeps what was entered here for the next time it is asked. */
  readonly onBack?: (typed: string) => void;
}

/** Asks one thing and keeps the answer where the chain can find it. */
export interface Step {
  readonly id: string;
  /** Asks nothing, but carries out what the other steps asked for. */
  readonly isSilent?: true;
  /** Already answered, for example by a duplicate: asked only if the user goes to it. */
  readonly isSettled?: boolean;
  ask(position: StepPosition): Promise<StepResult>;
}

/**
 * The next step: the following one, the previous one, or the step with the id `to`. With `then`, that step is asked alone:
 * both forward and Back lead from it to the step `then`, even if it is asked several times.
 */
export type StepResult = undefined | Back | Move;

export interface Move {
  readonly to: string;
  readonly then?: string;
  readonly problem?: string | undefined;
}

/**
 * Walks through `steps`, which are looked at anew after each answer because one answer decides what else is asked. Ends
 * behind the last step. Throws what a step throws, unless `mayLeave` says no: then the step is asked again. What was
 * entered at a step that was left by *Back* would be lost, too, so `mayLeave` sees it as typed. Settled steps are walked
 * past in both directions. `start`: where to begin, the first step that is not settled when left out.
 */
export async function runWizard(
  steps: () => readonly Step[],
  mayLeave: (error: unknown) => Promise<boolean>,
  start?: Move,
): Promise<void> {
  let index = walkPast(steps(), 0, 1);
  let problem: string | undefined;
  let typed: string | undefined;
  let then: string | undefined;
  /** By step: what was entered there when somebody went back. */
  const left = new Map<string, string>();
  const go = (id: string) => {
    const chain = steps();
    const found = chain.findIndex((each) => each.id === id);
    index = found === -1 ? index : found;
  };
  /** Finds a step again after an answer, which may have added or removed steps. */
  const after = ({ id }: Step): number => {
    const found = steps().findIndex((each) => each.id === id);
    return found === -1 ? index : found + 1;
  };
  const move = (to: Move) => {
    go(to.to);
    ({ problem } = to);
  };
  if (start !== undefined) {
    ({ then } = start);
    move(start);
  }
  for (;;) {
    const chain = steps();
    const step = chain[index];
    if (step === undefined) return;
    let result: StepResult;
    try {
      const onBack = (entered: string) => left.set(step.id, entered);
      result = await step.ask({
        ...positionOf(index, chain),
        problem,
        typed: typed ?? left.get(step.id),
        // What is changed from elsewhere stays as it was.
        ...(then === undefined ? { onBack } : {}),
      });
    } catch (error) {
      const wasLeft = error instanceof Dismissed && error.typed === undefined ? [...left.values()].at(-1) : undefined;
      if (await mayLeave(wasLeft === undefined ? error : new Dismissed(wasLeft))) throw error;
      typed = error instanceof Dismissed ? error.typed : undefined;
      continue;
    }
    problem = typed = undefined;
    if (result !== BACK) left.delete(step.id);
    if (result !== undefined && result !== BACK) {
      then = result.then ?? (result.to === step.id ? then : undefined);
      move(result);
      continue;
    }
    if (then !== undefined) go(then);
    else if (result === BACK) index = walkPast(chain, index - 1, -1);
    else index = walkPast(steps(), after(step), 1);
    then = undefined;
  }
}

/** Confirms before entries are discarded, those in the current prompt and earlier ones (`touched`). */
export async function mayLeave(
  error: unknown,
  touched: boolean,
  ui: Ui,
  signal: AbortSignal,
  question: string,
  detail = '',
): Promise<boolean> {
  if (!(error instanceof Dismissed) || signal.aborted || !(touched || error.typed !== undefined)) return true;
  const discard = l10n.t('Discard');
  return (await ui.confirm(question, detail, [discard], l10n.t('Keep Editing'))) === discard;
}

const walkPast = (chain: readonly Step[], from: number, by: 1 | -1): number => {
  let index = from;
  while (chain[index]?.isSettled === true) index += by;
  return index;
};

const positionOf = (index: number, chain: readonly Step[]): StepPosition => {
  const isAsked = ({ isSilent, isSettled }: Step): boolean => isSilent !== true && isSettled !== true;
  const before = chain.slice(0, index).filter(isAsked).length;
  return {
    step: before + 1,
    totalSteps: chain.filter((step, at) => (at === index ? step.isSilent !== true : isAsked(step))).length,
    canGoBack: before > 0,
  };
};
