import * as l10n from '@vscode/l10n';
import { joined, plainLine } from '../api/plainText.ts';
import type { Agent } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { clockTime, type DisplayLocale } from './times.ts';

/** The agent's problem, for a line that names the agent itself: "lost connection"; and the whole: "agent main lost connection". */
export const agentProblem = (agent: Agent, name: string): readonly [problem: string, whole: string] => {
  if (agent.status === 'disconnected') return [l10n.t('lost connection'), l10n.t('agent {0} lost connection', name)];
  if (agent.status === 'timeout')
    return [l10n.t('is taking too long to connect'), l10n.t('agent {0} is taking too long to connect', name)];
  switch (agent.lifecycle_state) {
    case 'start_error':
      return [
        l10n.t('had an error in its startup script'),
        l10n.t('agent {0} had an error in its startup script', name),
      ];
    case 'start_timeout':
      return [l10n.t('is taking too long to start'), l10n.t('agent {0} is taking too long to start', name)];
    case 'shutting_down':
    case 'shutdown_timeout':
    case 'shutdown_error':
    case 'off':
      return [l10n.t('is shutting down'), l10n.t('agent {0} is shutting down', name)];
    default: {
      const reason = healthReason(agent);
      return reason === ''
        ? [l10n.t('is unhealthy'), l10n.t('agent {0} is unhealthy', name)]
        : [reason, l10n.t('agent {0}: {1}', name, reason)];
    }
  }
};

/** The server's own sentence on the agent's health, if it has one. */
export const healthReason = ({ health }: Agent): string => plainLine(health?.reason ?? '', 150).replace(/[.]$/, '');

/** "connected · linux/amd64": connection, problems, and platform; only while the workspace runs. */
export const agentDescription = (agent: Agent, isOn: boolean, now: EpochMs, displayLocale: DisplayLocale): string => {
  const state = lifecycle(agent);
  const parts = isOn ? [connection(agent, now, displayLocale), state] : [];
  // The server's reason says the same once more where the connection or the lifecycle is what is wrong.
  if (isOn && agent.status === 'connected' && state === '') parts.push(unhealthy(agent));
  parts.push(platformOf(agent));
  return joined(parts);
};

const connection = (agent: Agent, now: EpochMs, displayLocale: DisplayLocale): string => {
  switch (agent.status) {
    case 'connected':
      return l10n.t('connected');
    case 'connecting':
      return l10n.t('connecting');
    case 'timeout':
      return l10n.t('not connected in time');
    case 'disconnected': {
      const since = agent.disconnected_at ?? agent.last_connected_at;
      return since === undefined
        ? l10n.t('disconnected')
        : l10n.t('disconnected since {0}', clockTime(since, now, displayLocale));
    }
    default:
      return plainLine(agent.status, 40);
  }
};

/** V2's lifecycle state, unless it is `ready`. */
const lifecycle = ({ status, lifecycle_state: state }: Agent): string => {
  if (state === undefined || state === 'ready' || (state === 'created' && status !== 'connected')) return '';
  switch (state) {
    case 'created':
    case 'starting':
      return l10n.t('starting');
    case 'start_timeout':
      return l10n.t('startup script is slow');
    case 'start_error':
      return l10n.t('startup script failed');
    case 'shutting_down':
      return l10n.t('shutting down');
    case 'shutdown_timeout':
      return l10n.t('shutdown script is slow');
    case 'shutdown_error':
      return l10n.t('shutdown script failed');
    case 'off':
      return l10n.t('off');
    default:
      return plainLine(state, 40);
  }
};

const unhealthy = (agent: Agent): string => (agent.health?.healthy === false ? healthReason(agent) : '');

/** "linux/amd64". */
export const platformOf = (agent: Agent): string =>
  joined(
    [agent.operating_system, agent.architecture].map((part) => plainLine(part, 20)),
    '/',
  );

/** Where one begins to work on it; '' where it doesn't tell. */
export const folderOf = ({ expanded_directory: expanded, directory = '' }: Agent): string => expanded ?? directory;
