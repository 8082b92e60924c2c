import * as l10n from '@vscode/l10n';
import type { DeploymentUrl } from '../api/address.ts';
import { joined, plainLine } from '../api/plainText.ts';
import type { LegacyParameterValue } from '../api/requests.ts';
import type { ParameterSchema, ParameterValue, RichParameter } from '../api/schemas/templateVersions.ts';
import { parameterProblem, rangeOf, readList } from './parameterRules.ts';

export type FieldType = 'string' | 'number' | 'bool' | 'list';

export interface FieldOption {
  readonly label: string;
  readonly value: string;
  readonly description: string;
  /** The address of its picture. */
  readonly image?: string | undefined;
}

/** What one parameter allows, besides its type. */
export interface FieldRules {
  readonly type: FieldType;
  /** Values, where the template limits them; of a list, whole ones or each element. */
  readonly choices: readonly string[];
  readonly required: boolean;
  /** Go's RE2 syntax. */
  readonly pattern?: string | undefined;
  /** The template's own sentence for a value that does not fit. */
  readonly patternMessage: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly monotonic?: 'increasing' | 'decreasing' | undefined;
}

/** One question of the create form, of either age (contract 4.2). Every value is a string; a list's is JSON. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: FieldType;
  /** The address of its picture. */
  readonly image?: string | undefined;
  /** An example of a value, in the template's words. */
  readonly placeholder?: string | undefined;
  /** Empty: any value. */
  readonly options: readonly FieldOption[];
  /** Any number of the options, not one. */
  readonly picksMany: boolean;
  readonly required: boolean;
  /** Absent: the template gives none. */
  readonly defaultValue?: string;
  /** `false`: cannot be changed later. */
  readonly mutable: boolean;
  /** Typed and shown like a password. */
  readonly secret: boolean;
  /** Asked at each start, never carried over and never filled in beforehand. */
  readonly ephemeral: boolean;
  /** Several lines of text. */
  readonly multiline: boolean;
  /** What a value has to be, to be read beforehand. */
  readonly hint?: string | undefined;
  /** Whether it is asked even if the person accepts all defaults. */
  readonly needsAnswer: boolean;
  /** What is wrong with `value`, one sentence, or nothing. `previous`: the last build's value, if there was one. */
  validate(value: string, previous?: string): string | undefined;
  /** V0: where the value goes, to be sent back with it. */
  readonly destination?: string;
}

/** Makes the address of a picture of what the server says, if it is one. */
export type ImageOf = (icon: string) => string | undefined;

/**
 * The address of an image that the deployment itself serves (`/icon/k8s.png`). Others are left out, because their servers
 * would learn who uses the template. VS Code shows no images over plain HTTP.
 */
export const imagesOf =
  ({ href, secure }: Pick<DeploymentUrl, 'href' | 'secure'>): ImageOf =>
  (icon) =>
    secure && /^\/[\w-]+\/[\w.%-]+$/.test(icon) ? href + icon : undefined;

/** V2's parameters as questions. */
export const fieldsFromRich = (parameters: readonly RichParameter[], imageOf: ImageOf = () => undefined): FormField[] =>
  parameters.map((parameter) => fromRich(parameter, imageOf));

const fromRich = (parameter: RichParameter, imageOf: ImageOf): FormField => {
  const type = parameter.type === 'list(string)' ? 'list' : isFieldType(parameter.type) ? parameter.type : 'string';
  const rules: FieldRules = {
    type,
    choices: parameter.options.map((option) => option.value),
    required: parameter.required,
    pattern: parameter.validation_regex,
    patternMessage: parameter.validation_error,
    min: parameter.validation_min,
    max: parameter.validation_max,
    monotonic: readMonotonic(parameter.validation_monotonic),
  };
  return {
    name: parameter.name,
    label: plainLine(parameter.display_name, 100) || plainLine(parameter.name, 100),
    description: parameter.description_plaintext || parameter.description,
    type,
    image: imageOf(parameter.icon),
    options: parameter.options.map((option) => ({
      label: plainLine(option.name, 100) || plainLine(option.value, 100) || l10n.t('empty'),
      value: option.value,
      description: plainLine(option.description),
      image: imageOf(option.icon),
    })),
    // Options of a list are its elements, or whole lists to choose one of.
    picksMany: type === 'list' && !rules.choices.every((choice) => readList(choice) !== undefined),
    required: parameter.required,
    // A required parameter has no default: the server sends an empty one.
    ...(parameter.required ? {} : { defaultValue: parameter.default_value }),
    mutable: parameter.mutable,
    secret: false,
    ephemeral: parameter.ephemeral,
    multiline: parameter.form_type === 'textarea',
    hint: rangeOf(rules),
    // An immutable value is always asked for, because it can't be changed later.
    needsAnswer: parameter.required || !parameter.mutable,
    validate: (value, previous) => parameterProblem(rules, value, previous),
  };
};

/** V0's parameters as questions: those that the template lets its users set. */
export const fieldsFromLegacy = (schema: readonly ParameterSchema[]): FormField[] =>
  schema.filter((parameter) => parameter.allow_override_source).map(fromLegacy);

const fromLegacy = (parameter: ParameterSchema): FormField => {
  const { validation_value_type: terraform, redisplay_value: isShown } = parameter;
  // Its entries are shown one by one.
  const isList = isShown && /^(?:list|set)\(string\)$/.test(terraform);
  const type = isList ? 'list' : isFieldType(terraform) ? terraform : 'string';
  const required = parameter.default_source_scheme === 'none';
  // V0 takes no empty value, but the default instead (contract 2.1): nothing can be chosen only where it is that.
  const choices = parameter.validation_contains.filter(
    (value) => value !== '' || (!required && parameter.default_source_value === ''),
  );
  const rules: FieldRules = {
    type,
    choices,
    required,
    patternMessage: parameter.validation_error,
  };
  return {
    name: parameter.name,
    label: plainLine(parameter.name, 100),
    description: parameter.description,
    type,
    options: choices.map((value) => ({ label: plainLine(value, 100) || l10n.t('empty'), value, description: '' })),
    picksMany: false,
    required,
    ...(required ? {} : { defaultValue: parameter.default_source_value }),
    mutable: true,
    secret: !isShown,
    ephemeral: false,
    multiline: false,
    needsAnswer: required,
    validate: (value) => parameterProblem(rules, value),
    destination: parameter.default_destination_scheme,
    // Terraform's conditions and types are judged by the build: what it wants is said before.
    hint:
      choices.length > 0
        ? undefined
        : joined([
            plainLine(parameter.validation_error, 200),
            type === 'string' && !/^(?:string|any|)$/.test(terraform)
              ? l10n.t('Terraform type: {0}', plainLine(terraform, 100))
              : '',
          ]),
  };
};

const isFieldType = (type: string): type is 'string' | 'number' | 'bool' =>
  type === 'string' || type === 'number' || type === 'bool';

const readMonotonic = (word: string | undefined): 'increasing' | 'decreasing' | undefined =>
  word === 'increasing' || word === 'decreasing' ? word : undefined;

/** "cannot be changed later", where that is so: to be said next to the question. */
export const fieldNote = (field: FormField): string | undefined => {
  if (!field.mutable) return l10n.t("Can't be changed later.");
  return field.ephemeral ? l10n.t('Applies to this start only.') : undefined;
};

/** The answers as V0 wants them; what was left empty takes the template's default (contract 2.1). */
export const legacyValues = (
  fields: readonly FormField[],
  answers: ReadonlyMap<string, string>,
): LegacyParameterValue[] =>
  answered(fields, answers).map(([field, value]) => ({
    name: field.name,
    source_scheme: 'data',
    source_value: value,
    destination_scheme: field.destination ?? 'environment_variable',
  }));

/** The answers as V2 wants them. */
export const richValues = (fields: readonly FormField[], answers: ReadonlyMap<string, string>): ParameterValue[] =>
  answered(fields, answers, mayBeEmpty).map(([field, value]) => ({ name: field.name, value }));

/** An empty text can be an answer in V2, and an empty value one of the choices. */
const mayBeEmpty = ({ type, required, options }: FormField): boolean =>
  (type === 'string' && !required) || options.some((option) => option.value === '');

/** Only what was answered: everything else is the template's to fill in. */
const answered = (
  fields: readonly FormField[],
  answers: ReadonlyMap<string, string>,
  isAnsweredByNothing: (field: FormField) => boolean = () => false,
): [FormField, string][] =>
  fields.flatMap((field): [FormField, string][] => {
    const value = answers.get(field.name);
    if (value === undefined || (value === '' && !isAnsweredByNothing(field))) return [];
    return [[field, value]];
  });
