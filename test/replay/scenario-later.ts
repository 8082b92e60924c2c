/** V2's later recordings: a like scenario with renames switched on and a version whose import failed. */
import { readExchange } from './recording.ts';
import { API, build, makeWorkspace, organizationId, recordedWorkspaceId, untilImported, upload } from './setup.ts';
import { PASSWORD, type Replayer } from './replayer.ts';

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
  replayer: Replayer,
  behaves: string,
  recorded: RecordedVersion,
  templateId?: string,
): Promise<string> {
  await upload(replayer, behaves, recorded.job.file_id);
  const made = await replayer.make(
    'owner',
    'POST',
    `${API}/organizations/${organizationId(replayer)}/templateversions`,
    {
      storage_method: 'file',
      provisioner: 'echo',
      file_id: replayer.pairs.must(recorded.job.file_id),
      ...(templateId === undefined ? {} : { template_id: templateId }),
    },
  );
  replayer.pairs.learn(recorded.id, String(made.id));
  await untilImported(replayer, recorded.id);
  return String(made.id);
}

export async function playLater(replayer: Replayer): Promise<void> {
  const first = await replayer.make('nobody', 'POST', `${API}/users/first`, owner);
  const login = await replayer.make('nobody', 'POST', `${API}/users/login`, owner);
  replayer.tokens.set('owner', String(login.session_token));
  const recordedFirst = readExchange(replayer.age, 'first-user-create').response.body as { organization_id: string };
  replayer.pairs.learn(recordedFirst.organization_id, String(first.organization_id));

  const versions = readExchange(replayer.age, 'template-versions-archived').response.body as RecordedVersion[];
  const [good, failed] = versions;
  if (good === undefined || failed === undefined) throw new Error('the recording holds two versions');
  const versionId = await addVersion(replayer, 'dev', good);
  const template = await replayer.make('owner', 'POST', `${API}/organizations/${organizationId(replayer)}/templates`, {
    name: 'dev',
    template_version_id: versionId,
    display_name: 'Development',
    icon: '/icon/k8s.png',
    default_ttl_ms: 28_800_000,
  });
  replayer.pairs.learn(good.template_id, String(template.id));
  await replayer.make('owner', 'PATCH', `${API}/templates/${String(template.id)}`, {
    use_classic_parameter_flow: true,
  });

  const api = await makeWorkspace(
    replayer,
    'api-server',
    'dev',
    recordedWorkspaceId(replayer, 'renames-allowed-workspace'),
    'owner',
    {
      rich_parameter_values: [...withRepo.rich_parameter_values, { name: 'region', value: 'us' }],
    },
  );
  await replayer.untilStatus(api.id, 'running');
  await replayer.replay('renames-allowed-workspace');
  const other = await makeWorkspace(replayer, 'other', 'dev', 'other', 'owner', withRepo);
  await replayer.untilStatus(other.id, 'running');
  const gone = await makeWorkspace(
    replayer,
    'gone',
    'dev',
    recordedWorkspaceId(replayer, 'renames-allowed-rename-deleted'),
    'owner',
    withRepo,
  );
  await replayer.untilStatus(gone.id, 'running');
  await build(replayer, gone.id, 'delete');
  await replayer.untilStatus(gone.id, 'deleted');
  await addVersion(replayer, 'broken-import', failed, String(template.id));
  await replayer.replay(...laterRecordings.slice(1));
}
