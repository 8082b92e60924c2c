import assert from 'node:assert/strict';
import * as builds from '../../../src/api/builds.ts';
import type { BuildId } from '../../../src/api/units.ts';
import type { Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';

const dev = need.template('dev');
const resources = 'Get build resources';
const state = 'Get build state';

/** What a build leaves: resources, and the provisioner's state. */
export const outcome: readonly Check[] = [
  {
    operation: resources,
    name: 'The resources of a build that succeeded are those it carries, by name',
    needs: [dev],
    async run({ workspaces, client, signal }) {
      const { latest_build: build } = await workspaces.running();
      const found = await builds.resources(client.calls, build.id, signal);
      assert.equal(found.skippedRows, 0);
      assert.deepEqual(found.map(({ id }) => id).sort(), build.resources.map(({ id }) => id).sort());
      const names = found.map(({ name }) => name);
      assert.deepEqual(names, names.toSorted());
      const agents = (list: typeof build.resources) => list.flatMap((each) => each.agents.map(({ id }) => id)).sort();
      assert.deepEqual(agents([...found]), agents(build.resources));
    },
  },
  {
    operation: resources,
    name: 'While the build is under way its resources are not known yet',
    holdsWorker: true,
    async run(context) {
      const build = await context.workspaces.building();
      const attempt = builds.resources(context.client.calls, build.id, context.signal);
      await refused(context, context.workspaces.unlessEnded(build, attempt), {
        status: { document: 412, today: 400 },
        kind: 'notNow',
      });
    },
  },
  {
    operation: resources,
    name: 'A failed build has none',
    needs: [need.template('failing')],
    async run({ workspaces, client, signal }) {
      const { latest_build } = await workspaces.failed();
      assert.deepEqual([...(await builds.resources(client.calls, latest_build.id, signal))], []);
    },
  },
  {
    operation: resources,
    name: 'A build that does not exist is not found',
    async run(context) {
      const attempt = builds.resources(context.client.calls, UNKNOWN_ID as BuildId, context.signal);
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
  {
    operation: state,
    name: 'The state is bytes, for whoever may change the template, and in the document’s age for every owner',
    needs: [dev],
    async run(context) {
      const { client, facts, signal, workspaces } = context;
      const { latest_build } = await workspaces.running();
      const attempt = builds.state(client.calls, latest_build.id, signal);
      if (facts.age !== 'document' && !facts.mayChangeTemplates) {
        await refused(context, attempt, { status: 404, kind: 'notFound' });
        return;
      }
      // Never looked into: it may be anything, and holds secrets.
      assert.ok((await attempt) instanceof Uint8Array);
    },
  },
  {
    operation: state,
    name: 'A build that does not exist is not found',
    async run(context) {
      const attempt = builds.state(context.client.calls, UNKNOWN_ID as BuildId, context.signal);
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
];
