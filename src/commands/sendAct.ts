import * as l10n from '@vscode/l10n';
import { isOfKind, type ApiError } from '../api/errors.ts';
import { joined } from '../api/plainText.ts';
import { isOld } from '../model/age.ts';
import type { FormField } from '../model/parameters.ts';
import type { Act, Begun } from './act.ts';
import { needsAnswer, readBuildForm, valuesToBuild, type BuildForm } from './buildForm.ts';
import type { CommandContext } from './context.ts';
import { parameterStep, parameterStepId } from './create/parameterStep.ts';
import { refusedParameter } from './create/refusedStep.ts';
import { begin } from './makeBuild.ts';
import { isPassing, isReason } from './refusal.ts';
import { currentWorkspace, type Target } from './target.ts';
import { mayLeave, runWizard, type Move, type Step, type StepResult } from './wizard.ts';

/** What was sent. */
export interface Sent {
  /** With the answers. */
  readonly act: Act;
  readonly begun: Begun;
}

interface Options {
  /** What is asked for first. */
  readonly form?: BuildForm | undefined;
  /** Aborts when the act is no longer wanted. */
  readonly wanted?: AbortSignal;
}

/**
 * Asks for what the form needs, and sends `act` with the answers. Where the server rejects the value of a parameter, that one
 * is asked for, and the act is sent again. `undefined`: the same is being sent already. @throws Refusal, Dismissed, ApiError
 */
export async function sendAct(
  context: CommandContext,
  target: Target,
  act: Act,
  { form, wanted = target.signal }: Options = {},
): Promise<Sent | undefined> {
  if (form !== undefined) return askAndSend(draftOf(context, target, act, form, wanted));
  try {
    return await send(context, target, act);
  } catch (error) {
    const versionId = startOf(act).templateVersionId ?? target.workspace.latest_build.template_version_id;
    const isAboutValues = isOfKind(error, 'invalid') && !isOld(target.workspace);
    if (!isAboutValues || versionId === undefined) throw error;
    const read = await context.ui.withDelayedProgress(
      l10n.t('Loading parameters'),
      (stop) => readBuildForm(target, versionId, 'must', stop),
      wanted,
    );
    if (read === undefined) throw error;
    return askAndSend(draftOf(context, target, act, read, wanted), error);
  }
}

/** The request that parameters belong to. */
const startOf = ({ request, then = request }: Act): NonNullable<Act['then']> => then;

async function send(context: CommandContext, target: Target, act: Act): Promise<Sent | undefined> {
  const begun = await begin(context, target, act, (sentence) => context.ui.inform(sentence));
  return begun && { act, begun };
}

/** An act, and the answers so far. */
interface ActDraft {
  readonly context: CommandContext;
  readonly target: Target;
  readonly act: Act;
  readonly form: BuildForm;
  readonly signal: AbortSignal;
  /** By parameter name. */
  readonly answers: Map<string, string>;
  /** Parameters whose values the server has rejected. */
  readonly refused: Set<string>;
  /** Something was entered that would be lost. */
  isTouched: boolean;
  sent?: Sent | undefined;
}

const draftOf = (
  context: CommandContext,
  target: Target,
  act: Act,
  form: BuildForm,
  signal: AbortSignal,
): ActDraft => ({
  context,
  target,
  act,
  form,
  signal,
  answers: new Map(startOf(act).richParameterValues?.map(({ name, value }) => [name, value])),
  refused: new Set(),
  isTouched: false,
});

/** `refusal`: of the act as it is, which says what to ask for. */
async function askAndSend(draft: ActDraft, refusal?: ApiError): Promise<Sent | undefined> {
  const { context, target, form, signal } = draft;
  const discard = (): string => l10n.t('Discard your entries for {0}?', currentWorkspace(target).name);
  try {
    await runWizard(
      () => [...questions(draft), sending(draft)],
      (error) => mayLeave(error, draft.isTouched, context.ui, signal, discard()),
      refusal && questionAbout(refusal, draft),
    );
  } finally {
    form.source.close();
  }
  return draft.sent;
}

const questions = (draft: ActDraft): Step[] => {
  const { context, target, form, signal, answers, refused } = draft;
  return form.parameters.fields
    .filter((field) => answers.has(field.name) || refused.has(field.name) || needsAnswer(field, form))
    .map((each) => {
      const last = form.kept.get(each.name);
      const field = form.parameters.age === 'legacy' && last !== undefined ? keepable(each) : each;
      const asked = {
        field: { ...field, validate: (value: string) => field.validate(filled(field, value), last) },
        title: l10n.t('{0}: {1}', currentWorkspace(target).name, field.label),
        answer: answers.get(field.name) ?? last,
        problem: answers.has(field.name) ? undefined : form.parameters.problems.get(field.name),
        keep: (value: string) => keep(draft, field, value),
      };
      return parameterStep(asked, context.ui, signal);
    });
};

async function keep(draft: ActDraft, field: FormField, value: string): Promise<StepResult> {
  const { context, form, signal, answers } = draft;
  const { name } = field;
  answers.set(name, filled(field, value));
  draft.isTouched ||= value !== '';
  try {
    form.parameters = await context.ui.withDelayedProgress(
      l10n.t('Updating parameters'),
      (stop) => form.source.after(new Map([...form.kept, ...answers]), stop),
      signal,
    );
  } catch (error) {
    // Asked again, for the other answers would be lost.
    if (isReason(error)) return { to: parameterStepId(name), problem: error.message };
    throw error;
  }
  const problem = form.parameters.problems.get(name);
  return problem === undefined ? undefined : { to: parameterStepId(name), problem };
}

/** V0 doesn't tell the present value: nothing is filled in, and an empty answer isn't sent, which keeps it. */
const keepable = ({ defaultValue: _, ...field }: FormField): FormField => ({
  ...field,
  required: false,
  ...(field.options.length > 0
    ? {
        options: [
          { value: '', label: l10n.t('Keep the current value'), description: '' },
          ...field.options.filter(({ value }) => value !== ''),
        ],
      }
    : { hint: joined([field.hint, l10n.t('Leave it empty to keep the current value.')]) }),
  validate: (value) => (value === '' ? undefined : field.validate(value)),
});

/** A number that was cleared takes its default, as its placeholder says: without a value, the last one would stay. */
const filled = ({ type, defaultValue = '' }: FormField, value: string): string =>
  value === '' && type === 'number' ? defaultValue : value;

const sending = (draft: ActDraft): Step => ({
  id: 'send',
  isSilent: true,
  ask: async () => {
    draft.signal.throwIfAborted();
    try {
      draft.sent = await send(draft.context, draft.target, withValues(draft));
      return undefined;
    } catch (error) {
      return questionAbout(error, draft);
    }
  },
});

/**
 * The question that a refusal leads to: of the parameter that it is about, or else the last one, so that no entry is lost.
 * @throws `error`, where there is none
 */
function questionAbout(error: unknown, draft: ActDraft): Move {
  const { parameters, kept } = draft.form;
  // Immutable parameters with a value aren't asked for.
  const fields = parameters.fields.filter(({ name, mutable }) => mutable || !kept.has(name));
  const about = refusedParameter(error, fields);
  if (about === undefined) {
    const last = draft.isTouched && isPassing(error) ? questions(draft).at(-1) : undefined;
    if (last === undefined) throw error;
    return { to: last.id, problem: (error as ApiError).message };
  }
  draft.refused.add(about.name);
  return { to: parameterStepId(about.name), then: 'send', problem: about.problem };
}

/** The act with the answers, which are those of the start. */
function withValues({ act, form, answers }: ActDraft): Act {
  if (answers.size === 0) return act;
  const values = valuesToBuild(form, answers);
  return act.then === undefined
    ? { ...act, request: { ...act.request, ...values } }
    : { ...act, then: { ...act.then, ...values } };
}
