import type { Seconds } from '../units.ts';
import {
  count,
  flag,
  id,
  list,
  openWord,
  optionalText,
  optionalTime,
  quantity,
  requiredNumber,
  text,
} from './lenient.ts';
import { object, type Output } from './schema.ts';

/** V2's log of an agent's scripts (contract 3.4); `source_id` is one of the agent's `log_sources`. */
export const AgentLogEntry = object({
  id: requiredNumber,
  created_at: optionalTime,
  output: text,
  level: openWord<'trace' | 'debug' | 'info' | 'warn' | 'error'>(),
  source_id: text,
});
export type AgentLogEntry = Output<typeof AgentLogEntry>;

/** An agent's scripts: in V0 only the text of its startup script, in V2 the sources of its log. */
export const AgentScripts = object({
  name: text,
  lifecycle_state: optionalText,
  logs_overflowed: flag,
  log_sources: list(object({ id: text, display_name: text })),
  startup_script: optionalText,
});
export type AgentScripts = Output<typeof AgentScripts>;

/** V2: what a template lets an agent measure (contract 3.5). `value` keeps its trailing newline; with an `error`, it is empty. */
export const AgentMetadata = object({
  result: object({ collected_at: optionalTime, age: quantity<Seconds>(), value: text, error: text }),
  description: object({ key: id(), display_name: text, interval: quantity<Seconds>(), timeout: quantity<Seconds>() }),
});
export type AgentMetadata = Output<typeof AgentMetadata>;

/** Contract 3.6. */
export const ListeningPort = object({ port: requiredNumber, network: text, process_name: text });
export type ListeningPort = Output<typeof ListeningPort>;
export const ListeningPorts = object({ ports: list(ListeningPort) });

/** V2 (contract 4.4). */
export const PortShare = object({
  agent_name: text,
  port: requiredNumber,
  share_level: openWord<'owner' | 'authenticated' | 'organization' | 'public'>(),
  protocol: openWord<'http' | 'https'>(),
});
export type PortShare = Output<typeof PortShare>;
export const PortShares = object({ shares: list(PortShare) });

const Span = { started_at: optionalTime, ended_at: optionalTime };

/** V2: how long each part of a build and of its agents' scripts took (contract 4.4). */
export const Timings = object({
  provisioner_timings: list(
    object({
      ...Span,
      stage: openWord<'init' | 'plan' | 'graph' | 'apply'>(),
      action: text,
      resource: text,
    }),
  ),
  agent_script_timings: list(
    object({
      ...Span,
      stage: openWord<'start' | 'stop' | 'cron'>(),
      status: openWord<'ok' | 'exit_failure' | 'timed_out' | 'pipes_left_open'>(),
      exit_code: count,
      display_name: text,
      workspace_agent_name: text,
    }),
  ),
  agent_connection_timings: list(object({ ...Span, stage: openWord<'connect'>(), workspace_agent_name: text })),
});
export type Timings = Output<typeof Timings>;

/** V2 (contract 4.4): whether the next autostart would need parameter values that are missing. */
export const AutostartResolution = object({ parameter_mismatch: flag });
