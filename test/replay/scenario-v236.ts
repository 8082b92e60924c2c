/** What v2.36.0 does otherwise than v2.31.0, replayed: shared workspaces, a restart by the server, searches. */
import { compareEvents, openEvents } from './events.ts';
import { readExchange } from './recording.ts';
import { API, makeWorkspace, untilImported, upload } from './setup.ts';
import { PASSWORD, type Replayer } from './replayer.ts';

/** What is not replayed, and why. */
export const notReplayed: ReadonlyMap<string, string> = new Map([
  ['q-last-used', 'lists 1,234 workspaces of another scenario'],
  ['q-organization', 'lists 1,234 workspaces of another scenario'],
  ['q-param', 'lists what another scenario had left'],
  ['q-unhealthy', 'lists what another scenario had left'],
  ['workspace-running-connected', 'an agent that has been connected, replayed in the scenario of v2'],
  ['logs-text', 'a log whose stages have no source; its form is held by a test of the deployment'],
  // Of a template with machines of its own.
  ['shared-use-get', 'its machine is another one; what is shared is held by a test of the deployment'],
  ['q-shared-true-owner', 'its machine is another one; what is shared is held by a test of the deployment'],
  ['q-shared-with-user', 'its machine is another one; what is shared is held by a test of the deployment'],
]);

interface RecordedWorkspace {
  id: string;
  organization_id: string;
  template_id: string;
  latest_build: { id: string; template_version_id: string; template_version_name: string; job: { file_id: string } };
}

const recordedWorkspace = (name: string): RecordedWorkspace =>
  readExchange('v2.36', name).response.body as RecordedWorkspace;

/** A template with the classic flow, standing for the one of a recorded workspace. */
async function addTemplateOf(
  replayer: Replayer,
  recorded: RecordedWorkspace,
  name: string,
  more: object,
): Promise<void> {
  const { file_id: fileId } = recorded.latest_build.job;
  const versionId = recorded.latest_build.template_version_id;
  await upload(replayer, name === 'live' ? 'slow' : name, fileId);
  const organization = replayer.pairs.must(recorded.organization_id);
  const version = await replayer.make('owner', 'POST', `${API}/organizations/${organization}/templateversions`, {
    storage_method: 'file',
    provisioner: 'echo',
    file_id: replayer.pairs.must(fileId),
    name: recorded.latest_build.template_version_name,
  });
  replayer.pairs.learn(versionId, String(version.id));
  await untilImported(replayer, versionId);
  const template = await replayer.make('owner', 'POST', `${API}/organizations/${organization}/templates`, {
    name,
    template_version_id: version.id,
    default_ttl_ms: 28_800_000,
    ...more,
  });
  replayer.pairs.learn(recorded.template_id, String(template.id));
  const patch = { use_classic_parameter_flow: name !== 'live' };
  await replayer.make('owner', 'PATCH', `${API}/templates/${String(template.id)}`, patch);
}

async function signUp(replayer: Replayer): Promise<void> {
  const owner = { email: 'owner@example.com', username: 'owner', name: 'Olivia Owner', password: PASSWORD };
  const dana = { email: 'dana@example.com', username: 'dana', name: 'Dana Member', password: PASSWORD };
  const first = await replayer.make('nobody', 'POST', `${API}/users/first`, owner);
  // What makes templates and workspaces knows the organization by its recorded name in v2.
  const ofV2 = readExchange('v2', 'first-user-create').response.body as { organization_id: string };
  for (const { organization_id: recorded } of [ofV2, recordedWorkspace('shared-use-get')])
    replayer.pairs.learn(recorded, String(first.organization_id));
  const login = async (as: string, person: object): Promise<void> => {
    const { session_token: token } = await replayer.make('nobody', 'POST', `${API}/users/login`, person);
    replayer.tokens.set(as, String(token));
  };
  await login('owner', owner);
  await replayer.make('owner', 'POST', `${API}/users`, { ...dana, organization_ids: [String(first.organization_id)] });
  await login('member', dana);
  await replayer.replay('buildinfo', 'me', 'user-unknown', 'available-users');
}

async function share(replayer: Replayer): Promise<void> {
  const recorded = recordedWorkspace('shared-use-get');
  await addTemplateOf(replayer, recorded, 'live', { display_name: 'Live agent' });
  const made = await makeWorkspace(replayer, 'shared-2762', 'live', recorded.id);
  replayer.pairs.learn(recorded.latest_build.id, made.buildId);
  await replayer.untilStatus(made.id, 'running');
  // The recorded list of nobody is of another workspace.
  const [, id = ''] = /workspaces\/([0-9a-f-]{36})\/acl/.exec(readExchange('v2.36', 'acl').request.path) ?? [];
  replayer.pairs.learn(id, made.id);
  await replayer.replay('acl', 'q-shared-none', 'acl-share-use', 'acl-shared');
  await replayer.replay('shared-use-extend', 'shared-use-ttl', 'shared-use-favorite', 'shared-use-stop');
  await replayer.untilStatus(made.id, 'stopped');
  await replayer.replay('acl-share-admin', 'shared-admin-start');
  await replayer.untilStatus(made.id, 'running');
  await replayer.replay('shared-admin-extend', 'shared-admin-delete', 'acl-unshare', 'shared-gone');
}

async function restart(replayer: Replayer): Promise<void> {
  const recorded = recordedWorkspace('deleted-by-owner-name');
  await addTemplateOf(replayer, recorded, 'slow', { description: 'Template slow' });
  const made = await makeWorkspace(replayer, 'restart-4027', 'slow', recorded.id);
  await replayer.untilStatus(made.id, 'running');
  const watch = openEvents(replayer, `${API}/workspaces/${made.id}/watch`);
  await replayer.until('the watch is open', () => watch.count('data') > 0);
  replayer.deployment.hold('builds');
  await replayer.replay('restart-on-success', 'restart-second-build');
  replayer.deployment.release();
  await compareEvents(replayer, 'restart-watch', watch);
  watch.close();
  await replayer.replay('restart-builds', 'on-success-with-start', 'deleted-by-owner-name');
}

export async function playV236(replayer: Replayer): Promise<void> {
  await signUp(replayer);
  await share(replayer);
  await restart(replayer);
  const looks = { display_name: 'Development', description: 'Template dev', icon: '/icon/k8s.png' };
  await addTemplateOf(replayer, recordedWorkspace('workspace-running-connected'), 'dev', looks);
  await replayer.replay('template-by-name');
  await replayer.replay('q-free-text', 'q-id', 'q-owner-slash-name', 'q-dormant', 'q-healthy', 'q-outdated');
  await replayer.replay('q-bad-bool', 'q-two-status');
}
