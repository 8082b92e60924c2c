import '../steadyTime.ts';
import { after } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import type { Template } from '../../src/api/schemas/templates.ts';
import * as templates from '../../src/api/templates.ts';
import * as templateVersions from '../../src/api/templateVersions.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { startDeployment, type AgeName, type Deployment, type DeploymentOptions } from '../deployment/index.ts';

export const ages: readonly AgeName[] = ['v0', 'v2'];

/** As `AbortSignal.timeout`, in the time of `steadyTime.ts`. */
export const within = (ms: number): AbortSignal => {
  const end = new AbortController();
  setTimeout(() => end.abort(new DOMException(`${ms} ms are over`, 'TimeoutError')), ms).unref();
  return end.signal;
};

/** A pause that the sender of something makes: it isn't over before what it sent could be read. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Long for a test, short for a hang. */
export const soon = (): AbortSignal => within(20_000);

/** A pace at which a test can wait for what people wait for seconds. */
export const quickPace = {
  pollMs: 100 as Milliseconds,
  settleMs: 100 as Milliseconds,
  gatherMs: 10 as Milliseconds,
  openMs: 1_000 as Milliseconds,
  readMs: 100 as Milliseconds,
  firstMs: 50 as Milliseconds,
  longestMs: 200 as Milliseconds,
};

/** A deployment for the tests of one file or suite, gone after them. */
export const deploymentFor = async (options: DeploymentOptions): Promise<Deployment> => {
  const deployment = await startDeployment({ speed: 20, ...options });
  after(() => deployment.close());
  return deployment;
};

export const clientOf = (deployment: Deployment, token: string = deployment.token): CoderClient =>
  new CoderClient({ url: deployment.url, token });

export const templateNamed = async (client: CoderClient, name: string): Promise<Template> => {
  const [organization] = await users.organizations(client.calls, 'me', soon());
  if (organization === undefined) throw new Error('the deployment has no organization');
  return templates.getByName(client.calls, organization.id, name, soon());
};

/** A workspace of that template under that name, as the server first answers it. */
export const createWorkspace = async (client: CoderClient, templateName: string, name: string) => {
  const template = await templateNamed(client, templateName);
  if (template.organization_id === undefined || template.active_version_id === undefined) {
    throw new Error('the template has no organization or version');
  }
  const { kind } = await templateVersions.parameters(client.calls, template.active_version_id, soon());
  const needed = templateName === 'dev' ? [['repo', 'https://example.com/r.git'] as const] : [];
  return workspaces.create(
    client.calls,
    {
      organizationId: template.organization_id,
      templateId: template.id,
      name,
      parameters:
        kind === 'rich'
          ? { kind, values: needed.map(([key, value]) => ({ name: key, value })) }
          : {
              kind,
              values: needed.map(([key, value]) => ({
                name: key,
                source_value: value,
                source_scheme: 'data',
                destination_scheme: 'provisioner_variable',
              })),
            },
    },
    soon(),
  );
};

/** Everything that `events` brings until one of them is `last`. */
export const collect = async <T>(events: AsyncIterable<T>, isLast: (event: T) => boolean): Promise<T[]> => {
  const all: T[] = [];
  for await (const event of events) {
    all.push(event);
    if (isLast(event)) break;
  }
  return all;
};
