/** The recorded scene of V0, from an empty deployment to the last request. */
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
import type { Twin } from './twin.ts';

const AGENT_TIMEOUT_MS = 121_000;

export async function playV0(twin: Twin): Promise<void> {
  const { deployment } = twin;
  await signUp(twin);
  await addDana(twin);

  const imported = ['schema', 'rich-parameters-v0'];
  await addTemplate(twin, 'dev', ['schema-while-importing'], imported);
  await twin.replay('version-parameters');
  for (const name of ['slow', 'hang', 'no-cancel', 'failing']) await addTemplate(twin, name);
  await twin.replay('templates', 'template', 'template-by-name', 'template-version', 'template-versions');

  await twin.replay('workspaces-empty', 'workspace-create');
  const api = ourWorkspaceId(twin, 'workspace');
  await twin.untilStatus(api, 'running');
  await twin.replay('workspace-create-name-taken', ...createRefusals, 'workspace-missing-parameter-build');
  const recorded = recordedWorkspaceId(twin, 'workspace-create-missing-parameter-later');
  const noSize = await makeWorkspace(twin, 'no-size', 'dev', recorded);
  await twin.untilStatus(noSize.id, 'running');
  await twin.replay('workspace-create-missing-parameter-later');

  await buildSlowly(twin);
  deployment.connectAgent('owner/api-server', 'main');
  await twin.replay(...settledQuestions);
  await twin.replay(...extensions, ...settings, ...renames);
  await twin.make('owner', 'PATCH', `${API}/workspaces/${api}`, { name: 'api-server' });

  await hangAndCancel(twin);
  await danaBuilds(twin);
  await queueUp(twin, []);
  await failToBuild(twin);
  await deleteAndAskAgain(twin, {});
  await lastRequests(twin);

  deployment.advance(AGENT_TIMEOUT_MS);
  await twin.replay('workspace-running-connected');
  deployment.loseAgent('owner/api-server', 'main');
  await twin.replay('workspace-agent-disconnected');
  await exhaustRateLimit(twin);

  // The scene of the later recordings: `api-server` has been stopped.
  await build(twin, api, 'stop');
  await twin.untilStatus(api, 'stopped');
  deployment.advance(AGENT_TIMEOUT_MS);
  for (const status of ['pending', 'starting', 'stopping', 'stopped', 'canceling', 'canceled', 'deleting', 'deleted'])
    await twin.replay(`workspaces-q-status-${status}`);
  await twin.replay('workspaces-q-owner-slash-name', 'workspaces-q-template', 'workspaces-q-two-words');
  await twin.replay('builds-after-unknown', 'long-token-too-long', 'long-token', 'tokens');
}
