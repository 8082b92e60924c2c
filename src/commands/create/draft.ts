import type { Template } from '../../api/schemas/templates.ts';
import type { ExternalAuth, Preset } from '../../api/schemas/templateVersions.ts';
import type { Organization } from '../../api/schemas/users.ts';
import type { Milliseconds } from '../../api/units.ts';
import type { FormField } from '../../model/parameters.ts';
import type { Parameters, ParameterSource } from './parameterSource.ts';

/** What a template asks for, read once it is chosen. */
export interface Form extends Parameters {
  readonly template: Template;
  readonly source: ParameterSource;
  readonly presets: readonly Preset[];
  readonly externalAuth: readonly ExternalAuth[];
}

/** The answers so far. They stay when somebody goes back, and each step begins with its own. */
export interface Draft {
  organizations: readonly Organization[];
  organization?: Organization;
  templates?: { readonly organization: Organization; readonly rows: readonly Template[] };
  form?: Form;
  /** `null`: none of them. */
  preset?: Preset | null;
  name?: string;
  /** By parameter name. */
  readonly answers: Map<string, string>;
  /** Absent: the template decides. */
  ttlMs?: Milliseconds;
  /** Ask for the parameters with a default, too. */
  asksForAll: boolean;
  /** Something was typed that would be lost. */
  touched: boolean;
}

/** Values that the preset gives are not asked for again. */
export const presetValue = (draft: Draft, name: string): string | undefined =>
  draft.preset?.parameters.find((parameter) => parameter.name === name)?.value;

/** The parameters that have a step: those that must be asked for, and those that were answered. */
export function askedFields(draft: Draft): readonly FormField[] {
  const fields = draft.form?.fields ?? [];
  return fields.filter(
    ({ name, needsAnswer }) =>
      presetValue(draft, name) === undefined && (draft.asksForAll || needsAnswer || draft.answers.has(name)),
  );
}

/** All answers as they will be sent: the preset's, and those of parameters that were asked for. */
export function valuesToSend(draft: Draft): Map<string, string> {
  const values = new Map<string, string>();
  for (const field of draft.form?.fields ?? []) {
    const value = presetValue(draft, field.name) ?? draft.answers.get(field.name);
    if (value !== undefined) values.set(field.name, value);
  }
  return values;
}
