import type { ApiError } from '../../api/errors.ts';
import { askedFields, type Draft } from './draft.ts';
import { parameterStepId } from './parameterStep.ts';

/**
 * The step to which a rejection of the new workspace refers, with its message; it is asked alone. Other rejections lead back
 * to the summary, so that no entry is lost. `undefined`: the session has ended, so the answers aren't the cause.
 */
export function refusedStep(
  error: ApiError,
  draft: Draft,
): { readonly to: string; readonly then?: string; readonly problem: string } | undefined {
  if (error.kind === 'unauthorized') return undefined;
  const named = error.validations.find(({ field }) => isParameter(draft, field));
  // At its step, the server's own message suffices.
  const problem = named === undefined || named.detail === '' ? error.message : named.detail;
  const to = stepAbout(error, draft);
  // It may be gone.
  if (to === 'template') delete draft.templates;
  // Another template asks for other things.
  return to === 'summary' || to === 'template' ? { to, problem } : { to, then: 'summary', problem };
}

function stepAbout(error: ApiError, draft: Draft): string {
  for (const { field, detail } of error.validations) {
    if (field === 'name') return 'name';
    if (field === 'external_auth' && isSignedOutOf(detail, draft)) return 'external_auth';
    if (field === 'template_id' || field === 'template_version_id') return 'template';
    if (isParameter(draft, field)) return stepOf(field, draft);
  }
  if (error.kind === 'conflict') return 'name';
  // Deleted meanwhile.
  if (error.kind === 'notFound' || error.kind === 'gone') return 'template';
  // The classic flow names the parameter only in its sentence (contract 2.1).
  const named = draft.form?.fields.find((field) => mentions(error, field.name));
  return named === undefined ? 'summary' : stepOf(named.name, draft);
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

const isParameter = (draft: Draft, name: string): boolean =>
  draft.form?.fields.some((field) => field.name === name) === true;

const mentions = (error: ApiError, name: string): boolean =>
  error.kind === 'invalid' &&
  [error.serverMessage ?? '', error.detail ?? ''].some((text) => text.includes(`"${name}"`));
