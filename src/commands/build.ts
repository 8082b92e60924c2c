import * as l10n from '@vscode/l10n';
import { ApiError } from '../api/errors.ts';
import type { FormField } from '../model/parameters.ts';
import type { Act, Begun } from './act.ts';
import { needsAnswer, valuesToBuild, type BuildForm } from './buildForm.ts';
import type { CommandContext } from './context.ts';
import { mayLeave } from './create/mayLeave.ts';
import { parameterStep, parameterStepId } from './create/parameterStep.ts';
import { followAct } from './followBuild.ts';
import { begin } from './makeBuild.ts';
import type { Target } from './target.ts';
import { runWizard, type Step } from './wizard.ts';

/**
 * Asks for what `form` needs, carries out `act`, and follows it to its end; where another build is active already, that
 * one is followed instead. Throws a `Refusal` where nothing was built, `Dismissed`, and ApiError.
 */
export async function build(context: CommandContext, target: Target, act: Act, form?: BuildForm): Promise<void> {
  let asked: Asked | undefined;
  try {
    asked = form === undefined ? await sent(context, target, act) : await askAndSend(context, target, act, form);
  } finally {
    form?.source.close();
  }
  if (asked !== undefined) await followAct(context, target, asked.act, asked.begun);
}

interface Asked {
  /** With the answers. */
  readonly act: Act;
  readonly begun: Begun;
}

async function sent(context: CommandContext, target: Target, act: Act): Promise<Asked | undefined> {
  const begun = await begin(context, target, act, (sentence) => context.ui.inform(sentence));
  return begun && { act, begun };
}

async function askAndSend(
  context: CommandContext,
  target: Target,
  act: Act,
  form: BuildForm,
): Promise<Asked | undefined> {
  const { ui } = context;
  const { workspace, signal } = target;
  const answers = new Map<string, string>();
  /** Parameters that the server asked for in its refusal. */
  const wanted = new Set<string>();
  let asked: Asked | undefined;

  const keep = (field: FormField) => async (value: string) => {
    answers.set(field.name, value);
    form.parameters = await ui.withDelayedProgress(
      l10n.t('Updating the parameters'),
      (stop) => form.source.after(new Map([...form.kept, ...answers]), stop),
      signal,
    );
    const problem = form.parameters.problems.get(field.name);
    return problem === undefined ? undefined : { to: parameterStepId(field.name), problem };
  };
  const send: Step = {
    id: 'send',
    isSilent: true,
    ask: async () => {
      try {
        asked = await sent(context, target, withValues(act, form, answers));
        return undefined;
      } catch (error) {
        const about = parameterOf(error, form.parameters.fields);
        if (about === undefined) throw error;
        wanted.add(about.name);
        return { to: parameterStepId(about.name), then: 'send', problem: about.problem };
      }
    },
  };
  await runWizard(
    () => [
      ...form.parameters.fields
        .filter((field) => answers.has(field.name) || wanted.has(field.name) || needsAnswer(field, form))
        .map((field) => {
          const last = form.kept.get(field.name);
          const answer = answers.get(field.name) ?? last;
          const title = l10n.t('{0}: {1}', workspace.name, field.label);
          const problem = answers.has(field.name) ? undefined : form.parameters.problems.get(field.name);
          const checked = { ...field, validate: (value: string) => field.validate(value, last) };
          return parameterStep({ field: checked, title, answer, problem, keep: keep(field) }, ui, signal);
        }),
      send,
    ],
    (error) =>
      mayLeave(
        error,
        [...answers.values()].some((value) => value !== ''),
        ui,
        signal,
        l10n.t('Discard your entries for {0}?', workspace.name),
      ),
  );
  return asked;
}

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
