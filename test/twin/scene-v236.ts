/** What v2.36.0 does otherwise than v2.31.0, replayed: shared workspaces, a restart by the server, searches. */
import { compareEvents, openEvents } from './events.ts';
import { essence, parseEvents } from './frames.ts';
import { readExchange } from './recording.ts';
import { API, makeWorkspace, untilImported, upload } from './setup.ts';
import { PASSWORD, type Twin } from './twin.ts';

/** What is not replayed, and why. */
export const leftOut: ReadonlyMap<string, string> = new Map([
  ['q-last-used', 'lists 1,234 workspaces of another scene'],
  ['q-organization', 'lists 1,234 workspaces of another scene'],
  ['q-param', 'lists what another scene had left'],
  ['q-unhealthy', 'lists what another scene had left'],
  ['workspace-running-connected', 'an agent that has been connected, replayed in the scene of v2'],
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
async function addTemplateOf(twin: Twin, recorded: RecordedWorkspace, name: string, more: object): Promise<void> {
  const { file_id: fileId } = recorded.latest_build.job;
  const versionId = recorded.latest_build.template_version_id;
  await upload(twin, name === 'live' ? 'slow' : name, fileId);
  const organization = twin.pairs.must(recorded.organization_id);
  const version = await twin.make('owner', 'POST', `${API}/organizations/${organization}/templateversions`, {
    storage_method: 'file',
    provisioner: 'echo',
    file_id: twin.pairs.must(fileId),
    name: recorded.latest_build.template_version_name,
  });
  twin.pairs.learn(versionId, String(version.id));
  await untilImported(twin, versionId);
  const template = await twin.make('owner', 'POST', `${API}/organizations/${organization}/templates`, {
    name,
    template_version_id: version.id,
    default_ttl_ms: 28_800_000,
    ...more,
  });
  twin.pairs.learn(recorded.template_id, String(template.id));
  const patch = { use_classic_parameter_flow: name !== 'live' };
  await twin.make('owner', 'PATCH', `${API}/templates/${String(template.id)}`, patch);
}

async function signUp(twin: Twin): Promise<void> {
  const owner = { email: 'owner@example.com', username: 'owner', name: 'Olivia Owner', password: PASSWORD };
  const dana = { email: 'dana@example.com', username: 'dana', name: 'Dana Member', password: PASSWORD };
  const first = await twin.make('nobody', 'POST', `${API}/users/first`, owner);
  // What makes templates and workspaces knows the organization by its recorded name in v2.
  const ofV2 = readExchange('v2', 'first-user-create').response.body as { organization_id: string };
  for (const { organization_id: recorded } of [ofV2, recordedWorkspace('shared-use-get')])
    twin.pairs.learn(recorded, String(first.organization_id));
  const login = async (as: string, person: object): Promise<void> => {
    const { session_token: token } = await twin.make('nobody', 'POST', `${API}/users/login`, person);
    twin.tokens.set(as, String(token));
  };
  await login('owner', owner);
  await twin.make('owner', 'POST', `${API}/users`, { ...dana, organization_ids: [String(first.organization_id)] });
  await login('member', dana);
  await twin.replay('buildinfo', 'me', 'user-unknown', 'available-users');
}

async function share(twin: Twin): Promise<void> {
  const recorded = recordedWorkspace('shared-use-get');
  await addTemplateOf(twin, recorded, 'live', { display_name: 'Live agent' });
  const made = await makeWorkspace(twin, 'shared-2762', 'live', recorded.id);
  twin.pairs.learn(recorded.latest_build.id, made.buildId);
  await twin.untilStatus(made.id, 'running');
  // The recorded list of nobody is of another workspace.
  const [, id = ''] = /workspaces\/([0-9a-f-]{36})\/acl/.exec(readExchange('v2.36', 'acl').request.path) ?? [];
  twin.pairs.learn(id, made.id);
  await twin.replay('acl', 'q-shared-none', 'acl-share-use', 'acl-shared');
  await twin.replay('shared-use-extend', 'shared-use-ttl', 'shared-use-favorite', 'shared-use-stop');
  await twin.untilStatus(made.id, 'stopped');
  await twin.replay('acl-share-admin', 'shared-admin-start');
  await twin.untilStatus(made.id, 'running');
  await twin.replay('shared-admin-extend', 'shared-admin-delete', 'acl-unshare', 'shared-gone');
}

async function restart(twin: Twin): Promise<void> {
  const recorded = recordedWorkspace('deleted-by-owner-name');
  await addTemplateOf(twin, recorded, 'slow', { description: 'Template slow' });
  const made = await makeWorkspace(twin, 'restart-4027', 'slow', recorded.id);
  await twin.untilStatus(made.id, 'running');
  const watch = openEvents(twin, `${API}/workspaces/${made.id}/watch`);
  await twin.until('the watch is open', () => watch.count('data') > 0);
  twin.deployment.hold('builds');
  await twin.replay('restart-on-success', 'restart-second-build');
  twin.deployment.release();
  await twin.until('the last frame', () => {
    const last = parseEvents(watch.bytes.slice(0, watch.bytes.lastIndexOf('\n\n') + 2)).at(-1);
    return last?.data !== undefined && essence(JSON.parse(last.data)) === '3 running';
  });
  await compareEvents(twin, 'restart-watch', watch);
  watch.close();
  await twin.replay('restart-builds', 'on-success-with-start', 'deleted-by-owner-name');
}

export async function playV236(twin: Twin): Promise<void> {
  await signUp(twin);
  await share(twin);
  await restart(twin);
  const looks = { display_name: 'Development', description: 'Template dev', icon: '/icon/k8s.png' };
  await addTemplateOf(twin, recordedWorkspace('workspace-running-connected'), 'dev', looks);
  await twin.replay('template-by-name');
  await twin.replay('q-free-text', 'q-id', 'q-owner-slash-name', 'q-dormant', 'q-healthy', 'q-outdated');
  await twin.replay('q-bad-bool', 'q-two-status');
}
