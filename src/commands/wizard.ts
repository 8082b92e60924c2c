import { BACK, type Back } from '../model/prompt.ts';

/** Where a step stands in its chain, for the title bar of its prompt. */
export interface StepPosition {
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
  /** Why this step is asked again. */
  readonly problem?: string;
}

/** Asks one thing and keeps the answer where the chain can find it. */
export interface Step {
  readonly id: string;
  /** It asks nothing: it does what the others asked for. */
  readonly isSilent?: true;
  ask(position: StepPosition): Promise<StepResult>;
}

/**
 * Where to go from a step: on, back, or to the step with the id `to`. `then`: that one is asked alone, and on and back
 * lead from it to the step `then`, also when it has to be asked several times.
 */
export type StepResult = undefined | Back | { readonly to: string; readonly then?: string; readonly problem?: string };

/**
 * Walks through `steps`, which are looked at anew after each answer because one answer decides what else is asked. Ends
 * behind the last step. Throws what a step throws, unless `mayLeave` says no: then the step is asked again.
 */
export async function runWizard(
  steps: () => readonly Step[],
  mayLeave: (error: unknown) => Promise<boolean>,
): Promise<void> {
  let index = 0;
  let problem: string | undefined;
  let then: string | undefined;
  const go = (id: string) => {
    const chain = steps();
    const found = chain.findIndex((each) => each.id === id);
    index = found === -1 ? index : found;
  };
  /** The answer may have changed what stands before the step, or taken the step itself away. */
  const after = ({ id }: Step): number => {
    const found = steps().findIndex((each) => each.id === id);
    return found === -1 ? index : found + 1;
  };
  for (;;) {
    const chain = steps();
    const step = chain[index];
    if (step === undefined) return;
    let result: StepResult;
    try {
      result = await step.ask(positionOf(index, chain, problem));
    } catch (error) {
      if (await mayLeave(error)) throw error;
      continue;
    }
    problem = undefined;
    if (result !== undefined && result !== BACK) {
      go(result.to);
      ({ problem } = result);
      then = result.then ?? (result.to === step.id ? then : undefined);
      continue;
    }
    if (then !== undefined) go(then);
    else if (result === BACK) index -= 1;
    else index = after(step);
    then = undefined;
  }
}

const positionOf = (index: number, chain: readonly Step[], problem: string | undefined): StepPosition => ({
  step: index + 1,
  totalSteps: chain.filter(({ isSilent }) => isSilent !== true).length,
  canGoBack: index > 0,
  ...(problem === undefined ? {} : { problem }),
});
