import type { CoderClient } from '../../src/api/client.ts';
import { ApiError } from '../../src/api/errors.ts';
import * as general from '../../src/api/general.ts';
import type { Template } from '../../src/api/schemas/templates.ts';
import type { User } from '../../src/api/schemas/users.ts';
import * as templatesApi from '../../src/api/templates.ts';
import * as templateVersions from '../../src/api/templateVersions.ts';
import * as users from '../../src/api/users.ts';
import { ageOf, type Age } from './age.ts';
import { CannotBegin } from './cannotBegin.ts';

/** Templates by how they behave: `dev` is the usual one, the others do on purpose what is seldom met. */
export const roles = ['dev', 'slow', 'hang', 'no-cancel', 'failing', 'dynamic'] as const;
export type Role = (typeof roles)[number];

/** What the suite learned of a deployment before its first check. */
export interface Facts {
  readonly age: Age;
  readonly version: string;
  readonly me: User;
  readonly isSiteOwner: boolean;
  /** Today only they may read a build's state (contract 2.13). */
  readonly mayChangeTemplates: boolean;
  readonly templates: ReadonlyMap<Role, Template>;
}

/** @throws ApiError; CannotBegin if a template is named that does not exist. */
export const learnFacts = async (
  client: CoderClient,
  named: string | undefined,
  signal: AbortSignal,
): Promise<Facts> => {
  const info = await general.buildInfo(client.calls, signal);
  const me = await users.me(client.calls, signal);
  const all = await allTemplates(client, signal);
  const templates = byRole(all, named);
  return {
    age: ageOf({
      richParameters: await richParameters(client, all, signal),
      parameterFlow: all.length === 0 ? undefined : all.some((each) => each.use_classic_parameter_flow !== undefined),
      dashboardUrl: info.dashboard_url !== undefined,
    }),
    version: info.version,
    me,
    isSiteOwner: me.roles.some((role) => role.name === 'owner'),
    mayChangeTemplates: await mayChange(client, templates.get('dev') ?? all[0], signal),
    templates,
  };
};

const allTemplates = async (client: CoderClient, signal: AbortSignal): Promise<Template[]> => {
  const organizations = await users.organizations(client.calls, 'me', signal);
  const lists = await Promise.all(organizations.map(({ id }) => templatesApi.list(client.calls, id, signal)));
  return lists.flat().filter((template) => !template.deprecated);
};

const byRole = (all: readonly Template[], named: string | undefined): ReadonlyMap<Role, Template> => {
  const found = new Map<Role, Template>();
  for (const role of roles) {
    const template = all.find((each) => each.name === role);
    if (template !== undefined) found.set(role, template);
  }
  if (named !== undefined) {
    const template = all.find((each) => each.name === named);
    if (template === undefined)
      throw new CannotBegin(`There is no template “${named}” here, or this token may not see it.`);
    found.set('dev', template);
  }
  return found;
};

const richParameters = async (
  client: CoderClient,
  all: readonly Template[],
  signal: AbortSignal,
): Promise<boolean | undefined> => {
  for (const { active_version_id: id } of all) {
    if (id === undefined) continue;
    try {
      await templateVersions.richParameters(client.calls, id, signal);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === 'routeNotFound') return false;
      // A version that failed to import tells nothing: another one may.
    }
  }
  return undefined;
};

const mayChange = async (
  client: CoderClient,
  template: Template | undefined,
  signal: AbortSignal,
): Promise<boolean> => {
  if (template === undefined) return false;
  const question = { action: 'update', object: { resource_type: 'template', resource_id: template.id } };
  return (await general.authCheck(client.calls, { template: question }, signal)).template === true;
};
