import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Calls } from '../../../src/api/calls.ts';
import * as instanceIdentity from '../../../src/api/instanceIdentity.ts';
import type { Secret } from '../../../src/api/secret.ts';
import * as users from '../../../src/api/users.ts';
import { skip, type Check } from '../check.ts';
import { refused } from '../expect.ts';
import * as need from '../needs.ts';
import type { OperationName } from '../operations.ts';

interface Cloud {
  readonly operation: OperationName;
  readonly name: string;
  readonly fields: readonly string[];
  empty(calls: Calls, signal: AbortSignal): Promise<Secret>;
  forged(calls: Calls, signal: AbortSignal): Promise<Secret>;
}

const instance = JSON.stringify({ instanceId: 'i-0123456789abcdef0', region: 'eu-west-1' });

const clouds: readonly Cloud[] = [
  {
    operation: 'Authenticate agent on AWS',
    name: 'AWS',
    fields: ['signature', 'document'],
    empty: (calls, signal) =>
      instanceIdentity.exchange(calls, { cloud: 'aws', document: '', signature: '' }, undefined, signal),
    forged: (calls, signal) =>
      instanceIdentity.exchange(calls, { cloud: 'aws', document: instance, signature: 'bm9wZQ==' }, undefined, signal),
  },
  {
    operation: 'Authenticate agent on Azure',
    name: 'Azure',
    fields: ['signature', 'encoding'],
    empty: (calls, signal) =>
      instanceIdentity.exchange(calls, { cloud: 'azure', encoding: '', signature: '' }, undefined, signal),
    forged: (calls, signal) =>
      instanceIdentity.exchange(calls, { cloud: 'azure', encoding: 'pkcs7', signature: 'bm9wZQ==' }, undefined, signal),
  },
  {
    operation: 'Authenticate agent on Google Cloud',
    name: 'Google',
    fields: ['json_web_token'],
    empty: (calls, signal) =>
      instanceIdentity.exchange(calls, { cloud: 'google', jsonWebToken: '' }, undefined, signal),
    forged: (calls, signal) =>
      instanceIdentity.exchange(calls, { cloud: 'google', jsonWebToken: 'a.b.c' }, undefined, signal),
  },
];

const checksOf = (cloud: Cloud): Check[] => [
  {
    operation: cloud.operation,
    name: 'A forged document is refused, which says nothing about the session',
    async run(context) {
      const { client, signal } = context;
      const error = await refused(context, cloud.forged(client.calls, signal), {
        status: 401,
        kind: 'unauthorized',
      });
      assert.equal(error.operation.name, 'instanceIdentity', 'it could be taken for the session’s end');
      assert.equal((await users.me(client.calls, signal)).id, context.facts.me.id);
      // Agents have no user's token: nobody needs one to ask.
      const nobody = cloud.forged(context.as(undefined).calls, signal);
      await refused(context, nobody, { status: 401, kind: 'unauthorized' });
    },
  },
  {
    operation: cloud.operation,
    name: 'What is missing in the document is named',
    async run(context) {
      const attempt = cloud.empty(context.client.calls, context.signal);
      await refused(context, attempt, { status: 400, kind: 'invalid', fields: cloud.fields });
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
    async run(context) {
      const { client, signal, workspaces } = context;
      const proof = context.identity ?? skip('only a machine at AWS that belongs to a workspace gets such a document');
      await workspaces.keep('machine', async () => workspaces.started(await workspaces.make('slow')));
      const token = await instanceIdentity.exchange(client.calls, { cloud: 'aws', ...proof }, undefined, signal);
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
