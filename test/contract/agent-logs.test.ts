import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { followAgentLogs, type AgentLogEvent } from '../../src/api/agentLogs.ts';
import * as agents from '../../src/api/agents.ts';
import type { AgentId, Milliseconds } from '../../src/api/units.ts';
import type { LogRecord } from '../../src/model/logRecords.ts';
import { Variable } from '../../src/model/observable.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { followLog } from '../../src/commands/showLog.ts';
import { ages, clientOf, deploymentFor, quickPace, soon } from './client-fixture.ts';
import { readyState, sessionFor, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn } from './verb-fixture.ts';

const outputs = (events: readonly (AgentLogEvent | { kind: string })[]): string[] =>
  events.flatMap((event) => ('entries' in event ? event.entries.map(({ output }) => output) : []));

const SCRIPT = [1, 2, 3, 4, 5].map((n) => `installing ${n}`).concat('\u001b[32mdone\u001b[0m');

/** An agent whose script runs, and what ends when it is to be over. */
const runningAgent = async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true, speed: 4 });
  const client = clientOf(deployment);
  const { session } = sessionFor(deployment);
  await readyState(session);
  const { resources } = deployment.workspace('owner/api-server').builds.at(-1) ?? { resources: [] };
  const agent = resources.flatMap(({ agents: machines }) => machines).find(({ spec }) => spec.script !== undefined);
  assert.ok(agent, 'there is no agent');
  const id = agent.id as AgentId;
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  const all = async () => (await agents.logs(client.calls, id, {}, soon())).map(({ output }) => output);
  const say = (...lines: string[]): void => {
    for (const output of lines)
      agent.logs.push({ id: agent.logs.length + 1, createdAt: Date.now(), output, level: 'info' });
  };
  return { deployment, client, id, over, end, all, say };
};

const pace = { ...quickPace, readMs: 100 as Milliseconds };

describe('the log of an agent of V2', () => {
  test('is followed over a socket from its beginning, and read to its end once it is over', async () => {
    const { client, id, over, end, all, say } = await runningAgent();
    const events: AgentLogEvent[] = [];
    for await (const event of followAgentLogs(client.calls, id, { signal: soon(), over, pace })) {
      events.push(event);
      if (events.length === 1) {
        say('one more');
        end();
      }
    }
    assert.deepEqual(outputs(events), [...SCRIPT, 'one more']);
    assert.deepEqual(outputs(events), await all());
  });

  test('ends, too, when nobody can tell any more whether it is over, as after the end of the session', async () => {
    const { client, id } = await runningAgent();
    const events: AgentLogEvent[] = [];
    const over = Promise.reject(new Error('the session has ended'));
    for await (const event of followAgentLogs(client.calls, id, { signal: soon(), over, pace })) events.push(event);
    assert.deepEqual(outputs(events), SCRIPT);
  });

  test('goes on after cuts and while the deployment is away, each entry once', async () => {
    const { deployment, client, id, over, end, all, say } = await runningAgent();
    const events: AgentLogEvent[] = [];
    let count = 0;
    const trouble = setInterval(() => {
      count += 1;
      say(`line ${count}`);
      if (count === 3) deployment.cutStreams();
      if (count === 6) void deployment.stop().then(() => setTimeout(() => void deployment.start(), 300));
      if (count === 12) end();
    }, 150);
    for await (const event of followAgentLogs(client.calls, id, { signal: soon(), over, pace })) events.push(event);
    clearInterval(trouble);
    const said = await all();
    assert.deepEqual(outputs(events), said.slice(0, outputs(events).length));
    assert.ok(outputs(events).includes('line 12'), outputs(events).join());
    const kinds = events.map(({ kind }) => kind);
    assert.equal(kinds.filter((kind) => kind === 'lost').length, kinds.filter((kind) => kind === 'resumed').length);
  });

  test('is polled where no socket gets through, and says so once', async () => {
    const { deployment, client, id, over, end, say } = await runningAgent();
    await deployment.misbehave('no-websockets', { answer: 403 });
    const events: AgentLogEvent[] = [];
    for await (const event of followAgentLogs(client.calls, id, { signal: soon(), over, pace })) {
      events.push(event);
      if (event.kind !== 'polling') continue;
      say('while polled');
      end();
    }
    assert.deepEqual(outputs(events), [...SCRIPT, 'while polled']);
    assert.equal(events.filter(({ kind }) => kind === 'polling').length, 1);
  });
});

for (const age of ages) {
  describe(`what agents say behind the log of a build of age ${age}`, () => {
    test('follows the end of the build: each script of V2 under its name; V0 has no such logs', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const build = verbs.known('api-server').latest_build;
      const events: (LogRecord | { readonly kind: string })[] = [];
      for await (const event of followLog(
        { session: verbs.session, workspace: verbs.known('api-server'), signal: soon() },
        build,
      ))
        events.push(event);
      const ended = events.findIndex(({ kind }) => kind === 'ended');
      const later = events.slice(ended + 1).filter((event) => event.kind === 'agentEntries');
      const stages = later.flatMap((event) => ('entries' in event ? event.entries.map(({ stage }) => stage) : []));
      if (age === 'v2') {
        assert.deepEqual([...new Set(stages)], ['agent main: Install tools']);
        assert.deepEqual(outputs(later), SCRIPT);
      } else {
        assert.equal(events.at(-1)?.kind, 'ended');
      }
    });

    test('stands in its document, and the row of an agent leads there', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { latest_build: build } = verbs.known('api-server');
      const agent = build.resources.flatMap((resource) => resource.agents).find(({ name }) => name === 'main');
      await verbs.run('showLog', { refs: { workspaceId: verbs.id('api-server'), agentId: agent?.id } });
      const [document] = verbs.ui.texts;
      assert.ok(document, 'nothing was opened');
      const lines = document.text.split('\n');
      assert.match(lines[document.line ?? 0] ?? '', /^▸ agent main: /);
      if (age === 'v0') assert.match(document.text, /▸ agent main: text of the startup script\n {2}echo hello\n/);
      if (age === 'v2') assert.match(document.text, /▸ agent main: Install tools\n {2}installing 1\n[^]* {2}done\n/);
      if (age === 'v2') assert.match(document.text, /──── agent main is ready ────\n$/);
    });
  });
}

test('agents that share a name, or the beginning of one, each have their own part of the log', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  const known = verbs.known('api-server');
  const [resource] = known.latest_build.resources.filter(({ agents: { length } }) => length > 1);
  const [main, gpu] = ['main', 'gpu'].map((wanted) => resource?.agents.find(({ name }) => name === wanted));
  assert.ok(resource && main && gpu, 'there are no agents');
  verbs.deployment.agentSays('owner/api-server', 'gpu', 'another one');
  const of = (name: string, agent: typeof main, agentName: string): typeof resource => ({
    ...resource,
    id: `r-${name}` as typeof resource.id,
    name,
    agents: [{ ...agent, name: agentName }],
  });
  const shown = async (...resources: (typeof resource)[]) => {
    verbs.session.adopt({ ...known, latest_build: { ...known.latest_build, resources } });
    await verbs.run('showLog', { refs: { workspaceId: known.id, agentId: main.id } });
    const document = verbs.ui.texts.at(-1);
    return document?.text.split('\n')[document.line ?? 0] ?? '';
  };
  assert.match(await shown(of('a', gpu, 'main'), of('web', main, 'main')), /^▸ agent main \(web\): /);
  assert.match(verbs.ui.texts.at(-1)?.text ?? '', /▸ agent main \(a\)/);
  assert.match(await shown(of('a', gpu, 'main-gpu'), of('web', main, 'main')), /^▸ agent main: /);
});

describe('what an agent of V2 runs after its start', () => {
  const following = async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    const isShown = new Variable(false);
    const stop = new AbortController();
    const records: (LogRecord | { readonly kind: string })[] = [];
    const workspace = verbs.known('api-server');
    const { latest_build: build } = workspace;
    const target = { session: verbs.session, workspace, signal: stop.signal };
    const ended = (async () => {
      for await (const record of followLog(target, build, isShown)) records.push(record);
    })();
    return {
      verbs,
      isShown,
      stop,
      ended,
      records,
      say: (line: string) => verbs.deployment.agentSays('owner/api-server', 'main', line),
      streams: () => verbs.deployment.openSockets().byKind['agent-logs'] ?? 0,
      hasStarted: () => records.some((record) => record.kind === 'note'),
      has: (line: string) => outputs(records).filter((output) => output === line).length === 1,
    };
  };

  test('is followed while its log is open, and is there when it is opened again', async () => {
    const { isShown, stop, ended, say, streams, hasStarted, has } = await following();
    await until('it has started', hasStarted);
    await until('nothing is followed while the log is closed', () => streams() === 0);
    say('backup 1');
    isShown.set(true);
    await until('what was said before is there', () => has('backup 1'));
    await until('it is followed', () => streams() > 0);
    say('backup 2');
    await until('what is said now is there', () => has('backup 2'));
    isShown.set(false);
    await until('it is not followed any more', () => streams() === 0);
    say('backup 3');
    isShown.set(true);
    await until('what was said meanwhile is there', () => has('backup 3'));
    stop.abort();
    await assert.rejects(ended, { name: 'AbortError' });
    await until('it is not followed any more', () => streams() === 0);
  });

  test('is followed through the shutdown, and ends with it', async () => {
    const { verbs, isShown, ended, say, streams, hasStarted, has } = await following();
    await until('it has started', hasStarted);
    isShown.set(true);
    await until('it is followed', () => streams() > 0);
    verbs.deployment.hold('builds');
    await workspaces.createBuild(verbs.other.calls, verbs.id('api-server'), { transition: 'stop' }, soon());
    await until('the stop is known', () => verbs.known('api-server').latest_build.transition === 'stop');
    say('saving what was open');
    await until('the shutdown script is there', () => has('saving what was open'));
    verbs.deployment.release();
    await ended;
    await until('it is not followed any more', () => streams() === 0);
  });
});

test('a startup script that failed is said to have failed, in the log and on the row of the agent', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  const workspace = verbs.deployment.workspace('owner/api-server');
  for (const agent of workspace.builds.at(-1)?.resources.flatMap((resource) => resource.agents) ?? [])
    agent.lifecycle = 'start_error';
  verbs.deployment.changed(workspace);
  await verbs.session.refresh();
  await verbs.run('showLog', verbs.id('api-server'));
  assert.match(verbs.ui.texts[0]?.text ?? '', /──── the startup script of agent main failed ────\n/);
});
