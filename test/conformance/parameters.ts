import type { CoderClient } from '../../src/api/client.ts';
import type { ParameterValues } from '../../src/api/requests.ts';
import type { Template } from '../../src/api/schemas/templates.ts';
import * as templateVersions from '../../src/api/templateVersions.ts';
import type { TemplateVersionId, UserId } from '../../src/api/units.ts';
import { skip } from './check.ts';

/** What is known of a value that a template insists on. */
export interface Wanted {
  readonly name: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly regex?: string | undefined;
  readonly min?: number | undefined;
}

/** A value that should do; `undefined`: only a person can know one. */
export const guess = ({ type, options, regex, min }: Wanted): string | undefined => {
  if (options.length > 0) return type === 'list(string)' ? JSON.stringify(options.slice(0, 1)) : options[0];
  if (type === 'bool') return 'false';
  if (type === 'number') return String(min ?? 1);
  if (type === 'list(string)') return '[]';
  return ['conformance', 'https://example.com/conformance.git', '1'].find((text) => matches(regex, text));
};

const matches = (regex: string | undefined, text: string): boolean => {
  if (regex === undefined) return true;
  try {
    return new RegExp(regex).test(text);
  } catch {
    // Go's syntax knows more than JavaScript's.
    return false;
  }
};

/**
 * Values for whatever a template asks for and has no default of.
 * @throws Skip if one cannot be guessed, or if the template wants a sign-in elsewhere first
 */
export const valuesFor = async (
  client: CoderClient,
  template: Template,
  ownerId: UserId,
  signal: AbortSignal,
): Promise<ParameterValues> => {
  const version = template.active_version_id ?? skip(`the template “${template.name}” has no active version`);
  const signIns = await templateVersions.externalAuth(client.calls, version, signal);
  const missing = signIns.find((each) => !each.authenticated && !each.optional);
  if (missing !== undefined) skip(`the template “${template.name}” wants a sign-in at ${missing.display_name} first`);
  if (template.use_classic_parameter_flow === false) return dynamicValues(client, template, version, ownerId, signal);
  const asked = await templateVersions.parameters(client.calls, version, signal);
  if (asked.kind === 'legacy') {
    const values = asked.schema
      .filter((each) => each.allow_override_source && each.default_source_scheme === 'none')
      .map((each) => ({
        name: each.name,
        source_scheme: 'data' as const,
        source_value: given(template, { name: each.name, type: 'string', options: each.validation_contains }),
        destination_scheme: each.default_destination_scheme,
      }));
    return { kind: 'legacy', values };
  }
  const values = asked.parameters
    .filter((each) => each.required && each.default_value === '')
    .map((each) => ({
      name: each.name,
      value: given(template, {
        name: each.name,
        type: each.type,
        options: each.options.map(({ value }) => value),
        regex: each.validation_regex,
        min: each.validation_min,
      }),
    }));
  return { kind: 'rich', values };
};

/** An answer may bring up another question. */
const MOST_ROUNDS = 5;

const dynamicValues = async (
  client: CoderClient,
  template: Template,
  version: TemplateVersionId,
  ownerId: UserId,
  signal: AbortSignal,
): Promise<ParameterValues> => {
  const inputs: Record<string, string> = {};
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const form = await templateVersions.evaluate(client.calls, version, { inputs, ownerId }, signal);
    const open = form.parameters.filter((each) => each.required && (each.value?.value ?? '') === '');
    if (open.length === 0) break;
    for (const each of open) {
      const [validation] = each.validations;
      inputs[each.name] = given(template, {
        name: each.name,
        type: each.type,
        options: each.options.map((option) => option.value?.value ?? ''),
        regex: validation?.validation_regex,
        min: validation?.validation_min,
      });
    }
  }
  return { kind: 'rich', values: Object.entries(inputs).map(([name, value]) => ({ name, value })) };
};

const given = (template: Template, wanted: Wanted): string =>
  guess(wanted) ?? skip(`the template “${template.name}” wants a value for “${wanted.name}” that cannot be guessed`);
