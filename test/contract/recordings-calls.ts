import * as agents from '../../src/api/agents.ts';
import * as builds from '../../src/api/builds.ts';
import type { CoderClient } from '../../src/api/client.ts';
import * as general from '../../src/api/general.ts';
import * as instanceIdentity from '../../src/api/instanceIdentity.ts';
import * as operations from '../../src/api/operations.ts';
import * as portShares from '../../src/api/portShares.ts';
import * as templates from '../../src/api/templates.ts';
import * as templateVersions from '../../src/api/templateVersions.ts';
import * as tokens from '../../src/api/tokens.ts';
import type {
  AgentId,
  BuildId,
  EpochMs,
  Milliseconds,
  Nanoseconds,
  OrganizationId,
  TemplateId,
  TemplateVersionId,
  UserId,
  WorkspaceId,
} from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import * as workspaceSettings from '../../src/api/workspaceSettings.ts';
import type { Exchange } from '../recorded.ts';

/** The client's method for a recorded request, called with what the recording asked. */
export type Call = (client: CoderClient, signal: AbortSignal) => Promise<unknown>;

interface Parts {
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

type Route = readonly [method: string, path: RegExp, call: (parts: Parts) => Call];

const ID = '([^/]+)';
const at = (path: string): RegExp => new RegExp(`^/api/v2${path.replaceAll('*', ID)}$`);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: string | null): { readonly n?: number } => (value === null ? {} : { n: Number(value) });
const workspace = (id: string | undefined) => id as WorkspaceId;
const build = (id: string | undefined) => id as BuildId;
const version = (id: string | undefined) => id as TemplateVersionId;
const agent = (id: string | undefined) => id as AgentId;
const organization = (id: string | undefined) => id as OrganizationId;
const template = (id: string | undefined) => id as TemplateId;

const listing = (query: URLSearchParams) => {
  const q = query.get('q');
  const { n: limit } = number(query.get('limit'));
  const { n: offset } = number(query.get('offset'));
  return {
    ...(q === null ? {} : { q }),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
  };
};

const creating = ({ body }: Parts, organizationId: string | undefined) => ({
  organizationId: organization(organizationId),
  templateId: template(text(body.template_id)),
  name: text(body.name),
  parameters: { kind: 'rich', values: [] } as const,
});

const routes: readonly Route[] = [
  ['GET', at('/buildinfo'), () => (client, signal) => general.buildInfo(client.calls, signal)],
  ['GET', at('/updatecheck'), () => (client, signal) => general.updateCheck(client.calls, signal)],
  ['GET', at('/applications/host'), () => (client, signal) => general.applicationHost(client.calls, signal)],
  ['GET', at('/deployment/ssh'), () => (client, signal) => general.sshSettings(client.calls, signal)],
  [
    'POST',
    at('/authcheck'),
    ({ body }) =>
      (client, signal) =>
        general.authCheck(client.calls, body.checks as Parameters<typeof general.authCheck>[1], signal),
  ],
  ['GET', at('/users/authmethods'), () => (client, signal) => users.authMethods(client.calls, signal)],
  ['GET', at('/users/me'), () => (client, signal) => users.me(client.calls, signal)],
  [
    'GET',
    at('/users'),
    ({ query }) =>
      (client, signal) =>
        users.list(client.calls, listing(query), signal),
  ],
  [
    'GET',
    at('/users/*/organizations'),
    ({ ids }) =>
      (client, signal) =>
        users.organizations(client.calls, ids[0] ?? '', signal),
  ],
  [
    'GET',
    at('/users/*/keys/tokens'),
    ({ ids }) =>
      (client, signal) =>
        tokens.list(client.calls, ids[0] ?? '', signal),
  ],
  [
    'GET',
    at('/users/*/keys/tokens/tokenconfig'),
    ({ ids }) =>
      (client, signal) =>
        tokens.limits(client.calls, ids[0] ?? '', signal),
  ],
  [
    'POST',
    at('/users/*/keys/tokens'),
    ({ ids, body }) =>
      (client, signal) =>
        tokens.make(
          client.calls,
          ids[0] ?? '',
          { lifetime: Number(body.lifetime) as Nanoseconds, name: text(body.token_name) },
          signal,
        ),
  ],
  [
    'POST',
    at('/users/*/keys'),
    ({ ids }) =>
      (client, signal) =>
        tokens.makeKey(client.calls, ids[0] ?? '', signal),
  ],
  [
    'DELETE',
    at('/users/*/keys/*'),
    ({ ids }) =>
      (client, signal) =>
        tokens.revoke(client.calls, ids[0] ?? '', ids[1] ?? '', signal),
  ],
  [
    'POST',
    at('/users/login'),
    ({ body }) =>
      (client, signal) =>
        tokens.logIn(client.calls, text(body.email), text(body.password), signal),
  ],
  ['POST', at('/users/logout'), () => (client, signal) => tokens.logOut(client.calls, signal)],
  [
    'GET',
    at('/users/*'),
    ({ ids }) =>
      (client, signal) =>
        users.get(client.calls, ids[0] ?? '', signal),
  ],
  [
    'GET',
    at('/users/*/workspace/*'),
    ({ ids, query }) =>
      (client, signal) =>
        workspaces.getByOwnerAndName(
          client.calls,
          ids[0] ?? '',
          ids[1] ?? '',
          { includeDeleted: query.has('include_deleted') },
          signal,
        ),
  ],
  [
    'GET',
    at('/users/*/workspace/*/builds/*'),
    ({ ids }) =>
      (client, signal) =>
        builds.getByNumber(client.calls, ids[0] ?? '', ids[1] ?? '', Number(ids[2]), signal),
  ],
  [
    'GET',
    at('/organizations/*/members/*/workspace-quota'),
    ({ ids }) =>
      (client, signal) =>
        users.quota(client.calls, organization(ids[0]), ids[1] ?? '', signal),
  ],
  [
    'GET',
    at('/users/*/quiet-hours'),
    ({ ids }) =>
      (client, signal) =>
        users.quietHours(client.calls, ids[0] ?? '', signal),
  ],
  [
    'GET',
    at('/workspace-quota/*'),
    ({ ids }) =>
      (client, signal) =>
        users.quota(client.calls, organization('00000000-0000-4000-8000-000000000000'), ids[0] ?? '', signal),
  ],
  [
    'GET',
    at('/workspaces'),
    ({ query }) =>
      (client, signal) =>
        workspaces.list(client.calls, listing(query), signal),
  ],
  [
    'POST',
    at('/organizations/*/members/*/workspaces'),
    (parts) => (client, signal) => {
      client.features.missing.add(operations.createWorkspace);
      return workspaces.create(client.calls, creating(parts, parts.ids[0]), signal);
    },
  ],
  [
    'POST',
    at('/users/*/workspaces'),
    (parts) => (client, signal) => workspaces.create(client.calls, creating(parts, ''), signal),
  ],
  [
    'GET',
    at('/workspaces/*'),
    ({ ids, query }) =>
      (client, signal) =>
        workspaces.get(client.calls, workspace(ids[0]), { includeDeleted: query.has('include_deleted') }, signal),
  ],
  [
    'PATCH',
    at('/workspaces/*'),
    ({ ids, body }) =>
      (client, signal) =>
        workspaceSettings.rename(client.calls, workspace(ids[0]), text(body.name), signal),
  ],
  [
    'PUT',
    at('/workspaces/*/autostart'),
    ({ ids, body }) =>
      (client, signal) =>
        workspaceSettings.updateAutostart(client.calls, workspace(ids[0]), text(body.schedule), signal),
  ],
  [
    'PUT',
    at('/workspaces/*/ttl'),
    ({ ids, body }) =>
      (client, signal) =>
        workspaceSettings.updateTtl(client.calls, workspace(ids[0]), Number(body.ttl_ms ?? 0) as Milliseconds, signal),
  ],
  [
    'PUT',
    at('/workspaces/*/extend'),
    ({ ids, body }) =>
      (client, signal) =>
        workspaceSettings.extend(
          client.calls,
          workspace(ids[0]),
          (Date.parse(text(body.deadline)) || 0) as EpochMs,
          signal,
        ),
  ],
  [
    'GET',
    at('/workspaces/*/builds'),
    ({ ids, query }) =>
      (client, signal) =>
        workspaces.builds(client.calls, workspace(ids[0]), listing(query), signal),
  ],
  [
    'POST',
    at('/workspaces/*/builds'),
    ({ ids, body }) =>
      (client, signal) =>
        workspaces.createBuild(
          client.calls,
          workspace(ids[0]),
          { transition: text(body.transition) as 'start' },
          signal,
        ),
  ],
  [
    'PUT',
    at('/workspaces/*/favorite'),
    ({ ids }) =>
      (client, signal) =>
        workspaceSettings.setFavorite(client.calls, workspace(ids[0]), true, signal),
  ],
  [
    'DELETE',
    at('/workspaces/*/favorite'),
    ({ ids }) =>
      (client, signal) =>
        workspaceSettings.setFavorite(client.calls, workspace(ids[0]), false, signal),
  ],
  [
    'PUT',
    at('/workspaces/*/dormant'),
    ({ ids, body }) =>
      (client, signal) =>
        workspaceSettings.setDormant(client.calls, workspace(ids[0]), body.dormant === true, signal),
  ],
  [
    'PUT',
    at('/workspaces/*/autoupdates'),
    ({ ids }) =>
      (client, signal) =>
        workspaceSettings.setAutomaticUpdates(client.calls, workspace(ids[0]), 'always', signal),
  ],
  [
    'GET',
    at('/workspaces/*/resolve-autostart'),
    ({ ids }) =>
      (client, signal) =>
        workspaces.autostartNeedsInput(client.calls, workspace(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspaces/*/port-share'),
    ({ ids }) =>
      (client, signal) =>
        portShares.list(client.calls, workspace(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspaces/*/timings'),
    ({ ids }) =>
      (client, signal) =>
        workspaces.timings(client.calls, workspace(ids[0]), signal),
  ],
  [
    'POST',
    at('/workspaces/*/usage'),
    ({ ids }) =>
      (client, signal) =>
        workspaces.reportUsage(client.calls, workspace(ids[0]), undefined, signal),
  ],
  [
    'GET',
    at('/workspacebuilds/*'),
    ({ ids }) =>
      (client, signal) =>
        builds.get(client.calls, build(ids[0]), signal),
  ],
  [
    'PATCH',
    at('/workspacebuilds/*/cancel'),
    ({ ids, query }) =>
      (client, signal) =>
        builds.cancel(
          client.calls,
          build(ids[0]),
          query.has('expect_status') ? { expectStatus: query.get('expect_status') as 'pending' } : {},
          signal,
        ),
  ],
  [
    'GET',
    at('/workspacebuilds/*/logs'),
    ({ ids, query }) =>
      (client, signal) => {
        const { n: after } = number(query.get('after'));
        return builds.logs(client.calls, build(ids[0]), after === undefined ? {} : { after }, signal);
      },
  ],
  [
    'GET',
    at('/workspacebuilds/*/resources'),
    ({ ids }) =>
      (client, signal) =>
        builds.resources(client.calls, build(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspacebuilds/*/state'),
    ({ ids }) =>
      (client, signal) =>
        builds.state(client.calls, build(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspacebuilds/*/parameters'),
    ({ ids }) =>
      (client, signal) =>
        builds.parameters(client.calls, build(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspacebuilds/*/timings'),
    ({ ids }) =>
      (client, signal) =>
        builds.timings(client.calls, build(ids[0]), signal),
  ],
  [
    'GET',
    at('/organizations/*/templates'),
    ({ ids }) =>
      (client, signal) =>
        templates.list(client.calls, organization(ids[0]), signal),
  ],
  [
    'GET',
    at('/organizations/*/templates/*'),
    ({ ids }) =>
      (client, signal) =>
        templates.getByName(client.calls, organization(ids[0]), ids[1] ?? '', signal),
  ],
  [
    'GET',
    at('/templates/*'),
    ({ ids }) =>
      (client, signal) =>
        templates.get(client.calls, template(ids[0]), signal),
  ],
  [
    'GET',
    at('/templates/*/versions'),
    ({ ids, query }) =>
      (client, signal) =>
        templates.versions(client.calls, template(ids[0]), { includeArchived: query.has('include_archived') }, signal),
  ],
  [
    'GET',
    at('/templateversions/*'),
    ({ ids }) =>
      (client, signal) =>
        templateVersions.get(client.calls, version(ids[0]), signal),
  ],
  [
    'GET',
    at('/templateversions/*/schema'),
    ({ ids }) =>
      (client, signal) =>
        templateVersions.schema(client.calls, version(ids[0]), signal),
  ],
  [
    'GET',
    at('/templateversions/*/rich-parameters'),
    ({ ids }) =>
      (client, signal) =>
        templateVersions.richParameters(client.calls, version(ids[0]), signal),
  ],
  [
    'GET',
    at('/templateversions/*/presets'),
    ({ ids }) =>
      (client, signal) =>
        templateVersions.presets(client.calls, version(ids[0]), signal),
  ],
  [
    'GET',
    at('/templateversions/*/external-auth'),
    ({ ids }) =>
      (client, signal) =>
        templateVersions.externalAuth(client.calls, version(ids[0]), signal),
  ],
  [
    'POST',
    at('/templateversions/*/dynamic-parameters/evaluate'),
    ({ ids }) =>
      (client, signal) =>
        templateVersions.evaluate(
          client.calls,
          version(ids[0]),
          { inputs: { size: 'l' }, ownerId: 'someone' as UserId },
          signal,
        ),
  ],
  [
    'GET',
    at('/workspaceagents/*'),
    ({ ids }) =>
      (client, signal) =>
        agents.get(client.calls, agent(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspaceagents/*/listening-ports'),
    ({ ids }) =>
      (client, signal) =>
        agents.listeningPorts(client.calls, agent(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspaceagents/*/logs'),
    ({ ids }) =>
      (client, signal) =>
        agents.logs(client.calls, agent(ids[0]), {}, signal),
  ],
  [
    'POST',
    at('/workspaceagents/aws-instance-identity'),
    ({ body }) =>
      (client, signal) =>
        instanceIdentity.exchange(
          client.calls,
          { cloud: 'aws', document: text(body.document), signature: text(body.signature) },
          undefined,
          signal,
        ),
  ],
  [
    'POST',
    at('/workspaceagents/azure-instance-identity'),
    ({ body }) =>
      (client, signal) =>
        instanceIdentity.exchange(
          client.calls,
          { cloud: 'azure', encoding: text(body.encoding), signature: text(body.signature) },
          undefined,
          signal,
        ),
  ],
  [
    'POST',
    at('/workspaceagents/google-instance-identity'),
    ({ body }) =>
      (client, signal) =>
        instanceIdentity.exchange(
          client.calls,
          { cloud: 'google', jsonWebToken: text(body.json_web_token) },
          undefined,
          signal,
        ),
  ],
];

/** The call that a recorded exchange belongs to; nothing where the client has no such method. */
export const callFor = ({ request }: Exchange): Call | undefined => {
  const url = new URL(request.path, 'http://replay.test');
  for (const [method, path, call] of routes) {
    const match = method === request.method ? path.exec(url.pathname) : null;
    if (match === null) continue;
    const body = typeof request.body === 'object' && request.body !== null ? request.body : {};
    return call({ ids: match.slice(1).map(decodeURIComponent), query: url.searchParams, body: { ...body } });
  }
  return undefined;
};

/** Recorded routes that this extension has no use for, so that the client has no method. */
export const unused: readonly string[] = [
  'acl',
  'acl-*',
  'api-root',
  'appearance',
  'available-users',
  'containers',
  'entitlements',
  'experiments',
  'first-user-create',
  'first-user-missing',
  'healthz',
  'legacy-parameters',
  'logs-text',
  'not-api-path',
  'notifications-inbox',
  'organizations',
  'quiet-hours',
  'regions',
  'route-not-found',
  'template-create-*',
  'template-version-create-*',
  'templates-all',
  'templates-bad-query',
  'variables',
  'version-parameters',
];
