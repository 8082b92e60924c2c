/** The seed data: workspaces in every status, which stay in it. */
import { daemon, line } from './catalogue/scripts.ts';
import type { Engine } from './engine.ts';
import type { Build } from './model.ts';
import type { JobScript, Transition } from './template-spec.ts';
import { addBuild, endBuild, seedWorkspace } from './seedWorkspace.ts';
import { addVersion } from './seedTemplates.ts';
import { must } from './store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

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

function seedRunningWorkspaces(engine: Engine, owner: string): void {
  const { store, clock } = engine;
  const api = seedWorkspace(engine, {
    owner,
    template: 'dev',
    name: 'api-server',
    agoMs: 3 * HOUR_MS,
    autostart: 'CRON_TZ=Europe/Paris 30 9 * * 1-5',
  });
  api.lastUsedAt = clock.now() - 5 * MINUTE_MS;
  const web = seedWorkspace(engine, { owner, template: 'slow', name: 'web', agoMs: HOUR_MS });
  if (store.age.name === 'v2') web.favoriteOf.add(owner);
  const soon = seedWorkspace(engine, { owner, template: 'slow', name: 'notebook', agoMs: HOUR_MS });
  const soonBuild = soon.builds.at(-1);
  if (soonBuild !== undefined) soonBuild.deadline = clock.now() + 25 * MINUTE_MS;
  seedWorkspace(engine, { owner, template: 'slow', name: 'by-hand', agoMs: 2 * HOUR_MS, ttlMs: 0 });

  const outdated = seedWorkspace(engine, { owner, template: 'slow', name: 'docs-site', agoMs: 26 * HOUR_MS, ttlMs: 0 });
  const template = must(store.templates, outdated.templateId);
  // Only this one keeps the version before: the template moves on, and the others with it.
  const newer = addVersion(engine, owner, template.id, { behaves: 'slow' });
  for (const workspace of store.workspaces.values())
    if (workspace.templateId === template.id && workspace !== outdated)
      for (const build of workspace.builds) build.versionId = newer.id;
  template.activeVersionId = newer.id;

  if (store.age.name === 'v2') {
    const nightly = seedWorkspace(engine, { owner, template: 'nightly', name: 'must-stop', agoMs: 9 * HOUR_MS });
    const build = nightly.builds.at(-1);
    if (build !== undefined) {
      build.maxDeadline = clock.now() + 50 * MINUTE_MS;
      build.deadline = build.maxDeadline;
    }
  }
}

function seedEndedWorkspaces(engine: Engine, owner: string): void {
  const { store, clock } = engine;
  seedWorkspace(engine, { owner, template: 'dev', name: 'archive', agoMs: 50 * HOUR_MS, history: ['start', 'stop'] });
  const broken = seedWorkspace(engine, {
    owner,
    template: 'failing',
    name: 'broken',
    agoMs: 40 * MINUTE_MS,
    history: [],
  });
  const failed = addBuild(engine, broken, 'start', broken.createdAt);
  endBuild(engine, failed, broken.createdAt + 3000, failed.job.script.error);

  const hung = seedWorkspace(engine, { owner, template: 'slow', name: 'hung', agoMs: 90 * MINUTE_MS, history: [] });
  const halted = addBuild(engine, hung, 'start', hung.createdAt);
  halted.job.canceledAt = hung.createdAt + 2000;
  endBuild(engine, halted, hung.createdAt + 3000, 'Error: execution halted: signal: interrupt');

  const abandoned = seedWorkspace(engine, {
    owner,
    template: 'slow',
    name: 'abandoned',
    agoMs: 80 * MINUTE_MS,
    history: [],
  });
  const { job } = addBuild(engine, abandoned, 'start', abandoned.createdAt);
  job.canceledAt = abandoned.createdAt + 4000;
  job.completedAt = job.canceledAt;

  if (store.age.name === 'v2') {
    const history = ['start', 'stop'] as const;
    const asleep = seedWorkspace(engine, { owner, template: 'slow', name: 'sleeping', agoMs: 400 * HOUR_MS, history });
    asleep.dormantAt = clock.now() - 24 * HOUR_MS;
    asleep.deletingAt = clock.now() + 72 * HOUR_MS;
  }
}

function seedBusyWorkspaces(engine: Engine, owner: string): void {
  const { store, clock, provisioner } = engine;
  const queued = seedWorkspace(engine, { owner, template: 'slow', name: 'queued', agoMs: MINUTE_MS, history: [] });
  const { job } = addBuild(engine, queued, 'start', queued.createdAt);
  job.held = true;
  store.queue.push(job);

  const stages = { start: 'Starting workspace', stop: 'Stopping workspace', delete: 'Destroying workspace' };
  const busy = (name: string, transition: Transition, history: readonly Transition[], hears = true): Build => {
    const workspace = seedWorkspace(engine, { owner, template: 'slow', name, agoMs: 3 * HOUR_MS, history });
    const build = addBuild(engine, workspace, transition, clock.now(), long(stages[transition], hears));
    provisioner.playAside(build.job);
    return build;
  };
  busy('warming-up', 'start', []);
  busy('winding-down', 'stop', ['start']);
  busy('fading', 'delete', ['start', 'stop']);
  provisioner.cancel(busy('undecided', 'start', [], false).job);
}

/** `generated` workspaces more, of which some run; 'only generated' leaves out the hand-made ones. */
export function seedData(
  engine: Engine,
  owner: string,
  dana: string,
  generated: { readonly count: number; readonly running: number; readonly template: string },
  what: 'everything' | 'only generated' = 'everything',
): void {
  if (what === 'everything') {
    seedRunningWorkspaces(engine, owner);
    seedEndedWorkspaces(engine, owner);
    seedBusyWorkspaces(engine, owner);
    seedWorkspace(engine, { owner: dana, template: 'no-cancel', name: 'mine', agoMs: 4 * HOUR_MS });
    seedWorkspace(engine, {
      owner: dana,
      template: 'dev',
      name: 'api-server',
      agoMs: 30 * HOUR_MS,
      history: ['start', 'stop'],
    });
  }
  for (let n = 0; n < generated.count; n++) {
    const history = n < generated.running ? (['start'] as const) : (['start', 'stop'] as const);
    const agoMs = 10 * MINUTE_MS + n * 1000;
    seedWorkspace(engine, { owner, template: generated.template, name: `generated-${n}`, agoMs, history });
  }
}
