import { newId } from '../deployment/ids.ts';
import type { TemplateVersion, Workspace } from '../deployment/model.ts';
import { rich } from '../deployment/richParameter.ts';
import type { LegacyParameter, RichParameter, TemplateSpec } from '../deployment/template-spec.ts';
import { latestBuild, must } from '../deployment/store.ts';
import { until } from './session-fixture.ts';
import type { VerbFixture } from './verb-fixture.ts';

export const stored = ({ deployment, id }: Pick<VerbFixture, 'deployment' | 'id'>, name: string): Workspace =>
  must(deployment.store.workspaces, id(name));

export const templateOf = (verbs: VerbFixture, name: string) =>
  must(verbs.deployment.store.templates, stored(verbs, name).templateId);

/** The template of `name` gets a version like the last one but for `change`, which is active from now on. */
export async function publishFor(
  verbs: VerbFixture,
  name: string,
  change: (spec: TemplateSpec) => Partial<TemplateSpec> = () => ({}),
): Promise<TemplateVersion> {
  const { store } = verbs.deployment;
  const workspace = stored(verbs, name);
  const old = must(store.versions, latestBuild(workspace).versionId);
  const id = newId();
  const spec = { ...old.spec, ...change(old.spec) };
  // In the same millisecond as another it would not be known for the newest.
  const newer = { ...old, id, name: `newer-${id.slice(0, 4)}`, spec, createdAt: store.clock.now() };
  store.versions.set(id, newer);
  must(store.templates, workspace.templateId).activeVersionId = id;
  verbs.deployment.changed(workspace);
  await verbs.session.refetch(workspace.id as never);
  await until('it is outdated', () => verbs.known(name).outdated);
  return newer;
}

/** What the latest build was made with. */
export const valuesOf = (verbs: VerbFixture, name: string): Record<string, string> =>
  Object.fromEntries(latestBuild(stored(verbs, name)).parameters.map((each) => [each.name, each.value]));

/** One parameter more, required, in both ages. */
export const withTeam =
  (more: Partial<RichParameter> = {}) =>
  (spec: TemplateSpec): Partial<TemplateSpec> => {
    const team: LegacyParameter = {
      id: newId(),
      name: 'team',
      description: '',
      defaultValue: undefined,
      allowOverride: true,
      redisplay: true,
      validationError: '',
      validationCondition: '',
      contains: [],
    };
    return {
      parameters: [...spec.parameters, rich('team', more)],
      legacyParameters: [...spec.legacyParameters, team],
    };
  };
