import * as l10n from '@vscode/l10n';
import { ApiError } from '../api/errors.ts';
import { isOld } from '../model/age.ts';
import type { FormField } from '../model/parameters.ts';
import type { Act, Begun } from './act.ts';
import { needsAnswer, readBuildForm, valuesToBuild, type BuildForm } from './buildForm.ts';
import type { CommandContext } from './context.ts';
import { mayLeave } from './create/mayLeave.ts';
import { parameterStep, parameterStepId } from './create/parameterStep.ts';
import { begin } from './makeBuild.ts';
import { currentWorkspace, type Target } from './target.ts';
import { runWizard, type Move, type Step } from './wizard.ts';

/** What was sent. */
export interface Asked {
  /** With the answers. */
  readonly act: Act;
  readonly begun: Begun;
}

/**
 * Sends an act for which nothing had to be asked. Where the server wants another value of a parameter, that one is asked
 * for, until `wanted` aborts, and the act is sent again. `undefined`: the same is being asked for already. Throws a
 * `Refusal`, `Dismissed`, and ApiError.
 */
export async function sendAct(
  context: CommandContext,
  target: Target,
  act: Act,
  wanted = target.signal,
): Promise<Asked | undefined> {
  try {
    return await sent(context, target, act);
  } catch (error) {
    const start = act.then ?? act.request;
    const versionId = start.templateVersionId ?? target.workspace.latest_build.template_version_id;
    const isAboutValues = error instanceof ApiError && error.kind === 'invalid' && !isOld(target.workspace);
    if (!isAboutValues || versionId === undefined) throw error;
    const form = await context.ui.withDelayedProgress(
      l10n.t('Loading parameters'),
      (stop) => readBuildForm(target, versionId, 'must', stop),
      wanted,
    );
    if (form === undefined) throw error;
    return askAndSend(context, target, act, form, { error, wanted });
  }
}

async function sent(context: CommandContext, target: Target, act: Act): Promise<Asked | undefined> {
  const begun = await begin(context, target, act, (sentence) => context.ui.inform(sentence));
  return begun && { act, begun };
}

/** `refused`: what the server says of the values that `act` has; what it names is asked for then, until `wanted` aborts. */
export async function askAndSend(
  context: CommandContext,
  target: Target,
  act: Act,
  form: BuildForm,
  refused?: { readonly error: ApiError; readonly wanted: AbortSignal },
): Promise<Asked | undefined> {
  const { ui } = context;
  const signal = refused?.wanted ?? target.signal;
  const given = (act.then ?? act.request).richParameterValues ?? [];
  const answers = new Map(given.map(({ name, value }) => [name, value]));
  /** Parameters that the server asked for in its refusal. */
  const named = new Set<string>();
  let isTouched = false;
  let asked: Asked | undefined;

  const keep = (field: FormField) => async (value: string) => {
    answers.set(field.name, filled(field, value));
    isTouched ||= value !== '';
    form.parameters = await ui.withDelayedProgress(
      l10n.t('Updating parameters'),
      (stop) => form.source.after(new Map([...form.kept, ...answers]), stop),
      signal,
    );
    const problem = form.parameters.problems.get(field.name);
    return problem === undefined ? undefined : { to: parameterStepId(field.name), problem };
  };
  /** The question that a refusal leads to. @throws `error`, where it is about no parameter */
  const askedBy = (error: unknown): Move => {
    // Immutable parameters with a value aren't asked for.
    const fields = form.parameters.fields.filter(({ name, mutable }) => mutable || !form.kept.has(name));
    const about = parameterOf(error, fields);
    if (about === undefined) throw error;
    named.add(about.name);
    return { to: parameterStepId(about.name), then: 'send', problem: about.problem };
  };
  const send: Step = {
    id: 'send',
    isSilent: true,
    ask: async () => {
      signal.throwIfAborted();
      try {
        asked = await sent(context, target, withValues(act, form, answers));
        return undefined;
      } catch (error) {
        return askedBy(error);
      }
    },
  };
  try {
    await runWizard(
      () => [
        ...form.parameters.fields
          .filter((field) => answers.has(field.name) || named.has(field.name) || needsAnswer(field, form))
          .map((field) => {
            const last = form.kept.get(field.name);
            const answer = answers.get(field.name) ?? last;
            const title = l10n.t('{0}: {1}', currentWorkspace(target).name, field.label);
            const problem = answers.has(field.name) ? undefined : form.parameters.problems.get(field.name);
            const checked = { ...field, validate: (value: string) => field.validate(filled(field, value), last) };
            return parameterStep({ field: checked, title, answer, problem, keep: keep(field) }, ui, signal);
          }),
        send,
      ],
      (error) =>
        mayLeave(error, isTouched, ui, signal, l10n.t('Discard your entries for {0}?', currentWorkspace(target).name)),
      refused && askedBy(refused.error),
    );
  } finally {
    form.source.close();
  }
  return asked;
}

/** A number that was cleared takes its default, as its placeholder says: without a value, the last one would stay. */
const filled = ({ type, defaultValue = '' }: FormField, value: string): string =>
  value === '' && type === 'number' ? defaultValue : value;

/** The answers are those of the start. */
function withValues(act: Act, form: BuildForm, answers: ReadonlyMap<string, string>): Act {
  if (answers.size === 0) return act;
  const values = valuesToBuild(form, answers);
  return act.then === undefined
    ? { ...act, request: { ...act.request, ...values } }
    : { ...act, then: { ...act.then, ...values } };
}

/** The parameter that a refusal is about: the classic flow names it only in its sentence (contract 2.14). */
function parameterOf(
  error: unknown,
  fields: readonly FormField[],
): { readonly name: string; readonly problem: string } | undefined {
  if (!(error instanceof ApiError) || error.kind !== 'invalid') return undefined;
  const said = `${error.serverMessage ?? ''} ${error.detail ?? ''}`;
  for (const { name } of fields) {
    const named = error.validations.find(({ field }) => field === name);
    if (named !== undefined || said.includes(`"${name}"`))
      return { name, problem: named === undefined || named.detail === '' ? error.message : named.detail };
  }
  return undefined;
}
