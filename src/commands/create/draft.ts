import type { Template, TemplateVersion } from '../../api/schemas/templates.ts';
import type { ExternalAuth, Preset } from '../../api/schemas/templateVersions.ts';
import type { Organization, User } from '../../api/schemas/users.ts';
import type { Milliseconds, TemplateVersionId } from '../../api/units.ts';
import type { FormField } from '../../model/parameters.ts';
import type { SummaryFacts } from './summaryFacts.ts';
import type { Parameters, ParameterSource } from './parameterSource.ts';
import { parameterStepId } from './parameterStep.ts';

/** What a template asks for, read once it is chosen. */
export interface Form extends Parameters {
  readonly template: Template;
  readonly versionId: TemplateVersionId;
  /** Another version than the active one. */
  readonly version?: TemplateVersion | undefined;
  readonly source: ParameterSource;
  readonly presets: readonly Preset[];
  readonly externalAuth: readonly ExternalAuth[];
  readonly facts: Promise<SummaryFacts>;
}

/** The answers so far. They stay when somebody goes back, and each step begins with its own. */
export interface Draft {
  organizations: readonly Organization[];
  organization?: Organization | undefined;
  templates?: { readonly organization: Organization; readonly rows: readonly Template[] };
  form?: Form;
  /** Whom the workspace will belong to. */
  owner: User;
  /** `null`: none of them. */
  preset?: Preset | null;
  /** What the proposed name begins with; absent: the template's. */
  readonly nameBase?: string;
  name?: string;
  /** By parameter name. */
  readonly answers: Map<string, string>;
  /** Steps whose answers came from elsewhere: asked only when somebody goes to them. */
  readonly settled: Set<string>;
  /** Parameters, with what the server said of them, that the summary has sent somebody to. */
  readonly revisited: Set<string>;
  /** Absent: the template decides. */
  ttlMs?: Milliseconds | undefined;
  /** As the server takes it (contract 2.6); absent: none. */
  autostart?: string | undefined;
  readonly automaticUpdates?: 'always' | undefined;
  /** Ask for the parameters with a default, too. */
  asksForAll: boolean;
  /** Something was entered that would be lost. */
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

/** What the server says about the answer to a parameter, or that there is none. */
export const problemOf = ({ form, answers }: Draft, { name, needsAnswer }: FormField): string | undefined =>
  form?.problems.get(name) ?? (needsAnswer && !answers.has(name) ? '' : undefined);

/** What is answered, and fits, is not asked again; gives the first step that is left to ask. */
export function settle(draft: Draft): string | undefined {
  const asked = askedFields(draft);
  for (const field of asked) {
    const answer = draft.answers.get(field.name);
    if (answer !== undefined && field.validate(answer) === undefined) draft.settled.add(parameterStepId(field.name));
  }
  const left = asked.find(({ name }) => !draft.settled.has(parameterStepId(name)));
  return left === undefined ? undefined : parameterStepId(left.name);
}
