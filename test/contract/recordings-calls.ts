import type { WholeClient } from '../../src/api/wholeClient.ts';
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
import type { Exchange } from './replay.ts';

/** The client's method for a recorded request, called with what the recording asked. */
export type Call = (client: WholeClient, signal: AbortSignal) => Promise<unknown>;

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
  ['GET', at('/buildinfo'), () => (client, signal) => client.general.buildInfo(signal)],
  ['GET', at('/updatecheck'), () => (client, signal) => client.general.updateCheck(signal)],
  ['GET', at('/applications/host'), () => (client, signal) => client.general.applicationHost(signal)],
  ['GET', at('/deployment/ssh'), () => (client, signal) => client.general.sshSettings(signal)],
  [
    'POST',
    at('/authcheck'),
    ({ body }) =>
      (client, signal) =>
        client.general.authCheck(body.checks as Parameters<typeof client.general.authCheck>[0], signal),
  ],
  ['GET', at('/users/authmethods'), () => (client, signal) => client.users.authMethods(signal)],
  ['GET', at('/users/me'), () => (client, signal) => client.users.me(signal)],
  [
    'GET',
    at('/users'),
    ({ query }) =>
      (client, signal) =>
        client.users.list(listing(query), signal),
  ],
  [
    'GET',
    at('/users/*/organizations'),
    ({ ids }) =>
      (client, signal) =>
        client.users.organizations(ids[0] ?? '', signal),
  ],
  [
    'GET',
    at('/users/*/keys/tokens'),
    ({ ids }) =>
      (client, signal) =>
        client.tokens.list(ids[0] ?? '', signal),
  ],
  [
    'GET',
    at('/users/*/keys/tokens/tokenconfig'),
    ({ ids }) =>
      (client, signal) =>
        client.tokens.limits(ids[0] ?? '', signal),
  ],
  [
    'POST',
    at('/users/*/keys/tokens'),
    ({ ids, body }) =>
      (client, signal) =>
        client.tokens.make(
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
        client.tokens.makeKey(ids[0] ?? '', signal),
  ],
  [
    'DELETE',
    at('/users/*/keys/*'),
    ({ ids }) =>
      (client, signal) =>
        client.tokens.revoke(ids[0] ?? '', ids[1] ?? '', signal),
  ],
  [
    'POST',
    at('/users/login'),
    ({ body }) =>
      (client, signal) =>
        client.tokens.logIn(text(body.email), text(body.password), signal),
  ],
  ['POST', at('/users/logout'), () => (client, signal) => client.tokens.logOut(signal)],
  [
    'GET',
    at('/users/*'),
    ({ ids }) =>
      (client, signal) =>
        client.users.get(ids[0] ?? '', signal),
  ],
  [
    'GET',
    at('/users/*/workspace/*'),
    ({ ids, query }) =>
      (client, signal) =>
        client.workspaces.getByOwnerAndName(
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
        client.builds.getByNumber(ids[0] ?? '', ids[1] ?? '', Number(ids[2]), signal),
  ],
  [
    'GET',
    at('/organizations/*/members/*/workspace-quota'),
    ({ ids }) =>
      (client, signal) =>
        client.users.quota(organization(ids[0]), ids[1] ?? '', signal),
  ],
  [
    'GET',
    at('/workspace-quota/*'),
    ({ ids }) =>
      (client, signal) =>
        client.users.quota(organization('00000000-0000-4000-8000-000000000000'), ids[0] ?? '', signal),
  ],
  [
    'GET',
    at('/workspaces'),
    ({ query }) =>
      (client, signal) =>
        client.workspaces.list(listing(query), signal),
  ],
  [
    'POST',
    at('/organizations/*/members/*/workspaces'),
    (parts) => (client, signal) => {
      client.features.createRoute = 'organization';
      return client.workspaces.create(creating(parts, parts.ids[0]), signal);
    },
  ],
  [
    'POST',
    at('/users/*/workspaces'),
    (parts) => (client, signal) => client.workspaces.create(creating(parts, ''), signal),
  ],
  [
    'GET',
    at('/workspaces/*'),
    ({ ids, query }) =>
      (client, signal) =>
        client.workspaces.get(workspace(ids[0]), { includeDeleted: query.has('include_deleted') }, signal),
  ],
  [
    'PATCH',
    at('/workspaces/*'),
    ({ ids, body }) =>
      (client, signal) =>
        client.workspaces.rename(workspace(ids[0]), text(body.name), signal),
  ],
  [
    'PUT',
    at('/workspaces/*/autostart'),
    ({ ids, body }) =>
      (client, signal) =>
        client.workspaces.updateAutostart(workspace(ids[0]), text(body.schedule), signal),
  ],
  [
    'PUT',
    at('/workspaces/*/ttl'),
    ({ ids, body }) =>
      (client, signal) =>
        client.workspaces.updateTtl(workspace(ids[0]), Number(body.ttl_ms ?? 0) as Milliseconds, signal),
  ],
  [
    'PUT',
    at('/workspaces/*/extend'),
    ({ ids, body }) =>
      (client, signal) =>
        client.workspaces.extend(workspace(ids[0]), (Date.parse(text(body.deadline)) || 0) as EpochMs, signal),
  ],
  [
    'GET',
    at('/workspaces/*/builds'),
    ({ ids, query }) =>
      (client, signal) =>
        client.workspaces.builds(workspace(ids[0]), listing(query), signal),
  ],
  [
    'POST',
    at('/workspaces/*/builds'),
    ({ ids, body }) =>
      (client, signal) =>
        client.workspaces.createBuild(workspace(ids[0]), { transition: text(body.transition) as 'start' }, signal),
  ],
  [
    'PUT',
    at('/workspaces/*/favorite'),
    ({ ids }) =>
      (client, signal) =>
        client.workspaceExtras.setFavorite(workspace(ids[0]), true, signal),
  ],
  [
    'DELETE',
    at('/workspaces/*/favorite'),
    ({ ids }) =>
      (client, signal) =>
        client.workspaceExtras.setFavorite(workspace(ids[0]), false, signal),
  ],
  [
    'PUT',
    at('/workspaces/*/dormant'),
    ({ ids, body }) =>
      (client, signal) =>
        client.workspaceExtras.setDormant(workspace(ids[0]), body.dormant === true, signal),
  ],
  [
    'PUT',
    at('/workspaces/*/autoupdates'),
    ({ ids }) =>
      (client, signal) =>
        client.workspaceExtras.setAutomaticUpdates(workspace(ids[0]), 'always', signal),
  ],
  [
    'GET',
    at('/workspaces/*/resolve-autostart'),
    ({ ids }) =>
      (client, signal) =>
        client.workspaceExtras.autostartNeedsInput(workspace(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspaces/*/port-share'),
    ({ ids }) =>
      (client, signal) =>
        client.workspaceExtras.portShares(workspace(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspaces/*/timings'),
    ({ ids }) =>
      (client, signal) =>
        client.workspaceExtras.timings(workspace(ids[0]), signal),
  ],
  [
    'POST',
    at('/workspaces/*/usage'),
    ({ ids }) =>
      (client, signal) =>
        client.workspaceExtras.reportUsage(workspace(ids[0]), undefined, signal),
  ],
  [
    'GET',
    at('/workspacebuilds/*'),
    ({ ids }) =>
      (client, signal) =>
        client.builds.get(build(ids[0]), signal),
  ],
  [
    'PATCH',
    at('/workspacebuilds/*/cancel'),
    ({ ids, query }) =>
      (client, signal) =>
        client.builds.cancel(
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
        return client.builds.logs(build(ids[0]), after === undefined ? {} : { after }, signal);
      },
  ],
  [
    'GET',
    at('/workspacebuilds/*/resources'),
    ({ ids }) =>
      (client, signal) =>
        client.builds.resources(build(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspacebuilds/*/state'),
    ({ ids }) =>
      (client, signal) =>
        client.builds.state(build(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspacebuilds/*/parameters'),
    ({ ids }) =>
      (client, signal) =>
        client.builds.parameters(build(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspacebuilds/*/timings'),
    ({ ids }) =>
      (client, signal) =>
        client.builds.timings(build(ids[0]), signal),
  ],
  [
    'GET',
    at('/organizations/*/templates'),
    ({ ids }) =>
      (client, signal) =>
        client.templates.list(organization(ids[0]), signal),
  ],
  [
    'GET',
    at('/organizations/*/templates/*'),
    ({ ids }) =>
      (client, signal) =>
        client.templates.getByName(organization(ids[0]), ids[1] ?? '', signal),
  ],
  [
    'GET',
    at('/templates/*'),
    ({ ids }) =>
      (client, signal) =>
        client.templates.get(template(ids[0]), signal),
  ],
  [
    'GET',
    at('/templates/*/versions'),
    ({ ids, query }) =>
      (client, signal) =>
        client.templates.versions(template(ids[0]), { includeArchived: query.has('include_archived') }, signal),
  ],
  [
    'GET',
    at('/templateversions/*'),
    ({ ids }) =>
      (client, signal) =>
        client.templateVersions.get(version(ids[0]), signal),
  ],
  [
    'GET',
    at('/templateversions/*/schema'),
    ({ ids }) =>
      (client, signal) =>
        client.templateVersions.schema(version(ids[0]), signal),
  ],
  [
    'GET',
    at('/templateversions/*/rich-parameters'),
    ({ ids }) =>
      (client, signal) =>
        client.templateVersions.richParameters(version(ids[0]), signal),
  ],
  [
    'GET',
    at('/templateversions/*/presets'),
    ({ ids }) =>
      (client, signal) =>
        client.templateVersions.presets(version(ids[0]), signal),
  ],
  [
    'GET',
    at('/templateversions/*/external-auth'),
    ({ ids }) =>
      (client, signal) =>
        client.templateVersions.externalAuth(version(ids[0]), signal),
  ],
  [
    'POST',
    at('/templateversions/*/dynamic-parameters/evaluate'),
    ({ ids }) =>
      (client, signal) =>
        client.templateVersions.evaluate(
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
        client.agents.get(agent(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspaceagents/*/listening-ports'),
    ({ ids }) =>
      (client, signal) =>
        client.agents.listeningPorts(agent(ids[0]), signal),
  ],
  [
    'GET',
    at('/workspaceagents/*/logs'),
    ({ ids }) =>
      (client, signal) =>
        client.agents.logs(agent(ids[0]), {}, signal),
  ],
  [
    'POST',
    at('/workspaceagents/aws-instance-identity'),
    ({ body }) =>
      (client, signal) =>
        client.instanceIdentity.aws({ document: text(body.document), signature: text(body.signature) }, {}, signal),
  ],
  [
    'POST',
    at('/workspaceagents/azure-instance-identity'),
    ({ body }) =>
      (client, signal) =>
        client.instanceIdentity.azure({ encoding: text(body.encoding), signature: text(body.signature) }, {}, signal),
  ],
  [
    'POST',
    at('/workspaceagents/google-instance-identity'),
    ({ body }) =>
      (client, signal) =>
        client.instanceIdentity.google({ jsonWebToken: text(body.json_web_token) }, {}, signal),
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
