/**
 * A Coder deployment in memory, over real HTTP, server-sent events and WebSocket, on loopback. It answers as the
 * recordings in `test/recordings` do, in two ages, and it lives: builds run, agents connect, deadlines pass.
 */

import { ageOf, type Release } from './ages.ts';
import { startWorkers } from './builds.ts';
import { createClock, createPace } from './clock.ts';
import { keepDeadlines, letDanaAct } from './deadlines.ts';
import type { Engine } from './engine.ts';
import type { CutOptions, StreamCount } from './connections.ts';
import { createHub } from './events.ts';
import { createMisbehaviours, type MisbehaviourName, type MisbehaviourOptions } from './misbehaviour.ts';
import type { AgeName, Workspace } from './model.ts';
import type { Hold } from './provisioner.ts';
import { createRouter } from './router.ts';
import { addAgentRoutes } from './routes/agents.ts';
import { addBuildRoutes } from './routes/builds.ts';
import { addDeploymentRoutes } from './routes/deployment.ts';
import { addKeyRoutes } from './routes/keys.ts';
import { addSettingRoutes } from './routes/settings.ts';
import { addSharingRoutes } from './routes/sharing.ts';
import { addTemplateRoutes } from './routes/templates.ts';
import { addUserRoutes } from './routes/users.ts';
import { addVersionRoutes } from './routes/versions.ts';
import { addWorkspaceRoutes } from './routes/workspaces.ts';
import { seedData } from './seed.ts';
import { createServer, type LoggedRequest } from './server.ts';
import { addTemplate, addTemplates, type TemplateInput } from './seedTemplates.ts';
import { createV0Wire } from './wire/v0.ts';
import { createV2Wire } from './wire/v2.ts';
import { createKey, createUser, createStore, findWorkspace, type Store } from './store.ts';

export type { MisbehaviourName, MisbehaviourOptions } from './misbehaviour.ts';
export type { LoggedRequest } from './server.ts';
export type { AgeName } from './model.ts';
export type { TemplateInput } from './seedTemplates.ts';
export type { Hold } from './provisioner.ts';
export { writeTar } from './tar.ts';

export interface DeploymentOptions {
  age: AgeName;
  /** V2 as a later release does it: shared workspaces, restarts by the server (contract, marks [2.36]). */
  release?: Release;
  /** Workspaces in every status, besides the templates. */
  seed?: boolean;
  /** So many generated workspaces more, for scale. */
  workspaces?: number;
  /** So many of the generated ones run, all of them when left out; the others are stopped. */
  running?: number;
  /** What the generated ones are made of: `dev`, with two agents, when left out. */
  template?: string;
  /** Nothing at all, not even a first user: everything is then made through the API. */
  bare?: boolean;
  /** 0 (default) = any free one. */
  port?: number;
  /** 1 (default) = builds take as long as recorded; 20 = twenty times faster. */
  speed?: number;
  /** V2: the deployment's switch for renames (off by default, as recorded). */
  allowRenames?: boolean;
  /** Requests a minute and path before 429; 512 by default, Infinity for a server without that limit. */
  ratePerMinute?: number;
  provisioners?: number;
  /** Dana stops and starts her workspace `mine`, so often; never when left out. */
  danaActsEveryMs?: number;
  tls?: { cert: string; key: string };
}

export interface TestUser {
  id: string;
  username: string;
  email: string;
  password: string;
  token: string;
}

export interface Deployment {
  readonly age: AgeName;
  readonly url: string;
  /** The owner's; empty when bare. */
  readonly token: string;
  readonly users: Readonly<Record<'owner' | 'dana', TestUser>>;
  readonly store: Store;
  readonly requests: LoggedRequest[];
  misbehave(name: MisbehaviourName, options?: MisbehaviourOptions): Promise<void>;
  /** Ends one kind of misbehaviour, or all. */
  heal(name?: MisbehaviourName): Promise<void>;
  /** Moves the server's clock: deadlines pass, agents time out, keys expire. */
  advance(ms: number): void;
  /** Streams that are open now: event streams and WebSockets, by kind (`watch`, `watch-ws`, `build-logs` …). */
  openSockets(): StreamCount;
  /**
   * Resolves when nothing is under way any more: no request unanswered, no news of a workspace unsent, machines up, and
   * every byte read by the client it was for, if that is in this process. A build may go on, and a request may wait that
   * will never be answered.
   */
  whenQuiet(): Promise<void>;
  /** Watchers that have not seen the workspace since they came: V0 leaves it to them to ask for it (contract 3.1). */
  unawareWatchers(): number;
  /** Ends open streams, of one kind or all: with a close code, or cut off without a word. */
  cutStreams(options?: CutOptions): number;
  /** Tells the watchers of a workspace of a failure, as an `error` frame. */
  sendErrorFrame(workspace: string, message: string, detail: string): void;
  /** A workspace by `owner/name`, to look at or to change; call `changed` after changing it. */
  workspace(ownerAndName: string): Workspace;
  changed(workspace: Workspace): void;
  /** The machine of an agent falls silent, or calls home again. */
  loseAgent(ownerAndName: string, agent: string): void;
  connectAgent(ownerAndName: string, agent: string): void;
  /** A script of an agent of V2 says a line. */
  agentSays(ownerAndName: string, agent: string, line: string): void;
  /** From now on this identity document speaks for that instance. */
  acceptInstance(document: string, instanceId: string): void;
  /** One template more, imported already; gives its id. */
  addTemplate(input: TemplateInput): string;
  /** Stops the workers at a known point: see `Hold`. */
  hold(what: Hold): void;
  release(what?: Hold): void;
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const noUser: TestUser = { id: '', username: '', email: '', password: '', token: '' };

function addTestUser(store: Store, username: string, name: string, siteOwner: boolean): TestUser {
  const email = `${username}@example.com`;
  const password = 'SomeSecurePassword!';
  const user = createUser(store, { username, name, email, password }, siteOwner);
  const { token } = createKey(store, user, { loginType: 'password', lifetimeSeconds: 7 * 86_400 });
  return { id: user.id, username, email, password, token };
}

export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const age = ageOf(options.age, options.release);
  const clock = createClock();
  const pace = createPace(options.speed ?? 1);
  const store = createStore(age, clock, options.allowRenames ?? false);
  const hub = createHub();
  const workers = startWorkers(store, hub, pace, options.provisioners ?? 3);
  const misbehaviours = createMisbehaviours();
  const scheme = options.tls === undefined ? 'http' : 'https';
  const accessUrl = (): string => `${scheme}://127.0.0.1:${server.port()}`;
  const wire = age.name === 'v0' ? createV0Wire(store) : createV2Wire(store);
  const engine: Engine = { store, clock, pace, hub, ...workers, watchers: new Set(), wire, accessUrl };

  const router = createRouter(age.name);
  addDeploymentRoutes(router);
  addUserRoutes(router);
  addKeyRoutes(router);
  addTemplateRoutes(router);
  addVersionRoutes(router);
  addWorkspaceRoutes(router);
  addSettingRoutes(router);
  addSharingRoutes(router);
  addBuildRoutes(router);
  addAgentRoutes(router);

  const bare = options.bare === true;
  const owner = bare ? noUser : addTestUser(store, 'owner', 'Olivia Owner', true);
  const dana = bare ? noUser : addTestUser(store, 'dana', 'Dana Member', false);
  if (!bare) addTemplates(engine, owner.id);
  const { workspaces: count = 0, running = count, template = 'dev' } = options;
  const generated = { count, running, template };
  if (options.seed === true) seedData(engine, owner.id, dana.id, generated);
  else if (options.workspaces !== undefined) seedData(engine, owner.id, dana.id, generated, 'only generated');

  const server = createServer(engine, router, misbehaviours, {
    port: options.port ?? 0,
    ratePerMinute: options.ratePerMinute ?? 512,
    tls: options.tls,
    browserToken: () => owner.token,
  });
  await server.listen();
  const stopDeadlines = keepDeadlines(engine);
  if (options.danaActsEveryMs !== undefined) letDanaAct(engine, dana.id, options.danaActsEveryMs);

  function workspace(ownerAndName: string): Workspace {
    const [username = '', name = ''] = ownerAndName.split('/');
    const user = [...store.users.values()].find((known) => known.username === username);
    const found = user && findWorkspace(store, user.id, name);
    if (found === undefined) throw new Error(`there is no workspace ${ownerAndName}`);
    return found;
  }

  function agent(ownerAndName: string, name: string) {
    const resources = workspace(ownerAndName).builds.flatMap((build) => build.resources);
    // While a stop runs, the machines are still those of the start before it.
    const found = resources.flatMap(({ agents }) => agents).findLast((known) => known.spec.name === name);
    if (found === undefined) throw new Error(`${ownerAndName} has no agent ${name}`);
    return found;
  }

  /** V2 computes no status from a heartbeat. */
  function silenceJobs(silent: boolean): void {
    if (age.name === 'v2') return;
    for (const { job } of store.builds.values())
      job.silent = silent && job.startedAt !== undefined && job.completedAt === undefined;
  }

  return {
    age: age.name,
    get url() {
      return accessUrl();
    },
    token: owner.token,
    users: { owner, dana },
    store,
    requests: server.requests,
    async misbehave(name, how = {}) {
      misbehaviours.add(name, how);
      if (name === 'down') await server.stop();
      if (name === 'half-open' && how.path === undefined) server.freeze();
      if (name === 'skewed-clock') clock.advance(how.byMs ?? 3_600_000);
      if (name === 'heartbeat-lapse') silenceJobs(true);
    },
    async heal(name) {
      for (const gone of misbehaviours.remove(name)) {
        if (gone.name === 'down') await server.listen();
        if (gone.name === 'half-open') server.cutStreams({});
        if (gone.name === 'skewed-clock') clock.advance(-(gone.options.byMs ?? 3_600_000));
        if (gone.name === 'heartbeat-lapse') silenceJobs(false);
      }
    },
    advance: (ms) => clock.advance(ms),
    openSockets: () => server.openSockets(),
    whenQuiet: () => server.whenQuiet(),
    unawareWatchers: () => [...engine.watchers].filter((watcher) => !watcher.knows).length,
    cutStreams: (how = {}) => server.cutStreams(how),
    sendErrorFrame: (which, message, detail) =>
      hub.workspaces.publish(workspace(which).id, { errorFrame: { message, detail } }),
    workspace,
    changed: (changed) => hub.workspaces.publish(changed.id, 'changed'),
    loseAgent: (which, name) => workers.machines.lose(agent(which, name)),
    connectAgent: (which, name) => workers.machines.connect(agent(which, name)),
    agentSays: (which, name, line) => workers.machines.say(agent(which, name), line),
    acceptInstance: (document, instanceId) => void store.instanceDocuments.set(document, instanceId),
    addTemplate: (input) => addTemplate(engine, owner.id, input).id,
    hold: (what) => workers.provisioner.hold(what),
    release: (what) => workers.provisioner.release(what),
    stop: () => server.stop(),
    start: () => server.listen(),
    async close() {
      stopDeadlines();
      pace.stop();
      await server.close();
    },
  };
}
