/** What a new build is made of, for both ways to make one. */
import type { Engine } from '../engine.ts';
import { optionalList, optionalText, Refusal, type Body } from '../exchange.ts';
import type { Build, TemplateVersion } from '../model.ts';
import type { ParameterValue } from '../template-spec.ts';
import { resolveClassic, resolveDynamic } from '../parameters.ts';
import { must } from '../store.ts';

/** Refuses a version whose import has not ended well: 406; 412 in V0, 400 in V2. */
export function checkImported(engine: Engine, version: TemplateVersion): void {
  const { job } = version;
  if (job.completedAt === undefined) throw new Refusal(406, 'The provided template version is importing. Wait for it.');
  if (job.error !== undefined || job.canceledAt !== undefined)
    throw new Refusal(
      engine.store.age.notNow,
      'The provided template version has failed to import.',
      engine.store.age.name === 'v2' ? { detail: job.error ?? 'canceled' } : {},
    );
}

const values = (list: readonly Body[], valueField: string): ParameterValue[] =>
  list.map((item) => ({ name: optionalText(item, 'name') ?? '', value: optionalText(item, valueField) ?? '' }));

/** The parameter values that a build gets: V0 takes what comes, V2 checks it by the template's flow. */
export function chosenParameters(
  { store }: Engine,
  version: TemplateVersion,
  body: Body,
  previous: Build | undefined,
): ParameterValue[] {
  if (store.age.name === 'v0') {
    const given = values(optionalList(body, 'parameter_values'), 'source_value').filter((item) => item.value !== '');
    return [...(previous?.parameters ?? []).filter((old) => !given.some((item) => item.name === old.name)), ...given];
  }
  const given = values(optionalList(body, 'rich_parameter_values'), 'value');
  const classic = must(store.templates, version.templateId ?? '').classicParameters;
  return classic ? resolveClassic(version, given, previous) : resolveDynamic(version, given, previous);
}
