import assert from 'node:assert/strict';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { after, describe, test } from 'node:test';
import type { MetadataOrigins } from '../../src/api/cloudMetadata.ts';
import { checkIdentityAt } from '../../src/commands/checkIdentity.ts';
import type { Agent } from '../deployment/model.ts';
import { latestBuild } from '../deployment/store.ts';
import { choose } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

// The metadata services of the three clouds as contract 6.1 has them, on loopback.

type Serve = (request: http.IncomingMessage, response: http.ServerResponse) => void;

interface Metadata {
  readonly origin: string;
  readonly asked: string[];
}

async function metadata(serve: Serve): Promise<Metadata> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const absent: Serve = (_, response) => void response.writeHead(404).end();

const AWS_DOCUMENT = `{\n  "instanceId" : "i-0fedcba9876543210",\n  "region" : "eu-west-1"\n}`;

/** IMDSv2: a token by PUT, then everything with it. */
const aws =
  (status = 200): Serve =>
  ({ method, url, headers }, response) => {
    if (method === 'PUT' && url === '/latest/api/token' && headers['x-aws-ec2-metadata-token-ttl-seconds'] === '21600')
      response.end('AQAEAGk');
    else if (headers['x-aws-ec2-metadata-token'] !== 'AQAEAGk') response.writeHead(401).end();
    else if (url === '/latest/dynamic/instance-identity/document') response.writeHead(status).end(AWS_DOCUMENT);
    else if (url === '/latest/dynamic/instance-identity/signature') response.end('bm9w\nZQ==');
    else response.writeHead(404).end();
  };

const VM_ID = '02aab8a4-74ef-476e-8182-f6d2ba4166a6';
const azureSignature = (expiresOn = '11/28/36 06:16:17 -0000'): string =>
  Buffer.from(
    `0\x82\x01\x02…{"nonce":"1","timeStamp":{"createdOn":"11/28/26 00:16:17 -0000","expiresOn":"${expiresOn}"},"vmId":"${VM_ID}"}\x00\x01`,
    'latin1',
  ).toString('base64');
const azure =
  (signature: string): Serve =>
  ({ url, headers }, response) => {
    if (url !== '/metadata/attested/document?api-version=2020-09-01' || headers.metadata !== 'true')
      response.writeHead(400).end();
    else response.end(JSON.stringify({ encoding: 'pkcs7', signature }));
  };

const jwt = (exp: number, id = '8087716956832600000'): string => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { aud: 'coder', exp, google: { compute_engine: { instance_id: id, zone: 'europe-west1-b' } } };
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
};
const google =
  (token: string, status = 200): Serve =>
  ({ url, headers }, response) => {
    const path = '/computeMetadata/v1/instance/service-accounts/default/identity?audience=coder&format=full';
    if (url !== path || headers['metadata-flavor'] !== 'Google') response.writeHead(403).end();
    else response.writeHead(status, { 'Metadata-Flavor': 'Google' }).end(status === 200 ? token : '');
  };

const originsOf = async (services: Partial<Record<keyof MetadataOrigins, Serve>>): Promise<MetadataOrigins> => {
  const nobody = (await metadata(absent)).origin;
  const at = async (serve: Serve | undefined) => (serve === undefined ? nobody : (await metadata(serve)).origin);
  return { aws: await at(services.aws), azure: await at(services.azure), google: await at(services.google) };
};

/** Runs the check, and gives what was said. */
const check = async (verbs: VerbFixture, origins: MetadataOrigins): Promise<string> => {
  const run = checkIdentityAt(origins);
  await verbs.report('checkIdentity', () => run(verbs.context));
  return verbs.ui.said.at(-1) ?? '';
};

/** Makes an agent of `web` that of the machine. */
const ownMachine = (verbs: VerbFixture, document: string, instanceId: string): Agent => {
  const workspace = verbs.deployment.workspace('owner/web');
  const [agent] = latestBuild(workspace).resources.flatMap((resource) => resource.agents);
  assert.ok(agent !== undefined, 'web has an agent');
  agent.spec = { ...agent.spec, instanceId };
  verbs.deployment.acceptInstance(document, instanceId);
  return agent;
};

const later = (): number => Math.floor(Date.now() / 1000) + 3_600;

for (const age of ages) {
  describe(`check instance identity (${age})`, () => {
    const token = jwt(later());
    const clouds = {
      aws: [aws(), AWS_DOCUMENT, 'i-0fedcba9876543210', 'AWS, instance i-0fedcba9876543210 in eu-west-1'],
      azure: [azure(azureSignature()), azureSignature(), VM_ID, `Azure, instance ${VM_ID}`],
      google: [
        google(token),
        token,
        '8087716956832600000',
        'Google Cloud, instance 8087716956832600000 in europe-west1-b',
      ],
    } as const;
    for (const [cloud, [serve, document, instanceId, words]] of Object.entries(clouds)) {
      test(`on ${cloud} the machine is named, recognized, and its agent's token is nowhere`, async () => {
        const verbs = await verbsOn({ age });
        const agent = ownMachine(verbs, document, instanceId);
        await verbs.session.refresh();
        const said = await check(verbs, await originsOf({ [cloud]: serve }));
        const owner = verbs
          .known('web')
          .latest_build.resources.some(({ agents }) => agents.some((each) => each.instance_id === instanceId));
        assert.equal(
          said,
          owner
            ? `Coder recognizes ${hostname()} (${words}) as the machine that runs agent ${agent.spec.name} of web.`
            : `Coder recognizes ${hostname()} (${words}) as the machine of an agent.`,
        );
        const everything = JSON.stringify([
          verbs.ui.toasts,
          verbs.ui.questions,
          verbs.errors.map(String),
          verbs.sessionFixture.log,
        ]);
        assert.ok(!everything.includes(agent.token), 'the token is nowhere');
      });
    }

    test('a document that the deployment does not accept: the cloud and who must act are named', async () => {
      const verbs = await verbsOn({ age });
      const said = await check(verbs, await originsOf({ aws: aws() }));
      assert.match(
        said,
        /^Coder rejected the AWS signature for .*eu-west-1\)\. Ask the administrator of the deployment/,
      );
      // Its end is no moment, so only the server can judge it.
      assert.match(
        await check(verbs, await originsOf({ google: google(jwt(-1e20)) })),
        /^Coder rejected the Google Cloud signature/,
      );
    });

    test('a machine of no agent, and one of an older build, are told apart', async () => {
      const verbs = await verbsOn({ age });
      verbs.deployment.acceptInstance(AWS_DOCUMENT, 'i-0fedcba9876543210');
      assert.match(await check(verbs, await originsOf({ aws: aws() })), /^No agent on this deployment belongs to /);
      ownMachine(verbs, AWS_DOCUMENT, 'i-0fedcba9876543210');
      const workspace = verbs.deployment.workspace('owner/web');
      workspace.builds.push({ ...latestBuild(workspace), id: 'newer', resources: [] });
      assert.match(
        await check(verbs, await originsOf({ aws: aws() })),
        /isn't part of the latest build of its workspace/,
      );
    });
  });
}

describe('check instance identity before anything is sent', () => {
  const quiet = async (origins: MetadataOrigins): Promise<string> => {
    const verbs = await verbsOn({ age: 'v2' });
    const said = await check(verbs, origins);
    assert.deepEqual(verbs.writes(), []);
    return said;
  };

  test('off the cloud one sentence says so, with the machine that was asked', async () => {
    assert.equal(
      await quiet(await originsOf({})),
      `${hostname()} isn't an AWS, Azure, or Google Cloud machine, or its metadata service can't be reached from here, as in a container.`,
    );
  });

  test('in a remote window it is said that this computer was asked', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    Object.assign(verbs.context, { isBesideRemote: () => true });
    assert.match(
      await check(verbs, await originsOf({})),
      / \(this computer, not the remote one\) isn't an AWS, Azure, or Google Cloud machine/,
    );
  });

  test('a redirect is not followed', async () => {
    const elsewhere = await metadata(aws());
    const redirect: Serve = ({ url }, response) =>
      void response.writeHead(302, { location: elsewhere.origin + (url ?? '') }).end();
    assert.match(
      await quiet(await originsOf({ aws: redirect, azure: redirect, google: redirect })),
      /isn't an AWS, Azure, or Google Cloud machine/,
    );
    assert.deepEqual(elsewhere.asked, []);
  });

  test('a service that never answers is left after five seconds', async () => {
    const silent: Serve = () => undefined;
    const began = performance.now();
    assert.match(
      await quiet(await originsOf({ aws: silent, azure: silent, google: silent })),
      /isn't an AWS, Azure, or Google Cloud machine/,
    );
    const took = performance.now() - began;
    assert.ok(took > 4_500 && took < 9_000, `${took} ms`);
  });

  test('a document that has expired, or that names no machine, is not sent', async () => {
    const expired = await quiet(await originsOf({ google: google(jwt(1_700_000_000)) }));
    assert.match(expired, /expired at .*Check the clock of this machine\.$/);
    assert.match(
      await quiet(await originsOf({ azure: azure(azureSignature('11/28/18 06:16:17 -0000')) })),
      /expired at /,
    );
    assert.match(await quiet(await originsOf({ google: google('not a token') })), / doesn't contain an instance ID\.$/);
    assert.match(await quiet(await originsOf({ azure: azure('bm9wZQ==') })), / doesn't contain an instance ID\.$/);
  });

  test('a machine of Google Cloud without a service account is told so', async () => {
    assert.match(await quiet(await originsOf({ google: google('', 404) })), /The machine needs a service account\.$/);
    assert.match(
      await quiet(await originsOf({ aws: aws(403) })),
      /^AWS didn't provide an identity document for .* \(HTTP 403\)\.$/,
    );
  });

  test('a cloud that is there and gives nothing now is told apart from no cloud', async () => {
    const says =
      (status: number, headers = {}): Serve =>
      (_, response) =>
        void response.writeHead(status, headers).end();
    assert.match(await quiet(await originsOf({ aws: says(403) })), /^AWS didn't provide .* \(HTTP 403\)\.$/);
    assert.match(await quiet(await originsOf({ azure: says(429) })), /^Azure didn't provide .* \(HTTP 429\)\.$/);
    // The address is that of AWS, too.
    const google = says(403, { 'Metadata-Flavor': 'Google' });
    assert.match(await quiet(await originsOf({ aws: google, google })), /^Google Cloud didn't provide .* \(HTTP 403\)/);
    assert.match(await quiet(await originsOf({ azure: says(400) })), /can't be reached from here/);
  });

  test('documents that are no documents are not sent, and end in a sentence', async () => {
    const json: Serve = (_, response) => void response.end('null');
    const long: Serve = (_, response) => void response.end('x'.repeat(100_000));
    const odd: Serve = (_, response) => void response.end('{"encoding":1,"signature":[]}');
    for (const azureSays of [json, long, odd])
      assert.match(await quiet(await originsOf({ azure: azureSays })), /can't be reached from here/);
    const noRegion: Serve = ({ method, url }, response) => {
      if (method === 'PUT') response.end('AQAEAGk');
      else response.end(url?.endsWith('/document') === true ? '{"instanceId":"i-1"}' : 'bm9wZQ==');
    };
    const verbs = await verbsOn({ age: 'v2' });
    assert.match(
      await check(verbs, await originsOf({ aws: noRegion })),
      /^Coder rejected the AWS signature for [^.]*\./,
    );
    assert.doesNotMatch(verbs.ui.said.join(), /for \./);
  });

  test('where several agents share the machine, one is chosen', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const instanceId = 'i-0fedcba9876543210';
    const agents = latestBuild(verbs.deployment.workspace('owner/api-server')).resources.flatMap((each) => each.agents);
    assert.ok(agents.length > 1, 'api-server has two agents');
    for (const agent of agents) agent.spec = { ...agent.spec, instanceId };
    verbs.deployment.acceptInstance(AWS_DOCUMENT, instanceId);
    await verbs.session.refresh();
    const name = agents[1]?.spec.name ?? '';
    verbs.ui.answers(choose(name));
    assert.match(
      await check(verbs, await originsOf({ aws: aws() })),
      new RegExp(`as the machine that runs agent ${name} of api-server\\.$`),
    );
    assert.equal(verbs.ui.unused, 0);
  });
});
