/** V2's later recordings: a like scene with renames switched on and a version whose import failed. */
import { readExchange } from './recording.ts';
import { API, build, makeWorkspace, organizationId, recordedWorkspaceId, untilImported, upload } from './setup.ts';
import { PASSWORD, type Twin } from './twin.ts';

const owner = { email: 'owner@example.com', username: 'owner', name: 'Olivia Owner', password: PASSWORD };
const withRepo = { rich_parameter_values: [{ name: 'repo', value: 'https://x' }] };

export const laterRecordings = [
  'renames-allowed-workspace',
  'renames-allowed-rename',
  'renames-allowed-rename-same',
  'renames-allowed-rename-taken',
  'renames-allowed-rename-bad',
  'renames-allowed-rename-deleted',
  'template-version-failed',
  'rich-parameters-failed-import',
  'template-versions-archived',
  'workspace-create-failed-import',
  'build-failed-import',
  'build-log-level-refused',
  'builds-after-unknown',
  'long-token-too-long',
  'long-token',
  'long-token-same-name',
  'tokens',
];

interface RecordedVersion {
  id: string;
  template_id: string;
  job: { file_id: string };
}

async function addVersion(
  twin: Twin,
  behaves: string,
  recorded: RecordedVersion,
  templateId?: string,
): Promise<string> {
  await upload(twin, behaves, recorded.job.file_id);
  const made = await twin.make('owner', 'POST', `${API}/organizations/${organizationId(twin)}/templateversions`, {
    storage_method: 'file',
    provisioner: 'echo',
    file_id: twin.pairs.must(recorded.job.file_id),
    ...(templateId === undefined ? {} : { template_id: templateId }),
  });
  twin.pairs.learn(recorded.id, String(made.id));
  await untilImported(twin, recorded.id);
  return String(made.id);
}

export async function playLater(twin: Twin): Promise<void> {
  const first = await twin.make('nobody', 'POST', `${API}/users/first`, owner);
  const login = await twin.make('nobody', 'POST', `${API}/users/login`, owner);
  twin.tokens.set('owner', String(login.session_token));
  const recordedFirst = readExchange(twin.age, 'first-user-create').response.body as { organization_id: string };
  twin.pairs.learn(recordedFirst.organization_id, String(first.organization_id));

  const versions = readExchange(twin.age, 'template-versions-archived').response.body as RecordedVersion[];
  const [good, failed] = versions;
  if (good === undefined || failed === undefined) throw new Error('the recording holds two versions');
  const versionId = await addVersion(twin, 'dev', good);
  const template = await twin.make('owner', 'POST', `${API}/organizations/${organizationId(twin)}/templates`, {
    name: 'dev',
    template_version_id: versionId,
    display_name: 'Development',
    icon: '/icon/k8s.png',
    default_ttl_ms: 28_800_000,
  });
  twin.pairs.learn(good.template_id, String(template.id));
  await twin.make('owner', 'PATCH', `${API}/templates/${String(template.id)}`, { use_classic_parameter_flow: true });

  const api = await makeWorkspace(
    twin,
    'api-server',
    'dev',
    recordedWorkspaceId(twin, 'renames-allowed-workspace'),
    'owner',
    {
      rich_parameter_values: [...withRepo.rich_parameter_values, { name: 'region', value: 'us' }],
    },
  );
  await twin.untilStatus(api.id, 'running');
  await twin.replay('renames-allowed-workspace');
  const other = await makeWorkspace(twin, 'other', 'dev', 'other', 'owner', withRepo);
  await twin.untilStatus(other.id, 'running');
  const gone = await makeWorkspace(
    twin,
    'gone',
    'dev',
    recordedWorkspaceId(twin, 'renames-allowed-rename-deleted'),
    'owner',
    withRepo,
  );
  await twin.untilStatus(gone.id, 'running');
  await build(twin, gone.id, 'delete');
  await twin.untilStatus(gone.id, 'deleted');
  await addVersion(twin, 'broken-import', failed, String(template.id));
  await twin.replay(...laterRecordings.slice(1));
}
