import * as l10n from '@vscode/l10n';
import type { CoderClient } from '../../api/client.ts';
import type { ParameterValues } from '../../api/requests.ts';
import { legacyValues, richValues, type FormField } from '../../model/parameters.ts';
import type { Ui } from '../ui.ts';
import { runWizard, type Step } from '../wizard.ts';
import { mayLeave } from './mayLeave.ts';
import { parameterSource, type ParametersOf } from './parameterSource.ts';
import { parameterStep, parameterStepId } from './parameterStep.ts';

export interface ParameterRequest extends ParametersOf {
  /** Of a prompt, for a parameter's label. */
  readonly title: (label: string) => string;
  /** The values of the last build, by name. */
  readonly known: ReadonlyMap<string, string>;
  /** Whether to ask for a parameter; `problem`: what the server says about the value that it has. */
  readonly asks: (field: FormField, problem: string | undefined) => boolean;
  /** What the server has refused, by name: asked for again, with its sentence. */
  readonly refused?: ReadonlyMap<string, string>;
}

/**
 * Asks for parameters of a version, beginning with the known values, and gives the answers alone: what was not asked for
 * is not among them. Asks nothing where there is nothing to ask. @throws Dismissed, ApiError, Refusal
 */
export async function askForParameters(
  { ui, client, signal }: { readonly ui: Ui; readonly client: CoderClient; readonly signal: AbortSignal },
  request: ParameterRequest,
): Promise<ParameterValues> {
  const { known, refused, title } = request;
  const answers = new Map<string, string>();
  const source = parameterSource(client, request, signal);
  const read = () =>
    ui.withDelayedProgress(
      l10n.t('Loading the parameters'),
      (stop) => source.after(new Map([...known, ...answers]), stop),
      signal,
    );
  try {
    let form = await read();
    const stepFor = (field: FormField): Step =>
      parameterStep(
        {
          field: { ...field, validate: (value) => field.validate(value, known.get(field.name)) },
          title: title(field.label),
          answer: answers.get(field.name) ?? (field.ephemeral ? undefined : known.get(field.name)),
          problem: form.problems.get(field.name) ?? (answers.has(field.name) ? undefined : refused?.get(field.name)),
          keep: async (value) => {
            answers.set(field.name, value);
            form = await read();
            const problem = form.problems.get(field.name);
            return problem === undefined ? undefined : { to: parameterStepId(field.name), problem };
          },
        },
        ui,
        signal,
      );
    const isAsked = (field: FormField): boolean =>
      answers.has(field.name) ||
      refused?.has(field.name) === true ||
      request.asks(field, form.problems.get(field.name));
    await runWizard(
      () => form.fields.filter(isAsked).map(stepFor),
      (error) => mayLeave(error, answers.size > 0, ui, signal, l10n.t('Discard your answers?')),
    );
    return form.age === 'legacy'
      ? { kind: 'legacy', values: legacyValues(form.fields, answers) }
      : { kind: 'rich', values: richValues(form.fields, answers) };
  } finally {
    source.close();
  }
}
