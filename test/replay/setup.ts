/** What the recorded scenario is made of: people, templates, workspaces, all through the API. */
import { writeTar } from '../deployment/index.ts';
import { readExchange } from './recording.ts';
import { PASSWORD, type Replayer } from './replayer.ts';

export const API = '/api/v2';

/** How much faster than recorded the scenario is played. */
export const SPEED = 12;

/** Nobody is there yet; then the owner signs up, and dana is added. */
export async function signUp(replayer: Replayer): Promise<void> {
  await replayer.replay('api-root', 'buildinfo', 'healthz', 'not-api-path', 'updatecheck', 'authmethods');
  await replayer.replay('first-user-missing', 'first-user-create');
  const first = readExchange(replayer.age, 'first-user-create').request.body as { email: string };
  const login = await replayer.make('nobody', 'POST', `${API}/users/login`, { email: first.email, password: PASSWORD });
  replayer.tokens.set('owner', String(login.session_token));
  await replayer.replay('login', 'login-bad-password');
  await replayer.replay('me-no-token', 'me-malformed-token', 'me-unknown-token', 'me', 'my-organizations');
  await replayer.replay('applications-host', 'entitlements', 'quota-agpl', 'route-not-found', 'user-unknown');
}

export async function addDana(replayer: Replayer): Promise<void> {
  const organizations = await replayer.make('owner', 'GET', `${API}/users/me/organizations`);
  const organization = (organizations as unknown as { id: string }[])[0]?.id ?? '';
  const wanted = { email: 'dana@example.com', username: 'dana', name: 'Dana Member', password: PASSWORD };
  await replayer.make('owner', 'POST', `${API}/users`, {
    ...wanted,
    ...(replayer.age === 'v0' ? { organization_id: organization } : { organization_ids: [organization] }),
  });
  await replayer.replay('users-list');
  const login = await replayer.make('nobody', 'POST', `${API}/users/login`, wanted);
  replayer.tokens.set('member', String(login.session_token));
  await replayer.replay('users-list-member');
}

/** Uploads what makes a template behave so, and lets it stand for the recorded file. */
export async function upload(replayer: Replayer, behaves: string, recordedFileId: string): Promise<void> {
  // Machines call home when the scenario says so, not by themselves; what hangs writes what was recorded, however long it
  // is until it is cancelled.
  const lines = behaves === 'hang' ? { lines: replayer.age === 'v0' ? 4 : 2 } : {};
  const template = JSON.stringify({ behaves, connectIn: [], ...lines });
  const bytes = writeTar({ 'template.json': template, 'name.txt': recordedFileId });
  const { hash } = await replayer.make('owner', 'POST', `${API}/files`, bytes);
  replayer.pairs.learn(recordedFileId, String(hash));
}

export async function untilImported(replayer: Replayer, recordedVersionId: string): Promise<void> {
  await replayer.until(`import of ${recordedVersionId}`, async () => {
    const version = await replayer.make(
      'owner',
      'GET',
      replayer.pairs.translate(`${API}/templateversions/${recordedVersionId}`),
    );
    return (version.job as { completed_at?: string }).completed_at !== undefined;
  });
}

/** One template, made as recorded. `whileImporting` runs before the workers get to it, `imported` before it is one. */
export async function addTemplate(
  replayer: Replayer,
  name: string,
  whileImporting: readonly string[] = [],
  imported: readonly string[] = [],
): Promise<void> {
  const wanted = readExchange(replayer.age, `template-version-create-${name}`);
  const { file_id: fileId } = wanted.request.body as { file_id: string };
  await upload(replayer, name, fileId);
  replayer.deployment.hold('queue');
  await replayer.replay(`template-version-create-${name}`, ...whileImporting);
  replayer.deployment.release();
  await untilImported(replayer, (wanted.response.body as { id: string }).id);
  await replayer.replay(...imported, `template-create-${name}`);
}

export interface Made {
  id: string;
  buildId: string;
}

/** Makes a workspace that was made but not recorded, and lets it stand for the recorded one. */
export async function makeWorkspace(
  replayer: Replayer,
  name: string,
  template: string,
  recorded: string,
  as = 'owner',
  more: object = {},
): Promise<Made> {
  const organization = organizationId(replayer);
  const { id: templateId } = await replayer.make(
    'owner',
    'GET',
    `${API}/organizations/${organization}/templates/${template}`,
  );
  const made = await replayer.make(as, 'POST', `${API}/organizations/${organization}/members/me/workspaces`, {
    name,
    template_id: templateId,
    ...more,
  });
  const id = made.id as string;
  replayer.pairs.learn(recorded, id);
  return { id, buildId: (made.latest_build as { id: string }).id };
}

export const organizationId = (replayer: Replayer): string =>
  replayer.pairs.must(
    (readExchange(replayer.age, 'first-user-create').response.body as { organization_id: string }).organization_id,
  );

export async function build(replayer: Replayer, workspaceId: string, transition: string): Promise<string> {
  const made = await replayer.make('owner', 'POST', `${API}/workspaces/${workspaceId}/builds`, { transition });
  return String(made.id);
}

export const recordedWorkspaceId = (replayer: Replayer, name: string): string => {
  const { request } = readExchange(replayer.age, name);
  return /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(request.path)?.[0] ?? '';
};

export const ourWorkspaceId = (replayer: Replayer, name: string): string =>
  replayer.pairs.must(recordedWorkspaceId(replayer, name));
