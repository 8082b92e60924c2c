/** The recorded scenario of V0, from an empty deployment to the last request. */
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
import {
  addDana,
  addTemplate,
  API,
  build,
  makeWorkspace,
  ourWorkspaceId,
  recordedWorkspaceId,
  signUp,
} from './setup.ts';
import type { Replayer } from './replayer.ts';

const AGENT_TIMEOUT_MS = 121_000;

export async function playV0(replayer: Replayer): Promise<void> {
  const { deployment } = replayer;
  await signUp(replayer);
  await addDana(replayer);

  const imported = ['schema', 'rich-parameters-v0'];
  await addTemplate(replayer, 'dev', ['schema-while-importing'], imported);
  await replayer.replay('version-parameters');
  for (const name of ['slow', 'hang', 'no-cancel', 'failing']) await addTemplate(replayer, name);
  await replayer.replay('templates', 'template', 'template-by-name', 'template-version', 'template-versions');

  await replayer.replay('workspaces-empty', 'workspace-create');
  const api = ourWorkspaceId(replayer, 'workspace');
  await replayer.untilStatus(api, 'running');
  await replayer.replay('workspace-create-name-taken', ...createRefusals, 'workspace-missing-parameter-build');
  const recorded = recordedWorkspaceId(replayer, 'workspace-create-missing-parameter-later');
  const noSize = await makeWorkspace(replayer, 'no-size', 'dev', recorded);
  await replayer.untilStatus(noSize.id, 'running');
  await replayer.replay('workspace-create-missing-parameter-later');

  await buildSlowly(replayer);
  deployment.connectAgent('owner/api-server', 'main');
  await replayer.replay(...settledRequests);
  await replayer.replay(...extensions, ...settings, ...renames);
  await replayer.make('owner', 'PATCH', `${API}/workspaces/${api}`, { name: 'api-server' });

  await hangAndCancel(replayer);
  await danaBuilds(replayer);
  await queueUp(replayer, []);
  await failToBuild(replayer);
  await deleteAndAskAgain(replayer, {});
  await lastRequests(replayer);

  deployment.advance(AGENT_TIMEOUT_MS);
  await replayer.replay('workspace-running-connected');
  deployment.loseAgent('owner/api-server', 'main');
  await replayer.replay('workspace-agent-disconnected');
  await exhaustRateLimit(replayer);

  // The scenario of the later recordings: `api-server` has been stopped.
  await build(replayer, api, 'stop');
  await replayer.untilStatus(api, 'stopped');
  deployment.advance(AGENT_TIMEOUT_MS);
  for (const status of ['pending', 'starting', 'stopping', 'stopped', 'canceling', 'canceled', 'deleting', 'deleted'])
    await replayer.replay(`workspaces-q-status-${status}`);
  await replayer.replay('workspaces-q-owner-slash-name', 'workspaces-q-template', 'workspaces-q-two-words');
  await replayer.replay('builds-after-unknown', 'long-token-too-long', 'long-token', 'tokens');
}
