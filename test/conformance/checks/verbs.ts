import assert from 'node:assert/strict';
import * as buildsApi from '../../../src/api/builds.ts';
import { ApiError } from '../../../src/api/errors.ts';
import * as general from '../../../src/api/general.ts';
import type { CreateBuildRequest } from '../../../src/api/requests.ts';
import type { Build, Workspace } from '../../../src/api/schemas/workspaces.ts';
import * as templatesApi from '../../../src/api/templates.ts';
import * as templateVersions from '../../../src/api/templateVersions.ts';
import * as users from '../../../src/api/users.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import { skip, type Check } from '../check.ts';
import type { CheckContext } from '../checkContext.ts';
import { refused } from '../expect.ts';
import * as need from '../needs.ts';
import { poll } from '../poll.ts';

const dev = need.template('dev');
const make = 'Create workspace build';
const workspaceExtras = 'Workspace extras';
const templates = 'Templates and parameters';
const permissions = 'Deployment, users and permissions';

const read = async ({ client, signal }: CheckContext, id: Workspace['id']): Promise<Workspace> =>
  workspacesApi.get(client.calls, id, {}, signal);

/** Of the usual template; each check that takes it leaves it stopped. */
const own = ({ workspaces }: CheckContext): Promise<Workspace> =>
  workspaces.keep('of the verbs', async () => {
    const { id } = await workspaces.started(await workspaces.make('dev'));
    return workspaces.build(id, { transition: 'stop' });
  });

const activeVersion = ({ workspaces }: CheckContext) =>
  workspaces.template('dev').active_version_id ?? skip('the template has no active version');

/** What refuses it for a reason of this deployment's own: then nothing is known of the rest. */
const unlessRefused = async <T>(attempt: Promise<T>, statuses: readonly number[]): Promise<T> => {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof ApiError && error.status !== undefined && statuses.includes(error.status)) {
      assert.notEqual(error.message, '', 'nothing is said to people');
      return skip(`it is refused here with ${error.status}`);
    }
    throw error;
  }
};

/** The build that the server makes after `stop`, if it makes one. */
const following = async (context: CheckContext, stop: Build): Promise<Build | undefined> => {
  try {
    return await poll('a start', context.limits.queueMs, context.limits, context.signal, async () => {
      const { latest_build: latest } = await read(context, stop.workspace_id);
      return latest.build_number > stop.build_number ? latest : undefined;
    });
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
};

export const verbs: readonly Check[] = [
  {
    operation: make,
    name: 'A stop that a start is to follow is followed by it, or leaves the workspace stopped for the client to start',
    needs: [dev],
    async run(context) {
      const { workspaces, client, signal } = context;
      const { id } = await own(context);
      const { latest_build: before } = await workspaces.build(id, { transition: 'start' });
      const request: CreateBuildRequest = { transition: 'stop', onSuccess: {} };
      const stop = await workspacesApi.createBuild(client.calls, id, request, signal);
      assert.equal(stop.transition, 'stop');
      assert.equal(stop.build_number, before.build_number + 1);
      await workspaces.succeeded(stop.id);
      const start = await following(context, stop);
      if (start === undefined) {
        assert.equal((await read(context, id)).latest_build.status, 'stopped');
        return;
      }
      assert.equal(start.transition, 'start');
      assert.equal(start.build_number, stop.build_number + 1);
      assert.equal(start.template_version_id, before.template_version_id);
      assert.equal((await workspaces.succeeded(start.id)).status, 'running');
      const afterStart = workspacesApi.createBuild(client.calls, id, { ...request, transition: 'start' }, signal);
      await refused(context, afterStart, { status: 400, kind: 'invalid' });
      await workspaces.build(id, { transition: 'stop' });
    },
  },
  {
    operation: make,
    name: 'An update is a start with the active version, after which nothing is outdated',
    needs: [dev],
    async run(context) {
      const { workspaces } = context;
      const { id } = await own(context);
      const templateVersionId = activeVersion(context);
      const updated = await workspaces.build(id, { transition: 'start', templateVersionId });
      assert.equal(updated.latest_build.template_version_id, templateVersionId);
      assert.equal(updated.outdated, false);
      await workspaces.build(id, { transition: 'stop' });
    },
  },
  {
    operation: make,
    name: 'A workspace gets another version of its template, is outdated then, and gets the active one again',
    needs: [dev],
    async run(context) {
      const { workspaces, client, signal } = context;
      const { id } = await own(context);
      const active = activeVersion(context);
      const all = await templatesApi.versions(client.calls, workspaces.template('dev').id, {}, signal);
      const other = all.find(
        ({ id: each, job, archived }) => each !== active && job.status === 'succeeded' && !archived,
      );
      const templateVersionId = (other ?? skip('the template has one version only')).id;
      // It may ask for other values, or not be allowed to everybody.
      const attempt = workspacesApi.createBuild(client.calls, id, { transition: 'start', templateVersionId }, signal);
      const build = await workspaces.ended((await unlessRefused(attempt, [400, 403])).id);
      if (build.job.status !== 'succeeded') skip('the other version does not start');
      assert.equal(build.template_version_id, templateVersionId);
      assert.equal((await read(context, id)).outdated, true);
      await workspaces.build(id, { transition: 'stop' });
      const back = await workspaces.build(id, { transition: 'start', templateVersionId: active });
      assert.equal(back.outdated, false);
      await workspaces.build(id, { transition: 'stop' });
    },
  },
  {
    operation: make,
    name: 'A log in detail is written, or refused to who may not ask for it',
    needs: [dev, need.newer('the detail of the log')],
    async run(context) {
      const { workspaces, client, signal } = context;
      const { id } = await own(context);
      const attempt = workspacesApi.createBuild(client.calls, id, { transition: 'start', logLevel: 'debug' }, signal);
      // No client can read whether it is switched on.
      const build = await unlessRefused(attempt, [400, 403, 404]);
      await workspaces.succeeded(build.id);
      await workspaces.build(id, { transition: 'stop' });
    },
  },
  {
    operation: make,
    name: 'To delete without destroying anything is refused to who may not change the template',
    needs: [dev],
    async run(context) {
      if (context.facts.mayChangeTemplates) skip('the token may, and would leave a machine behind');
      const { id } = await own(context);
      const request: CreateBuildRequest = { transition: 'delete', orphan: true };
      const attempt = workspacesApi.createBuild(context.client.calls, id, request, context.signal);
      await refused(context, attempt, { status: 403, kind: 'forbidden' });
      assert.equal((await read(context, id)).latest_build.transition, 'stop');
    },
  },
  {
    operation: make,
    name: 'A value that a build is asked for with is its own, and the others carry over',
    needs: [dev, need.newer('values of builds')],
    async run(context) {
      const { workspaces, client, signal } = context;
      const { id } = await own(context);
      const asked = await templateVersions.parameters(client.calls, activeVersion(context), signal);
      const fields = asked.kind === 'rich' ? asked.parameters : [];
      const field = fields.find(
        ({ mutable, type, options, validation_regex: regex }) =>
          mutable && type === 'bool' && options.length === 0 && regex === undefined,
      );
      const { name } = field ?? skip('the template has no such parameter');
      const valuesOf = async ({ latest_build: build }: Workspace): Promise<Map<string, string>> => {
        const rows = await buildsApi.parameters(client.calls, build.id, signal);
        return new Map(rows.map((each) => [each.name, each.value]));
      };
      const before = await valuesOf(await read(context, id));
      const value = before.get(name) === 'true' ? 'false' : 'true';
      const request: CreateBuildRequest = { transition: 'start', richParameterValues: [{ name, value }] };
      // It may not go together with the others.
      const build = await unlessRefused(workspacesApi.createBuild(client.calls, id, request, signal), [400]);
      await workspaces.succeeded(build.id);
      const after = await valuesOf(await read(context, id));
      assert.equal(after.get(name), value);
      const passing = new Set(fields.filter((each) => each.ephemeral).map((each) => each.name));
      for (const [each, kept] of before) {
        if (each !== name && !passing.has(each)) assert.equal(after.get(each), kept, each);
      }
      await workspaces.build(id, { transition: 'stop' });
    },
  },
  {
    operation: workspaceExtras,
    name: 'What others share is found by a search of its own, or the search is refused',
    needs: [need.newer('sharing')],
    async run({ client, facts, signal }) {
      const attempt = workspacesApi.list(client.calls, { q: 'shared_with_user:me' }, signal);
      const { workspaces } = await unlessRefused(attempt, [400]);
      for (const { name, owner_id: owner } of workspaces) assert.notEqual(owner, facts.me.id, name);
    },
  },
  {
    operation: templates,
    name: 'The sign-ins that a template needs say whether they are done, and where to go',
    needs: [dev, need.newer('sign-ins')],
    async run(context) {
      const { client, signal } = context;
      const rows = await templateVersions.externalAuth(client.calls, activeVersion(context), signal);
      assert.equal(rows.skippedRows, 0);
      for (const { id, authenticate_url: url } of rows) assert.match(url, /^https?:\/\//, id);
    },
  },
  {
    operation: templates,
    name: 'What a version builds and what that costs a day is known before',
    needs: [dev],
    async run(context) {
      const { client, signal } = context;
      const rows = await templateVersions.resources(client.calls, activeVersion(context), signal);
      assert.equal(rows.skippedRows, 0);
      for (const { daily_cost: cost } of rows) assert.ok(Number.isInteger(cost) && cost >= 0, String(cost));
    },
  },
  {
    operation: permissions,
    name: 'Where credits are limited it is told how many are used and allowed',
    needs: [dev],
    async run(context) {
      const { client, signal, workspaces } = context;
      const organization =
        workspaces.template('dev').organization_id ?? skip('nobody says to which organization the template belongs');
      const quota = await users.quota(client.calls, organization, 'me', signal);
      const { credits_consumed: used, budget } = quota ?? skip('this edition has no quotas');
      assert.ok(Number.isInteger(used) && used >= 0, String(used));
      assert.ok(Number.isInteger(budget) && budget >= -1, String(budget));
    },
  },
  {
    operation: permissions,
    name: 'Whether one may create for others is answered, and a site owner may',
    async run({ client, facts, signal }) {
      const [organization] = await users.organizations(client.calls, 'me', signal);
      const { id } = organization ?? skip('there is no organization');
      const object = { resource_type: 'workspace', organization_id: id, owner_id: '*' };
      const { any } = await general.authCheck(client.calls, { any: { action: 'create', object } }, signal);
      assert.equal(typeof any, 'boolean');
      if (facts.isSiteOwner) assert.equal(any, true);
    },
  },
];
