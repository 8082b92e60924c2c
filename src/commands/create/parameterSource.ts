import * as templateVersions from '../../api/templateVersions.ts';
import { fieldsFromLegacy, fieldsFromRich, imagesOf, type FormField } from '../../model/parameters.ts';
import type { Session } from '../../model/session.ts';
import { Refusal } from '../refusal.ts';
import { readDynamic, type FixedParameter } from './dynamicForm.ts';
import { LiveForm, type LiveFormOf } from './liveForm.ts';

/** What a version asks for, as the answers stand. */
export interface Parameters {
  readonly age: 'legacy' | 'rich';
  readonly fields: readonly FormField[];
  /** Those that are shown only. */
  readonly fixed: readonly FixedParameter[];
  /** What the server says about the answers, by parameter name; only of forms that depend on their answers. */
  readonly problems: ReadonlyMap<string, string>;
}

export interface ParametersOf extends LiveFormOf {
  /** The template's `use_classic_parameter_flow` is false (contract 1.9). */
  readonly isDynamic: boolean;
}

/** Where a version's parameters come from. */
export interface ParameterSource {
  /** As they are after `answers`. @throws ApiError; a Refusal where the server cannot make a form of it */
  after(answers: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Parameters>;
  close(): void;
}

/** The deployment, as somebody signed in. */
type Deployment = Pick<Session, 'calls' | 'url'>;

/** The parameters of one version, read once or, where they depend on the answers, live; lives no longer than `signal`. */
export function parameterSource({ calls, url }: Deployment, of: ParametersOf, signal: AbortSignal): ParameterSource {
  if (!of.isDynamic) {
    let read: Parameters | undefined;
    return { after: async (_, stop) => (read ??= await readClassic({ calls, url }, of, stop)), close: () => undefined };
  }
  const form = new LiveForm(calls, of, signal);
  return {
    after: async (answers, stop) => {
      const { failure, ...read } = readDynamic(await form.after(Object.fromEntries(answers), stop), imagesOf(url));
      if (failure !== undefined) throw new Refusal(failure);
      return { age: 'rich', ...read };
    },
    close: () => form.close(),
  };
}

async function readClassic(
  { calls, url }: Deployment,
  { versionId }: ParametersOf,
  signal: AbortSignal,
): Promise<Parameters> {
  const read = await templateVersions.parameters(calls, versionId, signal);
  const none = { fixed: [], problems: new Map<string, string>() };
  return read.kind === 'legacy'
    ? { age: 'legacy', fields: fieldsFromLegacy(read.schema), ...none }
    : { age: 'rich', fields: fieldsFromRich(read.parameters, imagesOf(url)), ...none };
}
