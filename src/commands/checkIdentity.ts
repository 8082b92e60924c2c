import * as l10n from '@vscode/l10n';
import {
  machineName,
  METADATA_ORIGINS,
  readIdentityDocument,
  type Cloud,
  type IdentityDocument,
  type MetadataOrigins,
} from '../api/cloudMetadata.ts';
import { ApiError, isOfKind } from '../api/errors.ts';
import * as instanceIdentity from '../api/instanceIdentity.ts';
import { joined, plainLine } from '../api/plainText.ts';
import type { Agent, Workspace } from '../api/schemas/workspaces.ts';
import { agentName as uniqueName } from '../model/agentNames.ts';
import { nameFor } from '../model/found.ts';
import { documentFacts, type DocumentFacts } from '../model/identityDocument.ts';
import type { Session } from '../model/session.ts';
import { agentsOf } from '../model/status.ts';
import { absoluteAndRelative } from '../model/times.ts';
import type { CommandContext } from './context.ts';
import { Refusal } from './refusal.ts';
import type { Command } from './table.ts';
import { readyState, sessionOf } from './target.ts';
import type { Ui } from './ui.ts';

/**
 * Checks whether Coder recognizes the extension's machine by the identity document of its cloud, as an agent without a token
 * does (contract 6). The returned agent token is discarded.
 */
export const checkIdentityAt =
  (origins: MetadataOrigins): Command =>
  async (context) => {
    const { ui } = context;
    const session = sessionOf(context);
    const { signal } = session;
    const machine = machineOf(context);
    const found = await ui.withDelayedProgress(
      l10n.t('Requesting the identity document of {0}', machine),
      (stop) => readIdentityDocument(origins, stop),
      signal,
    );
    if (found.cloud === undefined) throw new Refusal(noDocument(machine, found.refusedBy));
    const facts = documentFacts(found);
    const { instanceId, expiresAt } = facts;
    const named = nameOf(machine, found.cloud, facts);
    if (instanceId === undefined) {
      throw new Refusal(l10n.t("The identity document of {0} doesn't contain an instance ID.", named));
    }
    const now = session.now();
    if (expiresAt !== undefined && expiresAt <= now) {
      const when = absoluteAndRelative(expiresAt, now, ui.displayLocale());
      throw new Refusal(
        l10n.t('The identity document of {0} expired at {1}. Check the clock of this machine.', named, when),
      );
    }
    const owners = await agentsWith(session, instanceId);
    let agentName: string | undefined;
    try {
      agentName = await exchange(ui, session, found, owners);
    } catch (error) {
      throw error instanceof ApiError ? (explained(error, named, found.cloud, facts) ?? error) : error;
    }
    const owner = owners.find(({ agent }) => agentName === undefined || agent.name === agentName);
    ui.inform(
      owner === undefined
        ? l10n.t('Coder recognizes {0} as the machine of an agent.', named)
        : l10n.t(
            'Coder recognizes {0} as the machine that runs agent {1} of {2}.',
            named,
            uniqueName(owner.agent, owner.workspace),
            nameFor(owner.workspace, (await readyState(session)).user),
          ),
    );
  };

export const checkIdentity = checkIdentityAt(METADATA_ORIGINS);

/** The machine that is checked; in a remote window it may be the user's own computer. */
const machineOf = ({ isBesideRemote }: CommandContext): string =>
  isBesideRemote() ? l10n.t('{0} (this computer, not the remote one)', machineName()) : machineName();

const cloudName = (cloud: Cloud): string => ({ aws: 'AWS', azure: 'Azure', google: 'Google Cloud' })[cloud];

const nameOf = (machine: string, cloud: Cloud, { instanceId, place }: DocumentFacts): string => {
  const id = plainLine(instanceId ?? '', 80);
  return place === undefined
    ? l10n.t('{0} ({1}, instance {2})', machine, cloudName(cloud), id)
    : l10n.t('{0} ({1}, instance {2} in {3})', machine, cloudName(cloud), id, plainLine(place, 60));
};

const noDocument = (machine: string, refusedBy?: { readonly cloud: Cloud; readonly status: number }): string => {
  if (refusedBy === undefined) {
    return l10n.t(
      "{0} isn't an AWS, Azure, or Google Cloud machine, or its metadata service can't be reached from here, as in a container.",
      machine,
    );
  }
  return refusedBy.cloud === 'google'
    ? l10n.t(
        "Google Cloud didn't provide an identity token for {0} (HTTP {1}). The machine needs a service account.",
        machine,
        refusedBy.status,
      )
    : l10n.t(
        "{0} didn't provide an identity document for {1} (HTTP {2}).",
        cloudName(refusedBy.cloud),
        machine,
        refusedBy.status,
      );
};

interface Owner {
  readonly workspace: Workspace;
  readonly agent: Agent;
}

/** The agents of known workspaces that belong to that machine. */
async function agentsWith(session: Session, instanceId: string): Promise<readonly Owner[]> {
  const { workspaces } = await readyState(session);
  return [...workspaces.values()].flatMap((workspace) =>
    agentsOf(workspace)
      .filter((agent) => agent.instance_id === instanceId)
      .map((agent) => ({ workspace, agent })),
  );
}

/** Where several agents share the machine, one is chosen (V2): its name. */
async function exchange(
  ui: Ui,
  session: Session,
  found: IdentityDocument,
  owners: readonly Owner[],
): Promise<string | undefined> {
  const { calls, signal } = session;
  try {
    await instanceIdentity.exchange(calls, found, undefined, signal);
    return undefined;
  } catch (error) {
    if (!isOfKind(error, 'conflict')) throw error;
    const name = await askForAgent(ui, signal, owners, error);
    await instanceIdentity.exchange(calls, found, name, signal);
    return name;
  }
}

async function askForAgent(ui: Ui, signal: AbortSignal, owners: readonly Owner[], error: ApiError): Promise<string> {
  const title = l10n.t('Check Instance Identity: Agent');
  const names = [...new Set(owners.map(({ agent }) => agent.name))];
  return names.length > 1
    ? ui.pick({
        title,
        placeholder: l10n.t('Several agents share this machine. Select one'),
        rows: names.map((each) => ({ label: each, value: each })),
        signal,
      })
    : ui.enter({ title, prompt: plainLine(error.detail ?? error.message, 300), signal });
}

/** The meaning of a rejection, and who has to act (contract 6.3). */
function explained(error: ApiError, named: string, cloud: Cloud, { place }: DocumentFacts): Refusal | undefined {
  switch (error.kind) {
    case 'unauthorized':
      return new Refusal(joined([rejected(named, cloud, place ?? ''), plainLine(error.detail ?? '', 200)], ' '));
    case 'notFound':
      return new Refusal(
        l10n.t(
          'No agent on this deployment belongs to {0}. The machine must be part of a workspace whose template sets “auth” for its agent.',
          named,
        ),
      );
    case 'invalid':
      // A field that is missing says so itself.
      if (error.validations.length > 0) return undefined;
      return new Refusal(
        l10n.t(
          "{0} isn't part of the latest build of its workspace. Rebuild the workspace, or use its newer machine.",
          named,
        ),
      );
    default:
      return undefined;
  }
}

const rejected = (named: string, cloud: Cloud, place: string): string =>
  cloud === 'aws' && place !== ''
    ? l10n.t(
        'Coder rejected the AWS signature for {0}. Ask the administrator of the deployment whether its version includes the certificate for {1}.',
        named,
        plainLine(place, 60),
      )
    : l10n.t(
        'Coder rejected the {0} signature for {1}. Ask the administrator of the deployment to check its clock, and whether it can download the {0} certificates.',
        cloudName(cloud),
        named,
      );
