import * as l10n from '@vscode/l10n';
import type { DynamicForm, DynamicParameter, RichParameter } from '../../api/schemas/templateVersions.ts';
import { joined, plainLine } from '../../api/plainText.ts';
import { shownAnswer } from '../../model/answers.ts';
import { fieldsFromRich, type FormField, type ImageOf } from '../../model/parameters.ts';

/** The questions of a form that depends on its answers, and what the server says about those given so far. */
export interface DynamicFields {
  readonly fields: readonly FormField[];
  readonly fixed: readonly FixedParameter[];
  /** By parameter name. */
  readonly problems: ReadonlyMap<string, string>;
  /** What is wrong with the form as a whole: then nothing can be asked. */
  readonly failure?: string | undefined;
}

/** A parameter that is shown and nobody may set: it is disabled, or the template made nothing of it that can be asked. */
export interface FixedParameter extends Pick<FormField, 'name' | 'label' | 'image'> {
  /** At a glance. */
  readonly shown: string;
}

export function readDynamic(form: DynamicForm, imageOf?: ImageOf): DynamicFields {
  const failure = problemIn(form.diagnostics);
  const parameters = [...form.parameters].sort((one, other) => one.order - other.order);
  const problems = new Map<string, string>();
  for (const { name, diagnostics } of parameters) {
    const problem = problemIn(diagnostics);
    if (problem !== undefined) problems.set(name, problem);
  }
  const isFixed = ({ styling, form_type: form }: DynamicParameter) => styling?.disabled === true || form === 'error';
  return {
    fields: parameters.filter((each) => !isFixed(each)).map((each) => asField(each, imageOf)),
    fixed: parameters.filter(isFixed).map((each) => {
      const field = asField(each, imageOf);
      return { ...field, shown: shownAnswer(field, each.value?.valid === true ? each.value.value : '') };
    }),
    problems,
    failure,
  };
}

const problemIn = (diagnostics: DynamicForm['diagnostics'], wanted = 'error'): string | undefined => {
  const error = diagnostics.find(({ severity }) => severity === wanted);
  if (error === undefined) return undefined;
  return error.detail === '' ? error.summary : l10n.t('{0}: {1}', error.summary, error.detail);
};

/** Asked for where it has no value yet, cannot be changed later, or has one that the server does not accept. */
function asField(parameter: DynamicParameter, imageOf: ImageOf | undefined): FormField {
  const [rich] = fieldsFromRich([asRich(parameter)], imageOf);
  if (rich === undefined) throw new TypeError('One parameter makes one field.');
  const { defaultValue, ...field } = rich;
  const hasValue = parameter.value?.valid === true;
  const { styling } = parameter;
  const placeholder = plainLine(styling?.placeholder ?? '', 100);
  return {
    ...field,
    // An unknown default isn't an empty one.
    ...(defaultValue === undefined || parameter.default_value?.valid !== true ? {} : { defaultValue }),
    hint: joined([styling?.label, field.hint, problemIn(parameter.diagnostics, 'warning')]),
    placeholder: placeholder || undefined,
    secret: styling?.mask_input === true,
    needsAnswer: field.needsAnswer || !hasValue || problemIn(parameter.diagnostics) !== undefined,
  };
}

/** The rules are those of its first validation; what it does not say has the classic parameter's default. */
const asRich = (parameter: DynamicParameter): RichParameter =>
  ({
    validation_error: '',
    ...parameter.validations[0],
    ...parameter,
    description_plaintext: '',
    default_value: parameter.default_value?.value ?? '',
    // Options with an unknown value are left out.
    options: parameter.options.flatMap(({ value, ...option }) =>
      value?.valid === true ? [{ ...option, value: value.value }] : [],
    ),
  }) as RichParameter;
