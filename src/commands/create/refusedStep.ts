import { isOfKind, type ApiError } from '../../api/errors.ts';
import type { FormField } from '../../model/parameters.ts';
import type { Move } from '../wizard.ts';
import { askedFields, type Draft } from './draft.ts';
import { parameterStepId } from './parameterStep.ts';

/**
 * The step to which a rejection of the new workspace refers, with its message; it is asked alone. Other rejections lead back
 * to the summary, so that no entry is lost.
 */
export function refusedStep(error: ApiError, draft: Draft): Move & { readonly problem: string } {
  const problem = error.message;
  const to = stepAbout(error, draft);
  if (to === 'template') {
    // It may be gone.
    delete draft.templates;
    // Another template asks for other things.
    return { to, problem };
  }
  if (to !== undefined) return { to, then: 'summary', problem };
  const parameter = refusedParameter(error, draft.form?.fields ?? []);
  return parameter === undefined
    ? { to: 'summary', problem }
    : { to: stepOf(parameter.name, draft), then: 'summary', problem: parameter.problem };
}

/** The step that a rejection concerns, other than those of parameters. */
function stepAbout({ kind, validations }: ApiError, draft: Draft): string | undefined {
  for (const { field, detail } of validations) {
    // The dynamic flow names parameters, which may be called like a field of the request (contract 2.1).
    if (kind === 'invalid' && draft.form?.fields.some(({ name }) => name === field)) return undefined;
    if (field === 'name') return 'name';
    if (field === 'external_auth' && isSignedOutOf(detail, draft)) return 'external_auth';
    if (field === 'template_id' || field === 'template_version_id') return 'template';
  }
  if (kind === 'conflict') return 'name';
  // Deleted meanwhile.
  return kind === 'notFound' || kind === 'gone' ? 'template' : undefined;
}

/** A sign-in that was there when the form was read is not any more: `provider` is its id (contract 2.1). */
function isSignedOutOf(provider: string, draft: Draft): boolean {
  const { form } = draft;
  if (form?.externalAuth.some(({ id }) => id === provider) !== true) return false;
  const externalAuth = form.externalAuth.map((auth) =>
    auth.id === provider ? { ...auth, authenticated: false, optional: false } : auth,
  );
  draft.form = { ...form, externalAuth };
  return true;
}

/** A rejected default becomes a step of its own; values of the preset have none. */
function stepOf(name: string, draft: Draft): string {
  const isAsked = () => askedFields(draft).some((field) => field.name === name);
  if (!isAsked()) draft.asksForAll = true;
  return isAsked() ? parameterStepId(name) : 'preset';
}

/**
 * The parameter that a rejection is about, and what the server says of it. The classic flow names it only in its sentence
 * (contract 2.1, 2.14).
 */
export function refusedParameter(
  error: unknown,
  fields: readonly FormField[],
): { readonly name: string; readonly problem: string } | undefined {
  if (!isOfKind(error, 'invalid')) return undefined;
  const said = `${error.serverMessage ?? ''} ${error.detail ?? ''}`;
  for (const { name } of fields) {
    const named = error.validations.find(({ field }) => field === name);
    // At its step, the server's own words suffice.
    if (named !== undefined && named.detail !== '') return { name, problem: named.detail };
    if (named !== undefined || said.includes(`"${name}"`)) return { name, problem: error.message };
  }
  return undefined;
}
