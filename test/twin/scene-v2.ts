/** The recorded scene of V2, from an empty deployment to the last request. */
import { compareEvents, openEvents } from './events.ts';
import { readExchange } from './recording.ts';
import { compareSocket, openSocket } from './sockets.ts';
import {
  buildSlowly,
  danaBuilds,
  deleteAndAskAgain,
  exhaustRateLimit,
  failToBuild,
  hangAndCancel,
  lastRequests,
  queueUp,
} from './acts.ts';
import { createRefusals, extensions, renames, settings, settledQuestions } from './questions.ts';
import { addDana, addTemplate, API, ourWorkspaceId, signUp } from './setup.ts';
import type { Twin } from './twin.ts';

const AGENT_TIMEOUT_MS = 121_000;
const withRepo = { rich_parameter_values: [{ name: 'repo', value: 'https://x' }] };

/** New templates use the dynamic flow; the recorded ones but `dynamic` were switched to the classic one. */
async function useClassicFlow(twin: Twin, name: string): Promise<void> {
  const { id } = readExchange(twin.age, `template-create-${name}`).response.body as { id: string };
  await twin.make('owner', 'PATCH', `${API}/templates/${twin.pairs.must(id)}`, { use_classic_parameter_flow: true });
}

async function converse(twin: Twin): Promise<void> {
  const { path } = readExchange(twin.age, 'dynamic-parameters-evaluate').request;
  const socket = openSocket(twin, twin.pairs.translate(path).replace('/evaluate', ''));
  await twin.until('the form', () => socket.count('text') === 1);
  const questions = [{ size: 'l' }, { size: 'l', gpus: '9' }, { size: 'nope' }];
  for (const [n, inputs] of questions.entries()) {
    socket.send(JSON.stringify({ id: n + 1, inputs }));
    await twin.until('the answer', () => socket.count('text') === n + 2);
  }
  socket.terminate();
  compareSocket(twin, 'dynamic-parameters', socket);
}

/** The agent's own streams: logs, metadata, a terminal; and one that this version does not know. */
async function askAgent(twin: Twin): Promise<void> {
  const agent = twin.pairs.translate(readExchange(twin.age, 'agent').request.path);
  await twin.replay('agent-logs');
  const logs = openSocket(twin, `${agent}/logs?follow`);
  const metadata = openSocket(twin, `${agent}/watch-metadata-ws`);
  const events = openEvents(twin, `${agent}/watch-metadata`);
  const pty = openSocket(twin, `${agent}/pty?reconnect=11111111-1111-4111-8111-111111111111&width=80&height=24`);
  await twin.until('the terminal', () => pty.count('open') === 1);
  pty.send(Buffer.from(JSON.stringify({ data: 'echo hi\r\nexit\r\n' })));
  const unknown = openSocket(twin, `${API}/workspaces/${ourWorkspaceId(twin, 'workspace')}/agent-connection-watch`);
  await twin.until('the frames', () => metadata.count('text') >= 4 && events.count('data') >= 4);
  await twin.until('the ends', () => pty.count('close') + unknown.count('refused') === 2);
  logs.terminate();
  metadata.terminate();
  events.close();
  compareSocket(twin, 'agent-logs-follow', logs);
  compareSocket(twin, 'agent-metadata', metadata, { collapsed: true });
  await compareEvents(twin, 'agent-metadata', events);
  compareSocket(twin, 'pty', pty);
  compareSocket(twin, 'agent-connection-watch', unknown, { only: 'refused' });
}

export async function playV2(twin: Twin): Promise<void> {
  const { deployment } = twin;
  await signUp(twin);
  await addDana(twin);

  await addTemplate(twin, 'dev', ['rich-parameters-while-importing'], ['rich-parameters', 'presets']);
  await useClassicFlow(twin, 'dev');
  await twin.replay('legacy-schema', 'legacy-parameters', 'variables', 'external-auth');
  for (const name of ['slow', 'hang', 'no-cancel', 'failing', 'dynamic']) {
    await addTemplate(twin, name);
    if (name !== 'dynamic') await useClassicFlow(twin, name);
  }
  await twin.replay('organizations', 'templates', 'templates-all', 'templates-bad-query');
  await twin.replay('template', 'template-by-name', 'template-version', 'template-versions');
  await twin.replay('dynamic-parameters-evaluate');
  await converse(twin);

  await twin.replay('workspaces-empty', 'workspace-create');
  const api = ourWorkspaceId(twin, 'workspace');
  await twin.untilStatus(api, 'running');
  await twin.replay('builds-first', 'workspace-create-name-taken', ...createRefusals);
  for (const what of [
    'missing-parameter',
    'parameter-regex',
    'parameter-range',
    'parameter-option',
    'parameter-unknown',
  ])
    await twin.replay(`workspace-create-${what}`);
  for (const what of ['dynamic-invalid', 'reserved-name', 'template-and-version', 'organization-route'])
    await twin.replay(`workspace-create-${what}`);
  for (const name of ['parameter-unknown', 'organization-route']) {
    const { id } = readExchange(twin.age, `workspace-create-${name}`).response.body as { id: string };
    await twin.untilStatus(twin.pairs.must(id), 'running');
  }

  await buildSlowly(twin, (id) => {
    const watch = openSocket(twin, `${API}/workspaces/${id}/watch-ws`);
    return {
      enough: () => watch.count('text') >= 2,
      compare() {
        watch.terminate();
        compareSocket(twin, 'watch', watch, { collapsed: true });
      },
    };
  });
  deployment.connectAgent('owner/api-server', 'main');
  await twin.until('the app has been looked at', async () => {
    const workspace = await twin.ask('owner', 'GET', `${API}/workspaces/${api}`);
    return workspace.text.includes('"unhealthy"');
  });
  await twin.replay(...settledQuestions);
  await askAgent(twin);
  await twin.replay('build-timings', 'workspace-timings', 'build-parameters', 'logs-text');
  await twin.replay('favorite', 'favorite-other-member', 'unfavorite');
  await twin.replay('dormant', 'dormant-unchanged', 'workspaces-q-dormant', 'undormant');
  await twin.replay('acl', 'appearance', 'autoupdates', 'available-users', 'containers', 'deployment-ssh');
  await twin.replay('experiments', 'notifications-inbox', 'port-share', 'quiet-hours', 'quota', 'regions');
  await twin.replay('resolve-autostart', 'token-config');
  await twin.replay('build-bad-reason', 'build-bad-log-level', 'build-immutable-parameter');
  await twin.replay(...extensions, ...settings, ...renames, 'usage');

  await hangAndCancel(twin);
  await danaBuilds(twin);
  await queueUp(twin, ['cancel-expect-bad', 'cancel-expect-mismatch']);
  await failToBuild(twin);
  await deleteAndAskAgain(twin, withRepo);
  await lastRequests(twin);

  deployment.advance(AGENT_TIMEOUT_MS);
  await twin.replay('workspace-running-connected');
  deployment.loseAgent('owner/api-server', 'main');
  await twin.replay('workspace-agent-disconnected');
  await exhaustRateLimit(twin);
}
