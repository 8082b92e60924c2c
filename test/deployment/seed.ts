/** The world that a newcomer meets: templates, and workspaces in every status, which stay in it to be looked at. */
import { completeBuild, createBuild, createJob, scheduleNextStart } from './builds.ts';
import { readTemplate } from './catalogue/index.ts';
import { daemon, line } from './catalogue/scripts.ts';
import type { Stamp } from './clock.ts';
import type { Engine } from './engine.ts';
import { inventName, newId } from './ids.ts';
import { MAX_OUTPUT } from './joblog.ts';
import type { Build, JobScript, Template, TemplateVersion, Transition, Workspace } from './model.ts';
import { writeTar } from './tar.ts';
import { must, organizationOf } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface TemplateWish {
  name: string;
  behaves?: string;
  displayName?: string;
  description: string;
  icon?: string;
  cancel?: boolean;
  dynamic?: boolean;
  maxLifetimeMs?: number;
}

const wishes: readonly TemplateWish[] = [
  { name: 'dev', displayName: 'Development', description: 'A pod with two agents and apps', icon: '/icon/k8s.png' },
  { name: 'slow', description: 'A virtual machine that takes its time' },
  { name: 'hang', description: 'Never gets there' },
  { name: 'no-cancel', description: 'Must not be interrupted', cancel: false },
  { name: 'failing', description: 'Fails every time' },
];

const v2Wishes: readonly TemplateWish[] = [
  { name: 'dynamic', description: 'Asks as you answer', dynamic: true },
  { name: 'github-dev', behaves: 'external-auth', description: 'Needs a sign-in at GitHub' },
  { name: 'nightly', behaves: 'slow', description: 'Must stop every night', maxLifetimeMs: 10 * HOUR_MS },
];

function addVersion({ world }: Engine, ownerId: string, templateId: string, behaves: string): TemplateVersion {
  const bytes = writeTar({ 'template.json': JSON.stringify({ behaves }) });
  const file = { id: newId(), bytes };
  world.files.set(file.id, file);
  const spec = readTemplate(world.age.name, bytes);
  const id = newId();
  const script: JobScript = { steps: () => [], tailMs: 0 };
  const job = createJob(world, {
    kind: 'template_version_import',
    subjectId: id,
    fileId: file.id,
    initiatorId: ownerId,
    script,
  });
  job.startedAt = world.clock.now();
  job.completedAt = world.clock.now();
  job.workerId = newId();
  const version: TemplateVersion = {
    id,
    templateId,
    organizationId: organizationOf(world).id,
    name: inventName(),
    message: '',
    createdAt: job.createdAt,
    updatedAt: world.clock.now(),
    createdById: ownerId,
    archived: false,
    spec,
    legacyValues: [{ name: 'size', value: 'large' }],
    job,
  };
  world.versions.set(id, version);
  return version;
}

export function addTemplates(engine: Engine, ownerId: string): void {
  const { world } = engine;
  for (const wish of world.age.name === 'v2' ? [...wishes, ...v2Wishes] : wishes) {
    const id = newId();
    const version = addVersion(engine, ownerId, id, wish.behaves ?? wish.name);
    const now = world.clock.now();
    const template: Template = {
      id,
      organizationId: organizationOf(world).id,
      name: wish.name,
      displayName: wish.displayName ?? '',
      description: wish.description,
      icon: wish.icon ?? '',
      createdAt: now,
      updatedAt: now,
      createdById: ownerId,
      activeVersionId: version.id,
      defaultTtlMs: 8 * HOUR_MS,
      allowUserCancel: wish.cancel ?? true,
      classicParameters: wish.dynamic !== true,
      requireActiveVersion: false,
      deprecationMessage: '',
      allowUserAutostart: true,
      allowUserAutostop: true,
      maxLifetimeMs: wish.maxLifetimeMs ?? 0,
    };
    world.templates.set(id, template);
  }
}

interface Plant {
  owner: string;
  template: string;
  name: string;
  /** How long ago it was made. */
  agoMs: number;
  /** Builds that have ended, oldest first; a start when left out. */
  history?: readonly Transition[];
  ttlMs?: number;
  autostart?: string;
}

function templateOf({ world }: Engine, name: string): Template {
  const template = [...world.templates.values()].find((known) => known.name === name);
  if (template === undefined) throw new Error(`there is no template ${name}`);
  return template;
}

/** Writes the lines that the job's script would have written. */
function writeLogs({ world }: Engine, build: Build, from: Stamp): void {
  let at = from;
  for (const step of [...build.job.script.steps(), daemon('Cleaning Up', 5)]) {
    at += step.afterMs;
    const { source, level, stage } = step;
    const output = step.output.slice(0, MAX_OUTPUT);
    build.job.logs.push({ id: ++world.lastLogId, createdAt: at, source, level, stage, output });
  }
}

function addBuild(engine: Engine, workspace: Workspace, transition: Transition, at: Stamp, script?: JobScript): Build {
  const version = must(
    engine.world.versions,
    templateOf(engine, must(engine.world.templates, workspace.templateId).name).activeVersionId,
  );
  const build = createBuild(engine.world, workspace, {
    transition,
    version,
    initiatorId: workspace.ownerId,
    reason: 'initiator',
    parameters: version.spec.parameters.map(({ name, defaultValue }) => ({
      name,
      value: name === 'repo' ? 'https://example.com/r.git' : defaultValue,
    })),
  });
  if (script !== undefined) build.job.script = script;
  build.createdAt = at;
  build.updatedAt = at;
  build.job.createdAt = at;
  return build;
}

/** Ends the build's job at that moment, well or with an error. */
function endBuild(engine: Engine, build: Build, at: Stamp, error?: string): void {
  build.job.startedAt = at - 2000;
  build.job.workerId = newId();
  writeLogs(engine, build, at - 2000);
  build.job.completedAt = at;
  build.job.error = error;
  if (error !== undefined) return;
  completeBuild(engine.world, engine.machines, build);
  for (const resource of build.resources) {
    resource.createdAt = at;
    for (const agent of resource.agents) {
      agent.createdAt = at;
      agent.updatedAt = at;
      if (build.transition === 'start' && agent.spec.connects) engine.machines.settle(agent, at);
    }
  }
}

function plant(engine: Engine, wish: Plant): Workspace {
  const { world } = engine;
  const template = templateOf(engine, wish.template);
  const createdAt = world.clock.now() - wish.agoMs;
  const workspace: Workspace = {
    id: newId(),
    ownerId: wish.owner,
    templateId: template.id,
    name: wish.name,
    createdAt,
    updatedAt: createdAt,
    lastUsedAt: world.age.name === 'v2' ? createdAt : undefined,
    autostartSchedule: wish.autostart,
    nextStartAt: undefined,
    ttlMs: wish.ttlMs ?? template.defaultTtlMs,
    deleted: false,
    dormantAt: undefined,
    deletingAt: undefined,
    automaticUpdates: 'never',
    favoriteOf: new Set(),
    portShares: [],
    builds: [],
  };
  world.workspaces.set(workspace.id, workspace);
  for (const [n, transition] of (wish.history ?? ['start']).entries()) {
    const at = createdAt + n * 10 * MINUTE_MS;
    endBuild(engine, addBuild(engine, workspace, transition, at), at + 3000);
  }
  scheduleNextStart(world, workspace);
  return workspace;
}

/** An hour of work, a line every three seconds. */
const long = (stage: string, hearsCancel = true): JobScript => ({
  *steps() {
    yield daemon('Setting up', 5);
    yield daemon(stage, 100);
    for (let n = 0; n < 1200; n++) yield line(stage, `aws_instance.vm: Still going... [${n * 3}s elapsed]`, 3000);
  },
  tailMs: 100,
  hearsCancel,
});

function plantRunningOnes(engine: Engine, owner: string): void {
  const { world, clock } = engine;
  const api = plant(engine, {
    owner,
    template: 'dev',
    name: 'api-server',
    agoMs: 3 * HOUR_MS,
    autostart: 'CRON_TZ=Europe/Paris 30 9 * * 1-5',
  });
  api.lastUsedAt = clock.now() - 5 * MINUTE_MS;
  const web = plant(engine, { owner, template: 'slow', name: 'web', agoMs: HOUR_MS });
  if (world.age.name === 'v2') web.favoriteOf.add(owner);
  const soon = plant(engine, { owner, template: 'slow', name: 'notebook', agoMs: HOUR_MS });
  const soonBuild = soon.builds.at(-1);
  if (soonBuild !== undefined) soonBuild.deadline = clock.now() + 25 * MINUTE_MS;
  plant(engine, { owner, template: 'slow', name: 'by-hand', agoMs: 2 * HOUR_MS, ttlMs: 0 });

  const outdated = plant(engine, { owner, template: 'slow', name: 'docs-site', agoMs: 26 * HOUR_MS, ttlMs: 0 });
  const template = must(world.templates, outdated.templateId);
  // Only this one keeps the version before: the template moves on, and the others with it.
  const newer = addVersion(engine, owner, template.id, 'slow');
  for (const workspace of world.workspaces.values())
    if (workspace.templateId === template.id && workspace !== outdated)
      for (const build of workspace.builds) build.versionId = newer.id;
  template.activeVersionId = newer.id;

  if (world.age.name === 'v2') {
    const nightly = plant(engine, { owner, template: 'nightly', name: 'must-stop', agoMs: 9 * HOUR_MS });
    const build = nightly.builds.at(-1);
    if (build !== undefined) {
      build.maxDeadline = clock.now() + 50 * MINUTE_MS;
      build.deadline = build.maxDeadline;
    }
  }
}

function plantEndedOnes(engine: Engine, owner: string): void {
  const { world, clock } = engine;
  plant(engine, { owner, template: 'dev', name: 'archive', agoMs: 50 * HOUR_MS, history: ['start', 'stop'] });
  const broken = plant(engine, { owner, template: 'failing', name: 'broken', agoMs: 40 * MINUTE_MS, history: [] });
  const failed = addBuild(engine, broken, 'start', broken.createdAt);
  endBuild(engine, failed, broken.createdAt + 3000, failed.job.script.error);

  const hung = plant(engine, { owner, template: 'slow', name: 'hung', agoMs: 90 * MINUTE_MS, history: [] });
  const halted = addBuild(engine, hung, 'start', hung.createdAt);
  halted.job.canceledAt = hung.createdAt + 2000;
  endBuild(engine, halted, hung.createdAt + 3000, 'Error: execution halted: signal: interrupt');

  const abandoned = plant(engine, { owner, template: 'slow', name: 'abandoned', agoMs: 80 * MINUTE_MS, history: [] });
  const { job } = addBuild(engine, abandoned, 'start', abandoned.createdAt);
  job.canceledAt = abandoned.createdAt + 4000;
  job.completedAt = job.canceledAt;

  if (world.age.name === 'v2') {
    const history = ['start', 'stop'] as const;
    const asleep = plant(engine, { owner, template: 'slow', name: 'sleeping', agoMs: 400 * HOUR_MS, history });
    asleep.dormantAt = clock.now() - 24 * HOUR_MS;
    asleep.deletingAt = clock.now() + 72 * HOUR_MS;
  }
}

function plantBusyOnes(engine: Engine, owner: string): void {
  const { world, clock, provisioner } = engine;
  const queued = plant(engine, { owner, template: 'slow', name: 'queued', agoMs: MINUTE_MS, history: [] });
  const { job } = addBuild(engine, queued, 'start', queued.createdAt);
  job.held = true;
  world.queue.push(job);

  const stages = { start: 'Starting workspace', stop: 'Stopping workspace', delete: 'Destroying workspace' };
  const busy = (name: string, transition: Transition, history: readonly Transition[], hears = true): Build => {
    const workspace = plant(engine, { owner, template: 'slow', name, agoMs: 3 * HOUR_MS, history });
    const build = addBuild(engine, workspace, transition, clock.now(), long(stages[transition], hears));
    provisioner.playAside(build.job);
    return build;
  };
  busy('warming-up', 'start', []);
  busy('winding-down', 'stop', ['start']);
  busy('fading', 'delete', ['start', 'stop']);
  provisioner.cancel(busy('undecided', 'start', [], false).job);
}

/** `many` generated running workspaces more; 'only generated' leaves out the hand-made ones. */
export function seedWorld(
  engine: Engine,
  owner: string,
  dana: string,
  many: number,
  what: 'everything' | 'only generated' = 'everything',
): void {
  if (what === 'everything') {
    plantRunningOnes(engine, owner);
    plantEndedOnes(engine, owner);
    plantBusyOnes(engine, owner);
    plant(engine, { owner: dana, template: 'no-cancel', name: 'mine', agoMs: 4 * HOUR_MS });
    plant(engine, {
      owner: dana,
      template: 'dev',
      name: 'api-server',
      agoMs: 30 * HOUR_MS,
      history: ['start', 'stop'],
    });
  }
  for (let n = 0; n < many; n++)
    plant(engine, { owner, template: 'dev', name: `generated-${n}`, agoMs: 10 * MINUTE_MS + n * 1000 });
}
