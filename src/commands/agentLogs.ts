import { followAgentLogs } from '../api/agentLogs.ts';
import * as agents from '../api/agents.ts';
import { AsyncQueue } from '../api/asyncQueue.ts';
import { isOfKind, messageOf } from '../api/errors.ts';
import type { AgentScripts } from '../api/schemas/agents.ts';
import { hasEnded } from '../api/buildEnd.ts';
import type { Agent, Build, Workspace } from '../api/schemas/workspaces.ts';
import { agentName } from '../model/agentNames.ts';
import { agentEnding, agentEntries, groupedBySource, isStartingUp, scriptEntries } from '../model/agentLog.ts';
import type { LogRecord } from '../model/logRecords.ts';
import type { Observable } from '../model/observable.ts';
import type { Session } from '../model/session.ts';
import { agentsOf, isOn } from '../model/status.ts';
import { waitForFact, waitUntil } from '../model/waiting.ts';

// The logs of a build's agents, which follow the build's own log.

/** Agents of a start build; each build creates new agents, and the old ones no longer exist (contract 0.3). */
const runningAgents = (build: Build): Agent[] =>
  isOn({ latest_build: build }) ? agentsOf({ latest_build: build }) : [];

/**
 * The agents' logs until their startup scripts have ended, and then, while `isShown`, the logs of other scripts until the
 * machines are stopped. An error of one agent becomes a record in place of its log.
 */
export async function* followAgents(
  session: Session,
  build: Build,
  signal: AbortSignal,
  isShown?: Observable<boolean>,
): AsyncGenerator<LogRecord> {
  const queue = new AsyncQueue<LogRecord>();
  const all = runningAgents(build).map(async (agent) => {
    try {
      for await (const record of followAgent(session, build, agent, signal, isShown)) queue.push(record);
    } catch (error) {
      signal.throwIfAborted();
      if (!isGone(error)) queue.push({ kind: 'stopped', reason: messageOf(error) });
    }
  });
  Promise.all(all).then(
    () => queue.end(),
    (error: unknown) => queue.fail(error),
  );
  for (;;) {
    const records = await queue.take();
    if (records.length === 0) return;
    yield* records;
  }
}

async function* followAgent(
  session: Session,
  build: Build,
  agent: Agent,
  signal: AbortSignal,
  isShown: Observable<boolean> | undefined,
): AsyncGenerator<LogRecord> {
  // V0 has no agent logs; documents show its startup script instead.
  if (agent.lifecycle_state === undefined) return;
  const { id } = agent;
  const { calls } = session;
  const scripts = await scriptsOf(session, build, agent, signal);
  const signals = [signal, session.signal];
  let after: number | undefined;
  async function* until(over: Promise<unknown>): AsyncGenerator<LogRecord> {
    for await (const event of followAgentLogs(calls, id, { signal, over, after })) {
      if (event.kind === 'entries') {
        after = event.entries.at(-1)?.id;
        yield { kind: 'agentEntries', entries: agentEntries(scripts, event.entries) };
      } else yield event;
    }
  }
  const isThrough = (now: Workspace): boolean =>
    now.latest_build.id !== build.id || !agentsOf(now).some((each) => each.id === id && isStartingUp(each));
  yield* until(waitForFact(session.state, build.workspace_id, (now) => now === undefined || isThrough(now), signals));
  const ending = agentEnding(await scriptsOf(session, build, agent, signal), after !== undefined);
  for (const text of ending) yield { kind: 'note', text };
  if (isShown === undefined) return;
  const end = new AbortController();
  const gone = waitForFact(session.state, build.workspace_id, (now) => !mayStillRun(build, now), signals).then(() =>
    end.abort(),
  );
  for (;;) {
    await Promise.race([gone, becomes(isShown, true)]);
    if (end.signal.aborted) return;
    yield* until(Promise.race([gone, becomes(isShown, false)]));
  }
}

/** An agent's scripts, under the name that tells it from the others. */
const scriptsOf = async (session: Session, build: Build, agent: Agent, signal: AbortSignal): Promise<AgentScripts> => ({
  ...(await agents.scripts(session.calls, agent.id, signal)),
  name: agentName(agent, { latest_build: build }),
});

/** Scripts that run at intervals; those of a shutdown run while the next build stops the workspace. */
const mayStillRun = (build: Build, now: Workspace | undefined): boolean => {
  const latest = now?.latest_build;
  if (latest === undefined || latest.id === build.id) return latest !== undefined;
  return latest.build_number === build.build_number + 1 && latest.transition !== 'start' && !hasEnded(latest);
};

const becomes = <Wanted extends boolean>(observable: Observable<boolean>, wanted: Wanted): Promise<Wanted> =>
  waitUntil(observable, (value): value is Wanted => value === wanted);

/** The agents' logs so far, grouped by source. */
export async function readAgents(session: Session, build: Build, signal: AbortSignal): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (const agent of runningAgents(build)) {
    try {
      records.push(...(await readAgent(session, build, agent, signal)));
    } catch (error) {
      signal.throwIfAborted();
      if (!isGone(error)) records.push({ kind: 'stopped', reason: messageOf(error) });
    }
  }
  return records;
}

async function readAgent(session: Session, build: Build, agent: Agent, signal: AbortSignal): Promise<LogRecord[]> {
  const scripts = await scriptsOf(session, build, agent, signal);
  if (agent.lifecycle_state === undefined) return [{ kind: 'agentEntries', entries: scriptEntries(scripts) }];
  const entries = await agents.logs(session.calls, agent.id, {}, signal);
  return [
    { kind: 'agentEntries', entries: groupedBySource(agentEntries(scripts, entries)) },
    ...agentEnding(scripts, entries.length > 0).map((text) => ({ kind: 'note' as const, text })),
  ];
}

const isGone = (error: unknown): boolean => isOfKind(error, 'notFound', 'routeNotFound');
