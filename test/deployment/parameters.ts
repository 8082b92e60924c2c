/** What V2 makes of the parameter values that come with a build (contract 4.2). */
import { Refusal } from './exchange.ts';
import { isObject } from './exchange.ts';
import type { Build, TemplateVersion } from './model.ts';
import type { DynamicParameter, ParameterValue, Preset, RichParameter } from './template-spec.ts';

function complaint(
  parameter: RichParameter,
  value: string,
  previous: string | undefined,
  isNew: boolean,
): string | undefined {
  const own = parameter.validationError;
  if (parameter.options.length > 0) {
    const offered = parameter.options.map((option) => option.value);
    const odd = chosen(parameter, value, offered).find((each) => !offered.includes(each));
    if (odd !== undefined) return `value "${odd}" is not one of the options`;
  }
  if (parameter.type === 'number') {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number)) return `value "${value}" is not a number`;
    const low = parameter.validationMin !== undefined && number < parameter.validationMin;
    const high = parameter.validationMax !== undefined && number > parameter.validationMax;
    if (low || high) return own ?? `value ${value} is out of range`;
    if (!isNew && previous !== undefined) {
      if (parameter.validationMonotonic === 'increasing' && number < Number(previous)) return own ?? 'must not shrink';
      if (parameter.validationMonotonic === 'decreasing' && number > Number(previous)) return own ?? 'must not grow';
    }
  }
  if (parameter.type === 'bool' && value !== 'true' && value !== 'false') return `value "${value}" is not a boolean`;
  if (parameter.validationRegex !== undefined && !new RegExp(parameter.validationRegex).test(value))
    return own ?? `value "${value}" does not match`;
  return undefined;
}

/** Of a multi-select each element must be one of the options (contract 4.2). */
function chosen({ type }: RichParameter, value: string, offered: readonly string[]): readonly string[] {
  if (type !== 'list(string)' || offered.includes(value)) return [value];
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map(String) : [value];
  } catch {
    return [value];
  }
}

/** The classic flow: one refusal that names one parameter, the reason in `detail`. */
export function resolveClassic(
  version: TemplateVersion,
  given: readonly ParameterValue[],
  previous: Build | undefined,
): ParameterValue[] {
  return version.spec.parameters.map((parameter) => {
    const { name } = parameter;
    const wanted = given.find((item) => item.name === name)?.value;
    const last = parameter.ephemeral ? undefined : previous?.parameters.find((item) => item.name === name)?.value;
    const refuse = (detail: string): Refusal => new Refusal(400, `Parameter "${name}" cannot be accepted.`, { detail });
    if (wanted !== undefined && last !== undefined && !parameter.mutable)
      throw refuse(`parameter "${name}" is not mutable, so it can't be updated after the workspace was created`);
    const value = wanted ?? last;
    if (value === undefined && parameter.required) throw refuse(`parameter "${name}" is required`);
    // What is carried over is judged, too: a new version may take it no longer.
    if (value !== undefined && (value !== '' || parameter.required)) {
      const problem = complaint(parameter, value, last, previous === undefined);
      if (problem !== undefined) throw refuse(problem);
    }
    return { name, value: value ?? parameter.defaultValue };
  });
}

const held = (value: string): { value: string; valid: boolean } => ({ value, valid: true });

/** A form for a version that has only rich parameters and yet uses the dynamic flow. */
function formOf(parameter: RichParameter, order: number, value: string): DynamicParameter {
  const problem = complaint(parameter, value, undefined, true);
  const checks = parameter.validationRegex !== undefined || parameter.validationMin !== undefined;
  return {
    name: parameter.name,
    display_name: parameter.displayName ?? '',
    description: parameter.description,
    type: parameter.type,
    form_type: parameter.formType,
    styling: {},
    mutable: parameter.mutable,
    default_value: held(parameter.defaultValue),
    icon: parameter.icon,
    options: parameter.options.map((option) => ({ ...option, value: held(option.value) })),
    validations: checks
      ? [
          {
            validation_error: parameter.validationError ?? '',
            validation_regex: parameter.validationRegex ?? null,
            validation_min: parameter.validationMin ?? null,
            validation_max: parameter.validationMax ?? null,
            validation_monotonic: parameter.validationMonotonic ?? null,
          },
        ]
      : [],
    required: parameter.required,
    order,
    ephemeral: parameter.ephemeral,
    value: held(value),
    diagnostics:
      problem === undefined || (value === '' && !parameter.required)
        ? []
        : [{ severity: 'error', summary: 'Invalid parameter value', detail: problem, extra: { code: '' } }],
  };
}

export function evaluate(
  version: TemplateVersion,
  inputs: Readonly<Record<string, string>>,
): readonly DynamicParameter[] {
  if (version.spec.evaluate !== undefined) return version.spec.evaluate(inputs);
  return version.spec.parameters.map((parameter, n) =>
    formOf(parameter, n + 1, inputs[parameter.name] ?? parameter.defaultValue),
  );
}

function valueOf(parameter: DynamicParameter): string {
  const { value } = parameter;
  return isObject(value) && typeof value.value === 'string' ? value.value : '';
}

/** The dynamic flow: one validation per parameter that cannot be accepted. */
export function resolveDynamic(
  version: TemplateVersion,
  given: readonly ParameterValue[],
  previous: Build | undefined,
): ParameterValue[] {
  const inputs: Record<string, string> = {};
  for (const { name, value } of [...(previous?.parameters ?? []), ...given]) inputs[name] = value;
  const form = evaluate(version, inputs);
  const validations = form.flatMap((parameter) => {
    const diagnostics = Array.isArray(parameter.diagnostics) ? parameter.diagnostics.filter(isObject) : [];
    const worst = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
    const detail = `${String(worst?.summary)}: ${String(worst?.detail)}`;
    return worst === undefined ? [] : [{ field: parameter.name, detail }];
  });
  if (validations.length > 0) throw new Refusal(400, 'Unable to validate parameters', { validations });
  return form.map((parameter) => ({ name: parameter.name, value: valueOf(parameter) }));
}

/** The first preset whose values are all chosen. */
export function matchingPreset(version: TemplateVersion, values: readonly ParameterValue[]): Preset | undefined {
  return version.spec.presets.find((preset) =>
    preset.parameters.every((wanted) =>
      values.some((value) => value.name === wanted.name && value.value === wanted.value),
    ),
  );
}

/** Whether a start of `version` would need a value that the last build does not have, or not any more (contract 4.4). */
export function needsInput({ spec }: TemplateVersion, { parameters }: Build): boolean {
  return spec.parameters.some((parameter) => {
    const last = parameter.ephemeral ? undefined : parameters.find(({ name }) => name === parameter.name)?.value;
    if (last === undefined) return parameter.required;
    return complaint(parameter, last, last, false) !== undefined;
  });
}
