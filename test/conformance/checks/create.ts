import assert from 'node:assert/strict';
import * as templateVersions from '../../../src/api/templateVersions.ts';
import type { Milliseconds, TemplateId } from '../../../src/api/units.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';

const operation = 'Create workspace by organization';
const dev = need.template('dev');

/** What would make a workspace of the usual template, but for what the check changes. */
const usual = ({ workspaces }: CheckContext, purpose: string) =>
  workspaces.requestFor(workspaces.template('dev'), workspaces.nameFor(purpose));

export const create: readonly Check[] = [
  {
    operation,
    name: 'A new workspace is answered at once, with its first build on the way',
    needs: [dev],
    async run({ workspaces, facts }) {
      const made = await workspaces.created();
      assert.ok(made.name.startsWith(workspaces.commonName), made.name);
      assert.equal(made.owner_name, facts.me.username);
      assert.equal(made.template_id, workspaces.template('dev').id);
      assert.equal(made.latest_build.build_number, 1);
      assert.equal(made.latest_build.transition, 'start');
      assert.ok(['pending', 'starting'].includes(made.latest_build.status), made.latest_build.status);
      assert.deepEqual(made.latest_build.resources, []);
      assert.equal((await workspaces.running()).latest_build.status, 'running');
    },
  },
  {
    operation,
    name: 'A name that one has already is refused, in capitals too',
    needs: [dev],
    async run(context) {
      const { name } = await context.workspaces.created();
      for (const taken of [name, name.toUpperCase()]) {
        const attempt = workspacesApi.create(
          context.client.calls,
          { ...usual(context, 'taken'), name: taken },
          context.signal,
        );
        await refused(context, attempt, { status: 409, kind: 'conflict', fields: ['name'] });
      }
    },
  },
  {
    operation,
    name: 'A name against the rules is refused at the name',
    needs: [dev],
    async run(context) {
      const wrong = [
        '',
        ...['with space', '-', 'two--hyphens', 'x'.repeat(33)].map((text) => context.workspaces.nameFor(text)),
      ];
      for (const name of wrong) {
        const attempt = context.workspaces.request({ ...usual(context, 'wrong'), name });
        await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['name'] });
      }
    },
  },
  {
    operation,
    name: 'A template that does not exist is refused at the template',
    needs: [dev],
    async run(context) {
      const request = { ...usual(context, 'nothing'), templateId: UNKNOWN_ID as TemplateId };
      const attempt = context.workspaces.request(request);
      await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['template_id'] });
    },
  },
  {
    operation,
    name: 'A schedule that is none is refused at the schedule',
    needs: [dev],
    async run(context) {
      const attempt = context.workspaces.request({ ...usual(context, 'schedule'), autostartSchedule: 'every day' });
      await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['schedule'] });
    },
  },
  {
    operation,
    name: 'Less than a minute until it stops is refused',
    needs: [dev],
    async run(context) {
      const attempt = context.workspaces.request({ ...usual(context, 'ttl'), ttlMs: 1000 as Milliseconds });
      await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['ttl_ms'] });
    },
  },
  {
    operation,
    name: 'A value that the template insists on is missed at once today, and left to the build in the document’s age',
    needs: [dev],
    async run(context) {
      const { workspaces, client, signal, facts } = context;
      const template = workspaces.template('dev');
      const asked = await templateVersions.parameters(
        client.calls,
        template.active_version_id ?? skip('the template has no active version'),
        signal,
      );
      if (asked.kind === 'rich') {
        if (!asked.parameters.some((each) => each.required)) skip('the template insists on no value');
        await refused(context, workspaces.request(usual(context, 'missing')), { status: 400, kind: 'invalid' });
        return;
      }
      const insists = asked.schema.some((each) => each.allow_override_source && each.default_source_scheme === 'none');
      if (!insists) skip('the template insists on no value');
      assert.equal(facts.age, 'document');
      const made = await workspaces.request(usual(context, 'missing'));
      const { job } = await workspaces.ended(made.latest_build.id, signal);
      // Terraform fails without the value; a provisioner that never looks at it does not.
      assert.ok(job.status === 'succeeded' || (job.error ?? '') !== '', 'the failure has no reason');
    },
  },
  {
    operation,
    name: 'A value that is none of the choices is refused',
    needs: [dev, need.newer('the refusal of values')],
    async run(context) {
      const { workspaces, client, signal } = context;
      const template = workspaces.template('dev');
      if (template.use_classic_parameter_flow === false) skip('the template asks dynamically');
      const asked = await templateVersions.parameters(
        client.calls,
        template.active_version_id ?? skip('the template has no active version'),
        signal,
      );
      const choice = asked.kind === 'rich' ? asked.parameters.find((each) => each.options.length > 0) : undefined;
      const { name } = choice ?? skip('the template offers no choices');
      const values = [{ name, value: 'conformance-none-of-these' }];
      const attempt = workspaces.request({ ...usual(context, 'choice'), parameters: { kind: 'rich', values } });
      await refused(context, attempt, { status: 400, kind: 'invalid' });
    },
  },
  {
    operation,
    name: 'A dynamic template refuses a value at the parameter it is for',
    needs: [need.template('dynamic'), need.newer('dynamic parameters')],
    async run(context) {
      const { workspaces, client, signal, facts } = context;
      const template = workspaces.template('dynamic');
      const version = template.active_version_id ?? skip('the template has no active version');
      const form = await templateVersions.evaluate(client.calls, version, { inputs: {}, ownerId: facts.me.id }, signal);
      const choice = form.parameters.find((each) => each.options.length > 0);
      const { name } = choice ?? skip('the template offers no choices');
      const request = workspaces.requestFor(template, workspaces.nameFor('dynamic'));
      const values = [{ name, value: 'conformance-none-of-these' }];
      const attempt = workspaces.request({ ...request, parameters: { kind: 'rich', values } });
      await refused(context, attempt, { status: 400, kind: 'invalid', fields: [name] });
    },
  },
  {
    operation,
    name: 'A workspace of a dynamic template is made and starts',
    needs: [need.template('dynamic'), need.newer('dynamic parameters')],
    async run({ workspaces }) {
      const made = await workspaces.started(await workspaces.make('dynamic'));
      assert.equal(made.latest_build.status, 'running');
    },
  },
];
