import * as l10n from '@vscode/l10n';
import { givenValue } from '../../model/answers.ts';
import type { FormField } from '../../model/parameters.ts';
import { BACK } from '../../model/prompt.ts';
import type { StepResult, Step } from '../wizard.ts';
import { askForValue } from './askForValue.ts';
import { parameterStepId, type Draft } from './draft.ts';
import type { WizardContext } from './wizardContext.ts';

/** Asks for one parameter in the way its type wants; `reconsider` asks the server what the answer leads to. */
export function parameterStep(
  draft: Draft,
  field: FormField,
  { ui, signal }: Pick<WizardContext, 'ui' | 'signal'>,
  reconsider: () => Promise<StepResult>,
): Step {
  return {
    id: parameterStepId(field.name),
    ask: async (position) => {
      const value = await askForValue(ui, field, givenValue(field, draft.answers.get(field.name)), {
        ...position,
        title: l10n.t('Create Workspace: {0}', field.label),
        signal,
      });
      if (value === BACK) return BACK;
      draft.answers.set(field.name, value);
      draft.touched = true;
      const result = await reconsider();
      if (result !== undefined) return result;
      const problem = draft.form?.problems.get(field.name);
      return problem === undefined ? undefined : { to: parameterStepId(field.name), problem };
    },
  };
}
