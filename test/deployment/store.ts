/** Everything that the deployment knows, and the look-ups that every route needs. */
import type { Age } from './ages.ts';
import type { Clock } from './clock.ts';
import { newId, randomText } from './ids.ts';
import type {
  Agent,
  Build,
  Job,
  JobStatus,
  Key,
  Organization,
  StoredFile,
  Template,
  TemplateVersion,
  User,
  Workspace,
} from './model.ts';

export interface Store {
  readonly age: Age;
  readonly clock: Clock;
  readonly allowRenames: boolean;
  /** V2: the deployment's switch for debug output, off by default. */
  allowsDebug: boolean;
  readonly deploymentId: string;
  organization: Organization | undefined;
  readonly users: Map<string, User>;
  readonly keys: Map<string, Key>;
  readonly files: Map<string, StoredFile>;
  readonly templates: Map<string, Template>;
  readonly versions: Map<string, TemplateVersion>;
  readonly workspaces: Map<string, Workspace>;
  readonly builds: Map<string, Build>;
  readonly agents: Map<string, Agent>;
  /** Jobs that no worker has taken yet, oldest first. */
  readonly queue: Job[];
  /** When the provisioner daemons last called in. */
  provisionersSeenAt: number;
  lastLogId: number;
  /** V2's notifications, newest first: (who is told, about whom). */
  readonly newUsers: { id: string; toldId: string; aboutId: string; at: number }[];
  /** Credits a day that each owner may use; `undefined`: an edition without quotas. */
  quota: number | undefined;
  /** More organizations that everybody is a member of, besides the first. */
  readonly otherOrganizations: Organization[];
  /** Who has signed in with which external provider: `<user id> <provider id>`. */
  readonly externalLogins: Set<string>;
  /** What only an edition with a licence has: when required stops happen. */
  quietHours?: { readonly time: string; readonly timezone: string };
  /** Instance documents that tests want accepted: the document as sent, and the instance that it speaks for. */
  readonly instanceDocuments: Map<string, string>;
}

export function createStore(age: Age, clock: Clock, allowRenames: boolean): Store {
  const store: Store = {
    age,
    clock,
    allowRenames,
    allowsDebug: false,
    deploymentId: newId(),
    organization: undefined,
    users: new Map(),
    keys: new Map(),
    files: new Map(),
    templates: new Map(),
    versions: new Map(),
    workspaces: new Map(),
    builds: new Map(),
    agents: new Map(),
    queue: [],
    provisionersSeenAt: clock.now(),
    lastLogId: 0,
    newUsers: [],
    quota: undefined,
    otherOrganizations: [],
    externalLogins: new Set(),
    instanceDocuments: new Map(),
  };
  // V2 has a default organization before anybody signs up; V0 makes one for the first user.
  if (age.name === 'v2') store.organization = createOrganization(store, 'coder', 'Coder');
  return store;
}

export function createOrganization(store: Store, name: string, displayName: string): Organization {
  const description = store.age.name === 'v2' ? 'Builtin default organization.' : '';
  return { id: newId(), name, displayName, description, createdAt: store.clock.now() };
}

export interface NewUser {
  username: string;
  name: string;
  email: string;
  password: string;
}

export function createUser(store: Store, wanted: NewUser, siteOwner: boolean): User {
  const now = store.clock.now();
  const user: User = {
    ...wanted,
    id: newId(),
    createdAt: now,
    updatedAt: now,
    lastSeenAt: store.age.name === 'v2' ? now : undefined,
    siteOwner,
  };
  store.organization ??= createOrganization(store, wanted.username, '');
  for (const told of store.users.values())
    if (told.siteOwner) store.newUsers.unshift({ id: newId(), toldId: told.id, aboutId: user.id, at: now });
  store.users.set(user.id, user);
  return user;
}

export interface NewKey {
  loginType: 'password' | 'token';
  lifetimeSeconds: number;
  tokenName?: string;
  scope?: string;
}

export function createKey(store: Store, user: User, wanted: NewKey): { key: Key; token: string } {
  const now = store.clock.now();
  const key: Key = {
    id: randomText(10),
    secret: randomText(22),
    userId: user.id,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + wanted.lifetimeSeconds * 1000,
    lastUsedAt: undefined,
    tokenName: '',
    scope: 'all',
    ...wanted,
  };
  store.keys.set(key.id, key);
  return { key, token: `${key.id}-${key.secret}` };
}

export function latestBuild(workspace: Workspace): Build {
  const build = workspace.builds.at(-1);
  if (build === undefined) throw new Error(`workspace ${workspace.name} has no build`);
  return build;
}

export function organizationOf(store: Store): Organization {
  if (store.organization === undefined) throw new Error('nobody has signed up yet');
  return store.organization;
}

/** Looks up a row that others refer to. Throws if it is missing. */
export function must<T>(from: ReadonlyMap<string, T>, id: string): T {
  const found = from.get(id);
  if (found === undefined) throw new Error(`the store has no ${id}`);
  return found;
}

export function jobStatus(job: Job): JobStatus {
  if (job.canceledAt !== undefined) {
    if (job.completedAt === undefined) return 'canceling';
    return job.error === undefined ? 'canceled' : 'failed';
  }
  if (job.startedAt === undefined) return 'pending';
  if (job.completedAt === undefined) return job.silent ? 'failed' : 'running';
  return job.error === undefined ? 'succeeded' : 'failed';
}

/** Contract 5.1. */
export function buildStatus(build: Build): string {
  const status = jobStatus(build.job);
  if (status === 'running') return { start: 'starting', stop: 'stopping', delete: 'deleting' }[build.transition];
  if (status === 'succeeded') return { start: 'running', stop: 'stopped', delete: 'deleted' }[build.transition];
  return status;
}

export function findWorkspace(store: Store, ownerId: string, name: string, deleted = false): Workspace | undefined {
  const wanted = name.toLowerCase();
  return [...store.workspaces.values()]
    .filter((w) => w.ownerId === ownerId && w.deleted === deleted && w.name.toLowerCase() === wanted)
    .at(-1);
}
