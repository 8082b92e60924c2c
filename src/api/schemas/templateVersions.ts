import type { PresetId } from '../units.ts';
import {
  count,
  flag,
  id,
  list,
  numberOr,
  openWord,
  optionalNumber,
  optionalPart,
  optionalText,
  text,
  texts,
} from './lenient.ts';
import { object, required, type Output } from './schema.ts';

// What a version asks for before something is built from it.

/** V0's parameters, `GET /templateversions/{id}/schema` (contract 4.2). */
export const ParameterSchema = object({
  name: id(),
  description: text,
  default_source_scheme: openWord<'none' | 'data'>(),
  default_source_value: text,
  default_destination_scheme: openWord<'none' | 'environment_variable' | 'provisioner_variable'>(),
  allow_override_source: flag,
  /** `false`: password style. */
  redisplay_value: flag,
  validation_error: text,
  validation_value_type: text,
  /** The choices, where the template limits them. */
  validation_contains: texts,
});
export type ParameterSchema = Output<typeof ParameterSchema>;

/** V0: the value of a parameter, `GET /templateversions/{id}/parameters`, and whether it is the template's default. */
export const ComputedParameter = object({ name: id(), source_value: text, default_source_value: flag });

const Validation = {
  validation_error: text,
  /** Go's RE2 syntax: JavaScript may refuse it. */
  validation_regex: optionalText,
  validation_min: optionalNumber,
  validation_max: optionalNumber,
  validation_monotonic: optionalText,
};

const ParameterOption = object({ name: text, description: text, value: text, icon: text });

/** V2's parameters, `GET /templateversions/{id}/rich-parameters` (contract 4.2). Every value is a string. */
export const RichParameter = object({
  name: id(),
  display_name: text,
  description: text,
  description_plaintext: text,
  type: openWord<'string' | 'number' | 'bool' | 'list(string)'>(),
  form_type: text,
  mutable: flag,
  default_value: text,
  icon: text,
  options: list(ParameterOption),
  ...Validation,
  required: flag,
  /** Asked at each start and not carried over. */
  ephemeral: flag,
});
export type RichParameter = Output<typeof RichParameter>;

/** A value of one parameter, as sent and as read from a build. */
export const ParameterValue = object({ name: id(), value: text });
export type ParameterValue = Output<typeof ParameterValue>;

const SentPreset = object({
  ID: id<PresetId>(),
  Name: text,
  Parameters: list(object({ Name: id(), Value: text })),
  Default: flag,
  Description: text,
  Icon: text,
  DesiredPrebuildInstances: count,
});

/** `GET /templateversions/{id}/presets`: the server's keys are PascalCase (contract 4.2). */
export const Preset = required((value) => {
  const preset = SentPreset.tryParse(value);
  return (
    preset && {
      id: preset.ID,
      name: preset.Name,
      description: preset.Description,
      isDefault: preset.Default,
      icon: preset.Icon,
      /** Workspaces of it are built beforehand. */
      isPrebuilt: preset.DesiredPrebuildInstances > 0,
      parameters: preset.Parameters.map(({ Name: name, Value: value }) => ({ name, value })),
    }
  );
});
export type Preset = Output<typeof Preset>;

/** What a version would build, of both transitions: `GET /templateversions/{id}/resources`. */
export const PlannedResource = object({ workspace_transition: text, daily_cost: count });
export type PlannedResource = Output<typeof PlannedResource>;

/** Contract 4.3. */
export const ExternalAuth = object({
  id: id(),
  display_name: text,
  authenticate_url: text,
  authenticated: flag,
  optional: flag,
});
export type ExternalAuth = Output<typeof ExternalAuth>;

const DynamicValue = object({ value: text, valid: flag });
const Diagnostic = object({
  severity: openWord<'error' | 'warning'>(),
  summary: text,
  detail: text,
});

/** One parameter of a dynamic form (contract 4.2). */
export const DynamicParameter = object({
  name: id(),
  display_name: text,
  description: text,
  type: openWord<'string' | 'number' | 'bool' | 'list(string)'>(),
  form_type: text,
  styling: optionalPart(object({ placeholder: text, label: text, disabled: flag, mask_input: flag })),
  mutable: flag,
  default_value: optionalPart(DynamicValue),
  icon: text,
  options: list(object({ name: text, description: text, icon: text, value: optionalPart(DynamicValue) })),
  validations: list(object(Validation)),
  required: flag,
  order: numberOr(0),
  ephemeral: flag,
  value: optionalPart(DynamicValue),
  diagnostics: list(Diagnostic),
});
export type DynamicParameter = Output<typeof DynamicParameter>;

/** A dynamic form as the server sees it after some inputs; `id` echoes the request's (contract 4.2). */
export const DynamicForm = object({
  id: numberOr(-1),
  diagnostics: list(Diagnostic),
  parameters: list(DynamicParameter),
});
export type DynamicForm = Output<typeof DynamicForm>;
