/** The recorded scenario of V2, from an empty deployment to the last request. */
import { compareEvents, openEvents } from './events.ts';
import { readExchange } from './recording.ts';
import { compareSocket, isToldOf, openSocket } from './sockets.ts';
import {
  buildSlowly,
  danaBuilds,
  deleteAndAskAgain,
  exhaustRateLimit,
  failToBuild,
  hangAndCancel,
  lastRequests,
  queueUp,
} from './steps.ts';
import { createRefusals, extensions, renames, settings, settledRequests } from './requests.ts';
import { addDana, addTemplate, API, ourWorkspaceId, signUp } from './setup.ts';
import type { Replayer } from './replayer.ts';

const AGENT_TIMEOUT_MS = 121_000;
const withRepo = { rich_parameter_values: [{ name: 'repo', value: 'https://x' }] };

/** New templates use the dynamic flow; the recorded ones but `dynamic` were switched to the classic one. */
async function useClassicFlow(replayer: Replayer, name: string): Promise<void> {
  const { id } = readExchange(replayer.age, `template-create-${name}`).response.body as { id: string };
  await replayer.make('owner', 'PATCH', `${API}/templates/${replayer.pairs.must(id)}`, {
    use_classic_parameter_flow: true,
  });
}

async function evaluateForm(replayer: Replayer): Promise<void> {
  const { path } = readExchange(replayer.age, 'dynamic-parameters-evaluate').request;
  const socket = openSocket(replayer, replayer.pairs.translate(path).replace('/evaluate', ''));
  await replayer.until('the form', () => socket.count('text') === 1);
  const evaluations = [{ size: 'l' }, { size: 'l', gpus: '9' }, { size: 'nope' }];
  for (const [n, inputs] of evaluations.entries()) {
    socket.send(JSON.stringify({ id: n + 1, inputs }));
    await replayer.until('the answer', () => socket.count('text') === n + 2);
  }
  socket.terminate();
  compareSocket(replayer, 'dynamic-parameters', socket);
}

/** The agent's own streams: logs, metadata, a terminal; and one that this version does not know. */
async function askAgent(replayer: Replayer): Promise<void> {
  const agent = replayer.pairs.translate(readExchange(replayer.age, 'agent').request.path);
  await replayer.replay('agent-logs');
  const logs = openSocket(replayer, `${agent}/logs?follow`);
  const metadata = openSocket(replayer, `${agent}/watch-metadata-ws`);
  const events = openEvents(replayer, `${agent}/watch-metadata`);
  const pty = openSocket(replayer, `${agent}/pty?reconnect=11111111-1111-4111-8111-111111111111&width=80&height=24`);
  await replayer.until('the terminal', () => pty.count('open') === 1);
  pty.send(Buffer.from(JSON.stringify({ data: 'echo hi\r\nexit\r\n' })));
  const unknown = openSocket(
    replayer,
    `${API}/workspaces/${ourWorkspaceId(replayer, 'workspace')}/agent-connection-watch`,
  );
  await replayer.until('the frames', () => metadata.count('text') >= 4);
  await replayer.until('the ends', () => pty.count('close') + unknown.count('refused') === 2);
  logs.terminate();
  metadata.terminate();
  compareSocket(replayer, 'agent-logs-follow', logs);
  compareSocket(replayer, 'agent-metadata', metadata, { collapsed: true });
  await compareEvents(replayer, 'agent-metadata', events);
  events.close();
  compareSocket(replayer, 'pty', pty);
  compareSocket(replayer, 'agent-connection-watch', unknown, { only: 'refused' });
}

export async function playV2(replayer: Replayer): Promise<void> {
  const { deployment } = replayer;
  await signUp(replayer);
  await addDana(replayer);

  await addTemplate(replayer, 'dev', ['rich-parameters-while-importing'], ['rich-parameters', 'presets']);
  await useClassicFlow(replayer, 'dev');
  await replayer.replay('legacy-schema', 'legacy-parameters', 'variables', 'external-auth');
  for (const name of ['slow', 'hang', 'no-cancel', 'failing', 'dynamic']) {
    await addTemplate(replayer, name);
    if (name !== 'dynamic') await useClassicFlow(replayer, name);
  }
  await replayer.replay('organizations', 'templates', 'templates-all', 'templates-bad-query');
  await replayer.replay('template', 'template-by-name', 'template-version', 'template-versions');
  await replayer.replay('dynamic-parameters-evaluate');
  await evaluateForm(replayer);

  await replayer.replay('workspaces-empty', 'workspace-create');
  const api = ourWorkspaceId(replayer, 'workspace');
  await replayer.untilStatus(api, 'running');
  await replayer.replay('builds-first', 'workspace-create-name-taken', ...createRefusals);
  for (const what of [
    'missing-parameter',
    'parameter-regex',
    'parameter-range',
    'parameter-option',
    'parameter-unknown',
  ])
    await replayer.replay(`workspace-create-${what}`);
  for (const what of ['dynamic-invalid', 'reserved-name', 'template-and-version', 'organization-route'])
    await replayer.replay(`workspace-create-${what}`);
  for (const name of ['parameter-unknown', 'organization-route']) {
    const { id } = readExchange(replayer.age, `workspace-create-${name}`).response.body as { id: string };
    await replayer.untilStatus(replayer.pairs.must(id), 'running');
  }

  await buildSlowly(replayer, (id) => {
    const watch = openSocket(replayer, `${API}/workspaces/${id}/watch-ws`);
    return {
      enough: () => watch.count('text') >= 2,
      async compare() {
        await replayer.until('it has heard of the end', () => isToldOf(watch, '2 stopped')).catch(() => undefined);
        watch.terminate();
        compareSocket(replayer, 'watch', watch, { collapsed: true });
      },
    };
  });
  deployment.connectAgent('owner/api-server', 'main');
  await replayer.until('the app has been looked at', async () => {
    const workspace = await replayer.ask('owner', 'GET', `${API}/workspaces/${api}`);
    return workspace.text.includes('"unhealthy"');
  });
  await replayer.replay(...settledRequests);
  await askAgent(replayer);
  await replayer.replay('build-timings', 'workspace-timings', 'build-parameters', 'logs-text');
  await replayer.replay('favorite', 'favorite-other-member', 'unfavorite');
  await replayer.replay('dormant', 'dormant-unchanged', 'workspaces-q-dormant', 'undormant');
  await replayer.replay('acl', 'appearance', 'autoupdates', 'available-users', 'containers', 'deployment-ssh');
  await replayer.replay('experiments', 'notifications-inbox', 'port-share', 'quiet-hours', 'quota', 'regions');
  await replayer.replay('resolve-autostart', 'token-config');
  await replayer.replay('build-bad-reason', 'build-bad-log-level', 'build-immutable-parameter');
  await replayer.replay(...extensions, ...settings, ...renames, 'usage');

  await hangAndCancel(replayer);
  await danaBuilds(replayer);
  await queueUp(replayer, ['cancel-expect-bad', 'cancel-expect-mismatch']);
  await failToBuild(replayer);
  await deleteAndAskAgain(replayer, withRepo);
  await lastRequests(replayer);

  deployment.advance(AGENT_TIMEOUT_MS);
  await replayer.replay('workspace-running-connected');
  deployment.loseAgent('owner/api-server', 'main');
  await replayer.replay('workspace-agent-disconnected');
  await exhaustRateLimit(replayer);
}
