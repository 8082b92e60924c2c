import assert from 'node:assert/strict';
import * as builds from '../../../src/api/builds.ts';
import { DynamicParameters } from '../../../src/api/dynamicParameters.ts';
import { ApiError } from '../../../src/api/errors.ts';
import type { DynamicForm } from '../../../src/api/schemas/templateVersions.ts';
import * as templatesApi from '../../../src/api/templates.ts';
import * as templateVersions from '../../../src/api/templateVersions.ts';
import type { TemplateId, TemplateVersionId } from '../../../src/api/units.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';

const operation = 'Templates and parameters';
const dev = need.template('dev');

const devVersion = ({ workspaces }: CheckContext): TemplateVersionId =>
  workspaces.template('dev').active_version_id ?? skip('the template has no active version');

/** A dynamic template and the choice in its form. */
const choiceOf = (form: DynamicForm): { name: string; options: readonly string[] } => {
  const found = form.parameters.find((each) => each.options.length > 1) ?? skip('the template offers no choices');
  return { name: found.name, options: found.options.map((option) => option.value?.value ?? '') };
};

export const templates: readonly Check[] = [
  {
    operation,
    name: 'A template is found by id and by name',
    needs: [dev],
    async run({ workspaces, client, signal }) {
      const { id, name, organization_id: organization } = workspaces.template('dev');
      assert.equal((await templatesApi.get(client.calls, id, signal)).name, name);
      if (organization === undefined) return skip('the template names no organization');
      assert.equal((await templatesApi.getByName(client.calls, organization, name, signal)).id, id);
    },
  },
  {
    operation,
    name: 'The active version of a template is among its versions, and found by its name',
    needs: [dev],
    async run(context) {
      const { client, signal, workspaces } = context;
      const { id } = workspaces.template('dev');
      const versionId = devVersion(context);
      const version = await templateVersions.get(client.calls, versionId, signal);
      assert.equal(version.template_id, id);
      assert.equal(version.job.status, 'succeeded');
      const all = await templatesApi.versions(client.calls, id, {}, signal);
      assert.ok(
        all.some((each) => each.id === versionId),
        'it is not listed',
      );
      assert.equal((await templatesApi.versionByName(client.calls, id, version.name, signal)).id, versionId);
    },
  },
  {
    operation,
    name: 'A template that does not exist is not found',
    async run(context) {
      const attempt = templatesApi.get(context.client.calls, UNKNOWN_ID as TemplateId, context.signal);
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
  {
    operation,
    name: 'Parameters come as a schema in the document’s age, and as rich parameters since',
    needs: [dev],
    async run(context) {
      const asked = await templateVersions.parameters(context.client.calls, devVersion(context), context.signal);
      assert.equal(asked.kind, context.facts.age === 'document' ? 'legacy' : 'rich');
      assert.equal((asked.kind === 'legacy' ? asked.schema : asked.parameters).skippedRows, 0);
    },
  },
  {
    operation,
    name: 'Presets name values of parameters that there are',
    needs: [dev, need.newer('presets')],
    async run(context) {
      const { client, signal } = context;
      const presets = await templateVersions.presets(client.calls, devVersion(context), signal);
      if (presets.length === 0) skip('the template has none');
      const asked = await templateVersions.parameters(client.calls, devVersion(context), signal);
      const known = asked.kind === 'rich' ? asked.parameters.map(({ name }) => name) : [];
      for (const preset of presets) {
        assert.notEqual(preset.name, '');
        for (const { name } of preset.parameters) assert.ok(known.includes(name), `${preset.name}: ${name}`);
      }
    },
  },
  {
    operation,
    name: 'What came after the document is not there in its age, and the client makes do',
    needs: [dev, need.olderOnly('the lack of it')],
    async run(context) {
      const { client, signal } = context;
      assert.deepEqual([...(await templateVersions.presets(client.calls, devVersion(context), signal))], []);
      assert.deepEqual([...(await templateVersions.externalAuth(client.calls, devVersion(context), signal))], []);
    },
  },
  {
    operation,
    name: 'A dynamic form follows its values, asked once',
    needs: [need.template('dynamic'), need.newer('dynamic parameters')],
    async run({ workspaces, client, facts, signal }) {
      const version = workspaces.template('dynamic').active_version_id ?? skip('the template has no active version');
      const ownerId = facts.me.id;
      const first = await templateVersions.evaluate(client.calls, version, { inputs: {}, ownerId }, signal);
      const { name, options } = choiceOf(first);
      for (const value of options) {
        const form = await templateVersions.evaluate(
          client.calls,
          version,
          { inputs: { [name]: value }, ownerId },
          signal,
        );
        assert.equal(form.parameters.find((each) => each.name === name)?.value?.value, value);
      }
      const wrong = await templateVersions.evaluate(
        client.calls,
        version,
        { inputs: { [name]: 'none' }, ownerId },
        signal,
      );
      const diagnostics = wrong.parameters.find((each) => each.name === name)?.diagnostics ?? [];
      assert.ok(
        diagnostics.some(({ severity }) => severity === 'error'),
        'a wrong value is not marked',
      );
    },
  },
  {
    operation,
    name: 'A dynamic form follows its values, as long as it is open',
    needs: [need.template('dynamic'), need.newer('dynamic parameters')],
    async run({ workspaces, client, facts, signal, limits }) {
      const version = workspaces.template('dynamic').active_version_id ?? skip('the template has no active version');
      const form = await DynamicParameters.open(
        client.calls,
        version,
        facts.me.id,
        AbortSignal.any([signal, AbortSignal.timeout(limits.soonMs)]),
      );
      let asked: { name: string; value: string } | undefined;
      for await (const state of form.forms()) {
        if (asked === undefined) {
          const { name, options } = choiceOf(state);
          asked = { name, value: options.at(-1) ?? '' };
          await form.change({ [name]: asked.value });
          continue;
        }
        const { name, value } = asked;
        assert.equal(state.parameters.find((each) => each.name === name)?.value?.value, value);
        return;
      }
      assert.fail('the form was closed');
    },
  },
  {
    operation,
    name: 'A preset is kept by the build that was made with it',
    needs: [dev, need.newer('presets')],
    async run(context) {
      const { client, signal, workspaces } = context;
      const [preset] = await templateVersions.presets(client.calls, devVersion(context), signal);
      const { id: presetId } = preset ?? skip('the template has none');
      const made = await workspaces.make('dev', { presetId });
      const build = await builds.get(client.calls, made.latest_build.id, signal);
      assert.equal(build.template_version_preset_id, presetId);
    },
  },
  {
    operation,
    name: 'The values that a build was made with can be read back',
    needs: [dev],
    async run({ workspaces, client, signal, facts }) {
      const { latest_build } = await workspaces.running();
      const attempt = builds.parameters(client.calls, latest_build.id, signal);
      if (facts.age !== 'document') {
        assert.equal((await attempt).skippedRows, 0);
        return;
      }
      await assert.rejects(attempt, (error) => error instanceof ApiError && error.kind === 'routeNotFound');
    },
  },
];
