import assert from 'node:assert/strict';
import * as buildsApi from '../../../src/api/builds.ts';
import * as templateVersions from '../../../src/api/templateVersions.ts';
import type { BuildId, EpochMs, TemplateVersionId } from '../../../src/api/units.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';

const dev = need.template('dev');
const get = 'Get workspace build';
const make = 'Create workspace build';
const list = 'List workspace builds';

export const builds: readonly Check[] = [
  {
    operation: get,
    name: 'A build by its id is the one that the workspace carries',
    needs: [dev],
    async run({ workspaces, client, signal }) {
      const { id } = await workspaces.running();
      const { latest_build: carried } = await workspacesApi.get(client.calls, id, {}, signal);
      const build = await buildsApi.get(client.calls, carried.id, signal);
      assert.equal(build.workspace_id, id);
      assert.equal(build.build_number, carried.build_number);
      assert.equal(build.status, 'running');
      assert.equal(build.job.status, 'succeeded');
      assert.equal(build.template_version_id, workspaces.template('dev').active_version_id);
      assert.deepEqual(build.resources.map((each) => each.id).sort(), carried.resources.map((each) => each.id).sort());
    },
  },
  {
    operation: get,
    name: 'A build under way has begun and not ended',
    holdsWorker: true,
    async run({ workspaces, client, signal }) {
      const build = await workspaces.building();
      const now = await workspaces.unlessEnded(build, buildsApi.get(client.calls, build.id, signal));
      assert.ok(['starting', 'stopping'].includes(now.status), now.status);
      assert.equal(now.job.status, 'running');
      assert.ok(now.job.started_at !== undefined, 'it has no beginning');
      assert.equal(now.job.completed_at, undefined);
      assert.deepEqual(now.resources, []);
    },
  },
  {
    operation: get,
    name: 'A failed build says why, and has no resources',
    needs: [need.template('failing')],
    async run({ workspaces, client, signal }) {
      const { latest_build } = await workspaces.failed();
      const build = await buildsApi.get(client.calls, latest_build.id, signal);
      assert.equal(build.status, 'failed');
      assert.equal(build.job.status, 'failed');
      assert.ok((build.job.error ?? '') !== '', 'it has no reason');
      assert.equal(build.job.canceled_at, undefined);
      assert.deepEqual(build.resources, []);
    },
  },
  {
    operation: get,
    name: 'An id that nothing has is not found, and what is no id is refused',
    async run(context) {
      const unknown = buildsApi.get(context.client.calls, UNKNOWN_ID as BuildId, context.signal);
      await refused(context, unknown, { status: 404, kind: 'notFound' });
      const malformed = buildsApi.get(context.client.calls, 'abc' as BuildId, context.signal);
      await refused(context, malformed, { status: 400, kind: 'invalid' });
    },
  },
  {
    operation: list,
    name: 'Builds come newest first, page by page, and each is found by its number',
    needs: [dev],
    async run({ workspaces, client, signal, facts }) {
      const { id, name } = await workspaces.stopped();
      const all = await workspacesApi.builds(client.calls, id, {}, signal);
      assert.equal(all.skippedRows, 0);
      assert.ok(all.length >= 2, `${all.length} builds`);
      assert.deepEqual(
        all.map((build) => build.build_number),
        all.map((_, index) => all.length - index),
      );
      for (const [offset, build] of all.entries()) {
        const page = await workspacesApi.builds(client.calls, id, { limit: 1, offset }, signal);
        assert.deepEqual(
          page.map((each) => each.id),
          [build.id],
        );
        const found = await buildsApi.getByNumber(client.calls, facts.me.username, name, build.build_number, signal);
        assert.equal(found.id, build.id);
      }
    },
  },
  {
    operation: list,
    name: 'Past the end there are no builds, whether that is an empty list or null',
    needs: [dev],
    async run({ workspaces, client, signal }) {
      const { id } = await workspaces.stopped();
      assert.deepEqual([...(await workspacesApi.builds(client.calls, id, { offset: 50 }, signal))], []);
    },
  },
  {
    operation: list,
    name: 'Builds since a moment are those made after it',
    needs: [dev],
    async run({ workspaces, client, signal }) {
      const { id } = await workspaces.stopped();
      const [, first] = (await workspacesApi.builds(client.calls, id, {}, signal)).toReversed();
      const { created_at: at, build_number: number } = first ?? skip('there is one build only');
      const since = ((at ?? 0) - 1) as EpochMs;
      const later = await workspacesApi.builds(client.calls, id, { since }, signal);
      assert.ok(later.length > 0, 'none');
      assert.ok(
        later.every((each) => each.build_number >= number),
        'an older one is among them',
      );
    },
  },
  {
    operation: list,
    name: 'A number that no build has is not found',
    needs: [dev],
    async run(context) {
      const { name } = await context.workspaces.running();
      const attempt = buildsApi.getByNumber(context.client.calls, 'me', name, 9999, context.signal);
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
  {
    operation: make,
    name: 'A workspace stops and starts again, with the same version of its template',
    needs: [dev],
    async run({ workspaces, client, signal }) {
      const before = await workspacesApi.get(client.calls, (await workspaces.stopped()).id, {}, signal);
      assert.equal(before.latest_build.status, 'stopped');
      const answer = await workspacesApi.createBuild(client.calls, before.id, { transition: 'start' }, signal);
      assert.equal(answer.build_number, before.latest_build.build_number + 1);
      assert.equal(answer.transition, 'start');
      const started = await workspaces.succeeded(answer.id);
      assert.equal(started.status, 'running');
      assert.equal(started.template_version_id, before.latest_build.template_version_id);
      const after = await workspaces.build(before.id, { transition: 'stop' });
      assert.equal(after.latest_build.status, 'stopped');
      assert.equal(after.latest_build.build_number, before.latest_build.build_number + 2);
    },
  },
  {
    operation: make,
    name: 'A second build at once is refused',
    holdsWorker: true,
    async run(context) {
      const build = await context.workspaces.building();
      const attempt = workspacesApi.createBuild(
        context.client.calls,
        build.workspace_id,
        { transition: 'stop' },
        context.signal,
      );
      await refused(context, context.workspaces.unlessEnded(build, attempt), { status: 409, kind: 'conflict' });
    },
  },
  {
    operation: make,
    name: 'A transition that is none is refused at the transition',
    needs: [dev],
    async run(context) {
      const { id } = await context.workspaces.stopped();
      const attempt = workspacesApi.createBuild(
        context.client.calls,
        id,
        { transition: 'pause' as 'stop' },
        context.signal,
      );
      await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['transition'] });
    },
  },
  {
    operation: make,
    name: 'A version that does not exist is refused',
    needs: [dev],
    async run(context) {
      const { id } = await context.workspaces.stopped();
      const request = { transition: 'start', templateVersionId: UNKNOWN_ID as TemplateVersionId } as const;
      const attempt = workspacesApi.createBuild(context.client.calls, id, request, context.signal);
      const fields = context.facts.age === 'document' ? ['template_version_id'] : [];
      await refused(context, attempt, { status: 400, kind: 'invalid', fields });
    },
  },
  {
    operation: make,
    name: 'Another template’s version is refused today, and taken in the document’s age',
    needs: [dev, need.template('slow')],
    async run(context) {
      const { client, signal, facts, workspaces } = context;
      if (facts.age === 'between') skip('either is right in between');
      const templateVersionId = workspaces.template('slow').active_version_id ?? skip('it has no active version');
      const request = { transition: 'stop', templateVersionId } as const;
      if (facts.age === 'today') {
        const { id } = await workspaces.stopped();
        await refused(context, workspacesApi.createBuild(client.calls, id, request, signal), {
          status: 400,
          kind: 'invalid',
        });
        return;
      }
      // One of its own: it is another template's afterwards.
      const { id } = await workspaces.started(await workspaces.make('dev'));
      const { latest_build: build } = await workspaces.build(id, request);
      assert.equal(build.template_version_id, templateVersionId);
    },
  },
  {
    operation: make,
    name: 'A reason that is none is refused at the reason',
    needs: [dev, need.newer('the reason of a build')],
    async run(context) {
      if (context.facts.age !== 'today') skip('it came at some time in between');
      const { id } = await context.workspaces.stopped();
      const request = { transition: 'start', reason: 'boredom' as 'cli' } as const;
      const attempt = workspacesApi.createBuild(context.client.calls, id, request, context.signal);
      await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['reason'] });
    },
  },
  {
    operation: make,
    name: 'A value that may not change after the creation is refused',
    needs: [dev, need.newer('values that may not change')],
    async run(context) {
      const { client, signal, workspaces } = context;
      const { id, latest_build: build } = await workspaces.stopped();
      const version = build.template_version_id ?? skip('the build names no version');
      const asked = await templateVersions.parameters(client.calls, version, signal);
      const current = await buildsApi.parameters(client.calls, build.id, signal);
      const fixed =
        asked.kind === 'rich' ? asked.parameters.find((each) => !each.mutable && each.options.length > 1) : undefined;
      const { name, options } = fixed ?? skip('the template has no such parameter');
      const value = current.find((each) => each.name === name)?.value;
      const other = options.find((option) => option.value !== value) ?? skip('there is no other value');
      const request = { transition: 'start', richParameterValues: [{ name, value: other.value }] } as const;
      await refused(context, workspacesApi.createBuild(client.calls, id, request, signal), {
        status: 400,
        kind: 'invalid',
      });
    },
  },
  {
    operation: make,
    name: 'A deleted workspace cannot be started',
    needs: [dev, need.newer('the refusal (the document’s age would start it, and leave a machine behind)')],
    async run(context) {
      if (context.facts.age !== 'today') skip('an older deployment would start it, and leave a machine behind');
      const { id } = await context.workspaces.deleted();
      const attempt = workspacesApi.createBuild(context.client.calls, id, { transition: 'start' }, context.signal);
      await refused(context, attempt, { status: 409, kind: 'conflict' });
    },
  },
];
