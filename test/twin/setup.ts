/** What the recorded scene is made of: people, templates, workspaces, all through the API. */
import { writeTar } from '../deployment/index.ts';
import { readExchange } from './recording.ts';
import { PASSWORD, type Twin } from './twin.ts';

export const API = '/api/v2';

/** How much faster than recorded the scene is played. */
export const SPEED = 12;

/** Nobody is there yet; then the owner signs up, and dana is added. */
export async function signUp(twin: Twin): Promise<void> {
  await twin.replay('api-root', 'buildinfo', 'healthz', 'not-api-path', 'updatecheck', 'authmethods');
  await twin.replay('first-user-missing', 'first-user-create');
  const first = readExchange(twin.age, 'first-user-create').request.body as { email: string };
  const login = await twin.make('nobody', 'POST', `${API}/users/login`, { email: first.email, password: PASSWORD });
  twin.tokens.set('owner', String(login.session_token));
  await twin.replay('login', 'login-bad-password');
  await twin.replay('me-no-token', 'me-malformed-token', 'me-unknown-token', 'me', 'my-organizations');
  await twin.replay('applications-host', 'entitlements', 'quota-agpl', 'route-not-found', 'user-unknown');
}

export async function addDana(twin: Twin): Promise<void> {
  const organizations = await twin.make('owner', 'GET', `${API}/users/me/organizations`);
  const organization = (organizations as unknown as { id: string }[])[0]?.id ?? '';
  const wanted = { email: 'dana@example.com', username: 'dana', name: 'Dana Member', password: PASSWORD };
  await twin.make('owner', 'POST', `${API}/users`, {
    ...wanted,
    ...(twin.age === 'v0' ? { organization_id: organization } : { organization_ids: [organization] }),
  });
  await twin.replay('users-list');
  const login = await twin.make('nobody', 'POST', `${API}/users/login`, wanted);
  twin.tokens.set('member', String(login.session_token));
  await twin.replay('users-list-member');
}

/** Uploads what makes a template behave so, and lets it stand for the recorded file. */
export async function upload(twin: Twin, behaves: string, recordedFileId: string): Promise<void> {
  // Machines call home when the scene says so, not by themselves.
  const template = JSON.stringify({ behaves, connectIn: [] });
  const bytes = writeTar({ 'template.json': template, 'name.txt': recordedFileId });
  const { hash } = await twin.make('owner', 'POST', `${API}/files`, bytes);
  twin.pairs.learn(recordedFileId, String(hash));
}

export async function untilImported(twin: Twin, recordedVersionId: string): Promise<void> {
  await twin.until(`import of ${recordedVersionId}`, async () => {
    const version = await twin.make(
      'owner',
      'GET',
      twin.pairs.translate(`${API}/templateversions/${recordedVersionId}`),
    );
    return (version.job as { completed_at?: string }).completed_at !== undefined;
  });
}

/** One template, made as recorded. `whileImporting` runs before the workers get to it, `imported` before it is one. */
export async function addTemplate(
  twin: Twin,
  name: string,
  whileImporting: readonly string[] = [],
  imported: readonly string[] = [],
): Promise<void> {
  const wanted = readExchange(twin.age, `template-version-create-${name}`);
  const { file_id: fileId } = wanted.request.body as { file_id: string };
  await upload(twin, name, fileId);
  twin.deployment.hold('queue');
  await twin.replay(`template-version-create-${name}`, ...whileImporting);
  twin.deployment.release();
  await untilImported(twin, (wanted.response.body as { id: string }).id);
  await twin.replay(...imported, `template-create-${name}`);
}

export interface Made {
  id: string;
  buildId: string;
}

/** Makes a workspace that was made but not recorded, and lets it stand for the recorded one. */
export async function makeWorkspace(
  twin: Twin,
  name: string,
  template: string,
  recorded: string,
  as = 'owner',
  more: object = {},
): Promise<Made> {
  const organization = organizationId(twin);
  const { id: templateId } = await twin.make(
    'owner',
    'GET',
    `${API}/organizations/${organization}/templates/${template}`,
  );
  const made = await twin.make(as, 'POST', `${API}/organizations/${organization}/members/me/workspaces`, {
    name,
    template_id: templateId,
    ...more,
  });
  const id = made.id as string;
  twin.pairs.learn(recorded, id);
  return { id, buildId: (made.latest_build as { id: string }).id };
}

export const organizationId = (twin: Twin): string =>
  twin.pairs.must(
    (readExchange(twin.age, 'first-user-create').response.body as { organization_id: string }).organization_id,
  );

export async function build(twin: Twin, workspaceId: string, transition: string): Promise<string> {
  const made = await twin.make('owner', 'POST', `${API}/workspaces/${workspaceId}/builds`, { transition });
  return String(made.id);
}

export const recordedWorkspaceId = (twin: Twin, name: string): string => {
  const { request } = readExchange(twin.age, name);
  return /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(request.path)?.[0] ?? '';
};

export const ourWorkspaceId = (twin: Twin, name: string): string => twin.pairs.must(recordedWorkspaceId(twin, name));
