import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { InstanceIdentityApi } from '../../../src/api/instanceIdentity.ts';
import type { Secret } from '../../../src/api/secret.ts';
import { skip, type Check } from '../check.ts';
import { refused } from '../expect.ts';
import * as need from '../needs.ts';
import type { OperationName } from '../operations.ts';

interface Cloud {
  readonly operation: OperationName;
  readonly name: string;
  readonly fields: readonly string[];
  empty(api: InstanceIdentityApi, signal: AbortSignal): Promise<Secret>;
  forged(api: InstanceIdentityApi, signal: AbortSignal): Promise<Secret>;
}

const instance = JSON.stringify({ instanceId: 'i-0123456789abcdef0', region: 'eu-west-1' });

const clouds: readonly Cloud[] = [
  {
    operation: 'Authenticate agent on AWS',
    name: 'AWS',
    fields: ['signature', 'document'],
    empty: (api, signal) => api.aws({ document: '', signature: '' }, {}, signal),
    forged: (api, signal) => api.aws({ document: instance, signature: 'bm9wZQ==' }, {}, signal),
  },
  {
    operation: 'Authenticate agent on Azure',
    name: 'Azure',
    fields: ['signature', 'encoding'],
    empty: (api, signal) => api.azure({ encoding: '', signature: '' }, {}, signal),
    forged: (api, signal) => api.azure({ encoding: 'pkcs7', signature: 'bm9wZQ==' }, {}, signal),
  },
  {
    operation: 'Authenticate agent on Google Cloud',
    name: 'Google',
    fields: ['json_web_token'],
    empty: (api, signal) => api.google({ jsonWebToken: '' }, {}, signal),
    forged: (api, signal) => api.google({ jsonWebToken: 'a.b.c' }, {}, signal),
  },
];

const checksOf = (cloud: Cloud): Check[] => [
  {
    operation: cloud.operation,
    name: 'A forged document is refused, which says nothing about the session',
    async run(stage) {
      const { client, signal } = stage;
      const error = await refused(stage, cloud.forged(client.instanceIdentity, signal), {
        status: 401,
        kind: 'unauthorized',
      });
      assert.equal(error.operation.name, 'instanceIdentity', 'it could be taken for the session’s end');
      assert.equal((await client.users.me(signal)).id, stage.facts.me.id);
      // Agents have no user's token: nobody needs one to ask.
      const nobody = cloud.forged(stage.as(undefined).instanceIdentity, signal);
      await refused(stage, nobody, { status: 401, kind: 'unauthorized' });
    },
  },
  {
    operation: cloud.operation,
    name: 'What is missing in the document is named',
    async run(stage) {
      const attempt = cloud.empty(stage.client.instanceIdentity, stage.signal);
      await refused(stage, attempt, { status: 400, kind: 'invalid', fields: cloud.fields });
    },
  },
];

const machineOnly = (cloud: Cloud): Check => ({
  operation: cloud.operation,
  name: 'The document of a machine is exchanged for the token of its agent',
  needs: [need.never(`only a machine at ${cloud.name} that belongs to a workspace gets such a document`)],
  run: () => Promise.reject(new Error('its need holds nowhere')),
});

const [aws, azure, google] = clouds as [Cloud, Cloud, Cloud];

export const identity: readonly Check[] = [
  ...checksOf(aws),
  {
    operation: aws.operation,
    name: 'The document of a machine is exchanged for the token of its agent, which does not show itself',
    async run(stage) {
      const { client, signal, workspaces } = stage;
      const proof = stage.identity ?? skip('only a machine at AWS that belongs to a workspace gets such a document');
      await workspaces.keep('machine', async () => workspaces.started(await workspaces.make('slow')));
      const token = await client.instanceIdentity.aws(proof, {}, signal);
      const value = token.reveal();
      assert.match(value, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
      for (const shown of [String(token), JSON.stringify({ token }), inspect({ token }, { depth: 5 })]) {
        assert.ok(!shown.includes(value), 'the token shows itself');
      }
    },
  },
  ...checksOf(azure),
  machineOnly(azure),
  ...checksOf(google),
  machineOnly(google),
];
