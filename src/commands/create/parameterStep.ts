import { givenValue } from '../../model/answers.ts';
import type { FormField } from '../../model/parameters.ts';
import { BACK } from '../../model/prompt.ts';
import type { Ui } from '../ui.ts';
import type { StepResult, Step } from '../wizard.ts';
import { askForValue } from './askForValue.ts';

export const parameterStepId = (name: string): string => `parameter:${name}`;

/** One parameter that is asked for. */
export interface AskedParameter {
  readonly field: FormField;
  readonly title: string;
  /** Absent: the default. */
  readonly answer: string | undefined;
  /** What the server says about that answer. */
  readonly problem?: string | undefined;
  /** Keeps the answer and says where it leads. */
  readonly keep: (value: string) => Promise<StepResult>;
}

/** Asks for one parameter in the way its type wants. */
export function parameterStep(asked: AskedParameter, ui: Ui, signal: AbortSignal): Step {
  const { field, title, answer, problem, keep } = asked;
  return {
    id: parameterStepId(field.name),
    ask: async (position) => {
      const prompt = { ...position, problem: position.problem ?? problem, title, signal };
      const value = await askForValue(ui, field, givenValue(field, answer), prompt);
      return value === BACK ? BACK : keep(value);
    },
  };
}
