/** Workspaces with a past: builds that ended some time ago, as if they had run here. */
import { completeBuild, createBuild, scheduleNextStart } from './builds.ts';
import { daemon } from './catalogue/scripts.ts';
import type { Stamp } from './clock.ts';
import type { Engine } from './engine.ts';
import { newId } from './ids.ts';
import { MAX_OUTPUT } from './joblog.ts';
import type { Build, Template, Workspace } from './model.ts';
import type { JobScript, Transition } from './template-spec.ts';
import { must } from './store.ts';

const MINUTE_MS = 60_000;

export interface SeedWorkspace {
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

function templateOf({ store }: Engine, name: string): Template {
  const template = [...store.templates.values()].find((known) => known.name === name);
  if (template === undefined) throw new Error(`there is no template ${name}`);
  return template;
}

/** Writes the lines that the job's script would have written. */
function writeLogs({ store }: Engine, build: Build, from: Stamp): void {
  let at = from;
  for (const step of [...build.job.script.steps(), daemon('Cleaning Up', 5)]) {
    at += step.afterMs;
    const { source, level, stage } = step;
    const output = step.output.slice(0, MAX_OUTPUT);
    build.job.logs.push({ id: ++store.lastLogId, createdAt: at, source, level, stage, output });
  }
}

/** A build that was begun at that moment and has not ended. */
export function addBuild(
  { store }: Engine,
  workspace: Workspace,
  transition: Transition,
  at: Stamp,
  script?: JobScript,
): Build {
  const version = must(store.versions, must(store.templates, workspace.templateId).activeVersionId);
  const build = createBuild(store, workspace, {
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
export function endBuild(engine: Engine, build: Build, at: Stamp, error?: string): void {
  build.job.startedAt = at - 2000;
  build.job.workerId = newId();
  writeLogs(engine, build, at - 2000);
  build.job.completedAt = at;
  build.job.error = error;
  if (error !== undefined) return;
  completeBuild(engine.store, engine.machines, build);
  for (const resource of build.resources) {
    resource.createdAt = at;
    for (const agent of resource.agents) {
      agent.createdAt = at;
      agent.updatedAt = at;
      if (build.transition === 'start' && agent.spec.connects) engine.machines.settle(agent, at);
    }
  }
}

export function seedWorkspace(engine: Engine, input: SeedWorkspace): Workspace {
  const { store } = engine;
  const template = templateOf(engine, input.template);
  const createdAt = store.clock.now() - input.agoMs;
  const workspace: Workspace = {
    id: newId(),
    ownerId: input.owner,
    templateId: template.id,
    name: input.name,
    createdAt,
    updatedAt: createdAt,
    lastUsedAt: store.age.name === 'v2' ? createdAt : undefined,
    autostartSchedule: input.autostart,
    nextStartAt: undefined,
    ttlMs: input.ttlMs ?? template.defaultTtlMs,
    deleted: false,
    dormantAt: undefined,
    deletingAt: undefined,
    automaticUpdates: 'never',
    favoriteOf: new Set(),
    portShares: [],
    sharedWith: new Map(),
    builds: [],
  };
  store.workspaces.set(workspace.id, workspace);
  for (const [n, transition] of (input.history ?? ['start']).entries()) {
    const at = createdAt + n * 10 * MINUTE_MS;
    endBuild(engine, addBuild(engine, workspace, transition, at), at + 3000);
  }
  scheduleNextStart(store, workspace);
  return workspace;
}
