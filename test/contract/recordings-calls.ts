import * as agents from '../../src/api/agents.ts';
import * as builds from '../../src/api/builds.ts';
import type { Calls } from '../../src/api/calls.ts';
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

type Route = readonly [route: string, call: (calls: Calls, parts: Parts, signal: AbortSignal) => Promise<unknown>];

const ID = '([^/]+)';
const at = (route: string): RegExp => new RegExp(`^${route.replace(' ', ' /api/v2').replaceAll('*', ID)}$`);

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
  ['GET /buildinfo', (calls, _, signal) => general.buildInfo(calls, signal)],
  ['GET /updatecheck', (calls, _, signal) => general.updateCheck(calls, signal)],
  ['GET /applications/host', (calls, _, signal) => general.applicationHost(calls, signal)],
  ['GET /deployment/ssh', (calls, _, signal) => general.sshSettings(calls, signal)],
  [
    'POST /authcheck',
    (calls, { body }, signal) =>
      general.authCheck(calls, body.checks as Parameters<typeof general.authCheck>[1], signal),
  ],
  ['GET /users/authmethods', (calls, _, signal) => users.authMethods(calls, signal)],
  ['GET /users/me', (calls, _, signal) => users.me(calls, signal)],
  ['GET /users', (calls, { query }, signal) => users.list(calls, listing(query), signal)],
  ['GET /users/*/organizations', (calls, { ids }, signal) => users.organizations(calls, ids[0] ?? '', signal)],
  ['GET /users/*/keys/tokens', (calls, { ids }, signal) => tokens.list(calls, ids[0] ?? '', signal)],
  ['GET /users/*/keys/tokens/tokenconfig', (calls, { ids }, signal) => tokens.limits(calls, ids[0] ?? '', signal)],
  [
    'POST /users/*/keys/tokens',
    (calls, { ids, body }, signal) =>
      tokens.make(
        calls,
        ids[0] ?? '',
        { lifetime: Number(body.lifetime) as Nanoseconds, name: text(body.token_name) },
        signal,
      ),
  ],
  ['POST /users/*/keys', (calls, { ids }, signal) => tokens.makeKey(calls, ids[0] ?? '', signal)],
  ['DELETE /users/*/keys/*', (calls, { ids }, signal) => tokens.revoke(calls, ids[0] ?? '', ids[1] ?? '', signal)],
  [
    'POST /users/login',
    (calls, { body }, signal) => tokens.logIn(calls, text(body.email), text(body.password), signal),
  ],
  ['POST /users/logout', (calls, _, signal) => tokens.logOut(calls, signal)],
  ['GET /users/*', (calls, { ids }, signal) => users.get(calls, ids[0] ?? '', signal)],
  [
    'GET /users/*/workspace/*',
    (calls, { ids, query }, signal) =>
      workspaces.getByOwnerAndName(
        calls,
        ids[0] ?? '',
        ids[1] ?? '',
        { includeDeleted: query.has('include_deleted') },
        signal,
      ),
  ],
  [
    'GET /users/*/workspace/*/builds/*',
    (calls, { ids }, signal) => builds.getByNumber(calls, ids[0] ?? '', ids[1] ?? '', Number(ids[2]), signal),
  ],
  [
    'GET /organizations/*/members/*/workspace-quota',
    (calls, { ids }, signal) => users.quota(calls, organization(ids[0]), ids[1] ?? '', signal),
  ],
  ['GET /users/*/quiet-hours', (calls, { ids }, signal) => users.quietHours(calls, ids[0] ?? '', signal)],
  [
    'GET /workspace-quota/*',
    (calls, { ids }, signal) =>
      users.quota(calls, organization('00000000-0000-4000-8000-000000000000'), ids[0] ?? '', signal),
  ],
  ['GET /workspaces', (calls, { query }, signal) => workspaces.list(calls, listing(query), signal)],
  [
    'POST /organizations/*/members/*/workspaces',
    (calls, parts, signal) => {
      calls.features.missing.add(operations.createWorkspace);
      return workspaces.create(calls, creating(parts, parts.ids[0]), signal);
    },
  ],
  ['POST /users/*/workspaces', (calls, parts, signal) => workspaces.create(calls, creating(parts, ''), signal)],
  [
    'GET /workspaces/*',
    (calls, { ids, query }, signal) =>
      workspaces.get(calls, workspace(ids[0]), { includeDeleted: query.has('include_deleted') }, signal),
  ],
  [
    'PATCH /workspaces/*',
    (calls, { ids, body }, signal) => workspaceSettings.rename(calls, workspace(ids[0]), text(body.name), signal),
  ],
  [
    'PUT /workspaces/*/autostart',
    (calls, { ids, body }, signal) =>
      workspaceSettings.updateAutostart(calls, workspace(ids[0]), text(body.schedule), signal),
  ],
  [
    'PUT /workspaces/*/ttl',
    (calls, { ids, body }, signal) =>
      workspaceSettings.updateTtl(calls, workspace(ids[0]), Number(body.ttl_ms ?? 0) as Milliseconds, signal),
  ],
  [
    'PUT /workspaces/*/extend',
    (calls, { ids, body }, signal) =>
      workspaceSettings.extend(calls, workspace(ids[0]), (Date.parse(text(body.deadline)) || 0) as EpochMs, signal),
  ],
  [
    'GET /workspaces/*/builds',
    (calls, { ids, query }, signal) => workspaces.builds(calls, workspace(ids[0]), listing(query), signal),
  ],
  [
    'POST /workspaces/*/builds',
    (calls, { ids, body }, signal) =>
      workspaces.createBuild(calls, workspace(ids[0]), { transition: text(body.transition) as 'start' }, signal),
  ],
  [
    'PUT /workspaces/*/favorite',
    (calls, { ids }, signal) => workspaceSettings.setFavorite(calls, workspace(ids[0]), true, signal),
  ],
  [
    'DELETE /workspaces/*/favorite',
    (calls, { ids }, signal) => workspaceSettings.setFavorite(calls, workspace(ids[0]), false, signal),
  ],
  [
    'PUT /workspaces/*/dormant',
    (calls, { ids, body }, signal) =>
      workspaceSettings.setDormant(calls, workspace(ids[0]), body.dormant === true, signal),
  ],
  [
    'PUT /workspaces/*/autoupdates',
    (calls, { ids }, signal) => workspaceSettings.setAutomaticUpdates(calls, workspace(ids[0]), 'always', signal),
  ],
  [
    'GET /workspaces/*/resolve-autostart',
    (calls, { ids }, signal) => workspaces.autostartNeedsInput(calls, workspace(ids[0]), signal),
  ],
  ['GET /workspaces/*/port-share', (calls, { ids }, signal) => portShares.list(calls, workspace(ids[0]), signal)],
  ['GET /workspaces/*/timings', (calls, { ids }, signal) => workspaces.timings(calls, workspace(ids[0]), signal)],
  [
    'POST /workspaces/*/usage',
    (calls, { ids }, signal) => workspaces.reportUsage(calls, workspace(ids[0]), undefined, signal),
  ],
  ['GET /workspacebuilds/*', (calls, { ids }, signal) => builds.get(calls, build(ids[0]), signal)],
  [
    'PATCH /workspacebuilds/*/cancel',
    (calls, { ids, query }, signal) =>
      builds.cancel(
        calls,
        build(ids[0]),
        query.has('expect_status') ? { expectStatus: query.get('expect_status') as 'pending' } : {},
        signal,
      ),
  ],
  [
    'GET /workspacebuilds/*/logs',
    (calls, { ids, query }, signal) => {
      const { n: after } = number(query.get('after'));
      return builds.logs(calls, build(ids[0]), after === undefined ? {} : { after }, signal);
    },
  ],
  ['GET /workspacebuilds/*/resources', (calls, { ids }, signal) => builds.resources(calls, build(ids[0]), signal)],
  ['GET /workspacebuilds/*/state', (calls, { ids }, signal) => builds.state(calls, build(ids[0]), signal)],
  ['GET /workspacebuilds/*/parameters', (calls, { ids }, signal) => builds.parameters(calls, build(ids[0]), signal)],
  ['GET /workspacebuilds/*/timings', (calls, { ids }, signal) => builds.timings(calls, build(ids[0]), signal)],
  ['GET /organizations/*/templates', (calls, { ids }, signal) => templates.list(calls, organization(ids[0]), signal)],
  [
    'GET /organizations/*/templates/*',
    (calls, { ids }, signal) => templates.getByName(calls, organization(ids[0]), ids[1] ?? '', signal),
  ],
  ['GET /templates/*', (calls, { ids }, signal) => templates.get(calls, template(ids[0]), signal)],
  [
    'GET /templates/*/versions',
    (calls, { ids, query }, signal) =>
      templates.versions(calls, template(ids[0]), { includeArchived: query.has('include_archived') }, signal),
  ],
  ['GET /templateversions/*', (calls, { ids }, signal) => templateVersions.get(calls, version(ids[0]), signal)],
  [
    'GET /templateversions/*/schema',
    (calls, { ids }, signal) => templateVersions.schema(calls, version(ids[0]), signal),
  ],
  [
    'GET /templateversions/*/rich-parameters',
    (calls, { ids }, signal) => templateVersions.richParameters(calls, version(ids[0]), signal),
  ],
  [
    'GET /templateversions/*/presets',
    (calls, { ids }, signal) => templateVersions.presets(calls, version(ids[0]), signal),
  ],
  [
    'GET /templateversions/*/external-auth',
    (calls, { ids }, signal) => templateVersions.externalAuth(calls, version(ids[0]), signal),
  ],
  [
    'POST /templateversions/*/dynamic-parameters/evaluate',
    (calls, { ids }, signal) =>
      templateVersions.evaluate(
        calls,
        version(ids[0]),
        { inputs: { size: 'l' }, ownerId: 'someone' as UserId },
        signal,
      ),
  ],
  ['GET /workspaceagents/*', (calls, { ids }, signal) => agents.get(calls, agent(ids[0]), signal)],
  [
    'GET /workspaceagents/*/listening-ports',
    (calls, { ids }, signal) => agents.listeningPorts(calls, agent(ids[0]), signal),
  ],
  ['GET /workspaceagents/*/logs', (calls, { ids }, signal) => agents.logs(calls, agent(ids[0]), {}, signal)],
  [
    'POST /workspaceagents/aws-instance-identity',
    (calls, { body }, signal) =>
      instanceIdentity.exchange(
        calls,
        { cloud: 'aws', document: text(body.document), signature: text(body.signature) },
        undefined,
        signal,
      ),
  ],
  [
    'POST /workspaceagents/azure-instance-identity',
    (calls, { body }, signal) =>
      instanceIdentity.exchange(
        calls,
        { cloud: 'azure', encoding: text(body.encoding), signature: text(body.signature) },
        undefined,
        signal,
      ),
  ],
  [
    'POST /workspaceagents/google-instance-identity',
    (calls, { body }, signal) =>
      instanceIdentity.exchange(calls, { cloud: 'google', jsonWebToken: text(body.json_web_token) }, undefined, signal),
  ],
];

/** The call that a recorded exchange belongs to; nothing where the client has no such method. */
export const callFor = ({ request }: Exchange): Call | undefined => {
  const url = new URL(request.path, 'http://replay.test');
  for (const [route, call] of routes) {
    const match = at(route).exec(`${request.method} ${url.pathname}`);
    if (match === null) continue;
    const body = typeof request.body === 'object' && request.body !== null ? request.body : {};
    const parts = { ids: match.slice(1).map(decodeURIComponent), query: url.searchParams, body: { ...body } };
    return ({ calls }, signal) => call(calls, parts, signal);
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
