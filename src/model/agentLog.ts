import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { AgentLogEntry, AgentScripts } from '../api/schemas/agents.ts';
import type { Agent, LogEntry } from '../api/schemas/workspaces.ts';
import { AGENT } from './buildLog.ts';

// An agent's log in the words of a build's, of which it is the continuation: each source is a stage.

/** Entries as they came; `sources`: the agent's. */
export const agentEntries = (
  { name, log_sources: sources }: AgentScripts,
  entries: readonly AgentLogEntry[],
): LogEntry[] => {
  const titles = new Map(sources.map(({ id, display_name }) => [id, agentStage(name, display_name)]));
  const untitled = agentStage(name, '');
  return entries.map(({ id, created_at, level, output, source_id }) => ({
    id,
    created_at,
    log_source: AGENT,
    log_level: level,
    stage: titles.get(source_id) ?? untitled,
    output,
  }));
};

/** The same entries grouped by source, in the order of each source's first entry. */
export const groupedBySource = (entries: readonly LogEntry[]): LogEntry[] => {
  const stages = [...new Set(entries.map(({ stage }) => stage))];
  return stages.flatMap((stage) => entries.filter((entry) => entry.stage === stage));
};

/** V0 has no such log, but tells what it runs. */
export const scriptEntries = ({ name, startup_script: script }: AgentScripts): LogEntry[] =>
  script === undefined
    ? []
    : [
        {
          id: 0,
          created_at: undefined,
          log_source: AGENT,
          log_level: 'info',
          stage: agentStage(name, l10n.t('text of the startup script')),
          output: script.trimEnd(),
        },
      ];

/** Also what a document is opened at. */
export const agentStage = (name: string, source: string): string => {
  const agent = plainLine(name);
  return source === '' ? l10n.t('agent {0}', agent) : l10n.t('agent {0}: {1}', agent, plainLine(source, 64));
};

/** The final line about the agent's startup. Success is reported only if the log has entries. */
export const agentEnding = (
  { name, lifecycle_state: state, logs_overflowed: isCut }: AgentScripts,
  hasEntries: boolean,
): string[] => {
  const agent = plainLine(name);
  return [
    isCut ? l10n.t('the deployment kept only the first part of the log of agent {0}', agent) : '',
    state === 'start_error' ? l10n.t('the startup script of agent {0} failed', agent) : '',
    state === 'ready' && hasEntries ? l10n.t('agent {0} is ready', agent) : '',
  ].filter((sentence) => sentence !== '');
};

/** Whether its startup scripts are running or still to run. Unknown, hence `false`, for an agent that timed out. */
export const isStartingUp = ({ status, lifecycle_state: state }: Agent): boolean =>
  status !== 'timeout' && (state === 'created' || state === 'starting' || state === 'start_timeout');
