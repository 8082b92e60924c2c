/** Builds: how one comes to be, and what its end does to the workspace. */
import { createMachines, createResources, type Machines } from './agents.ts';
import type { Pace, Stamp } from './clock.ts';
import type { Hub } from './events.ts';
import { newId } from './ids.ts';
import type { Build, FollowUp, Job, TemplateVersion, Workspace } from './model.ts';
import type { ParameterValue, Transition } from './template-spec.ts';
import { createProvisioner, type Provisioner } from './provisioner.ts';
import { nextOccurrence, parseSchedule } from './schedule.ts';
import { jobStatus, must, organizationOf, type World } from './world.ts';

export interface NewBuild {
  transition: Transition;
  version: TemplateVersion;
  initiatorId: string;
  reason: string;
  parameters: readonly ParameterValue[];
  presetId?: string | undefined;
  state?: string;
}

export function createJob(
  world: World,
  job: Pick<Job, 'kind' | 'subjectId' | 'fileId' | 'initiatorId' | 'script'>,
): Job {
  return {
    ...job,
    id: newId(),
    createdAt: world.clock.now(),
    startedAt: undefined,
    completedAt: undefined,
    canceledAt: undefined,
    error: undefined,
    workerId: undefined,
    organizationId: organizationOf(world).id,
    logs: [],
    held: false,
    silent: false,
  };
}

/** Adds a build to the workspace; the caller decides who plays its job. */
export function createBuild(world: World, workspace: Workspace, wanted: NewBuild): Build {
  const id = newId();
  const job = createJob(world, {
    kind: 'workspace_build',
    subjectId: id,
    fileId: wanted.version.job.fileId,
    initiatorId: wanted.initiatorId,
    script: wanted.version.spec.script(wanted.transition),
  });
  const terraform = world.age.name === 'v0' ? '1.3.4' : '1.13.0';
  const build: Build = {
    id,
    workspaceId: workspace.id,
    versionId: wanted.version.id,
    number: (workspace.builds.at(-1)?.number ?? 0) + 1,
    transition: wanted.transition,
    reason: wanted.reason,
    initiatorId: wanted.initiatorId,
    createdAt: job.createdAt,
    updatedAt: job.createdAt,
    deadline: undefined,
    maxDeadline: undefined,
    presetId: wanted.presetId,
    parameters: wanted.parameters,
    onSuccess: undefined,
    state: wanted.state ?? JSON.stringify({ version: 4, terraform_version: terraform, serial: 1, resources: [] }),
    resources: [],
    job,
  };
  workspace.builds.push(build);
  world.builds.set(id, build);
  if (wanted.transition === 'start') workspace.dormantAt = undefined;
  return build;
}

/** Contract 4.5. */
export function deadlineAfter(world: World, workspace: Workspace, at: Stamp): Stamp | undefined {
  if (workspace.ttlMs === undefined || workspace.ttlMs === 0) return undefined;
  const plain = at + workspace.ttlMs;
  if (world.age.name === 'v0' || workspace.autostartSchedule === undefined) return plain;
  const schedule = parseSchedule(workspace.autostartSchedule);
  const autostart = schedule && nextOccurrence(schedule, at);
  return autostart !== undefined && autostart < plain ? autostart + workspace.ttlMs : plain;
}

export function scheduleNextStart(world: World, workspace: Workspace): void {
  const schedule = workspace.autostartSchedule === undefined ? undefined : parseSchedule(workspace.autostartSchedule);
  workspace.nextStartAt = schedule && nextOccurrence(schedule, world.clock.now());
}

/** A build's job has succeeded: deadlines, resources, machines. */
export function completeBuild(world: World, machines: Machines, build: Build): void {
  const workspace = must(world.workspaces, build.workspaceId);
  const version = must(world.versions, build.versionId);
  const completedAt = build.job.completedAt ?? world.clock.now();
  build.updatedAt = completedAt;
  build.deadline = deadlineAfter(world, workspace, completedAt);
  const lifetimeMs = must(world.templates, workspace.templateId).maxLifetimeMs;
  if (lifetimeMs > 0 && build.transition === 'start') {
    build.maxDeadline = completedAt + lifetimeMs;
    build.deadline = Math.min(build.deadline ?? build.maxDeadline, build.maxDeadline);
  }
  build.resources = createResources(world, build, version.spec.resources(build.transition));
  if (build.transition === 'start' && world.age.forgetsOlderAgents) {
    const older = workspace.builds.filter((each) => each !== build);
    for (const resource of older.flatMap((each) => each.resources)) resource.agents = [];
  }
  if (build.transition === 'start') machines.boot(workspace, build, version.spec.connectIn);
  if (build.transition === 'delete') workspace.deleted = true;
  scheduleNextStart(world, workspace);
}

/** Between a stop that has succeeded and the start that follows it by itself, as recorded. */
const FOLLOWS_AFTER_MS = 61;

/** The provisioner and the machines, joined: jobs that end change workspaces, and their watchers hear of it. */
export function startWorkers(
  world: World,
  hub: Hub,
  pace: Pace,
  workerCount: number,
): { provisioner: Provisioner; machines: Machines } {
  const machines = createMachines(world, hub, pace);

  const provisioner = createProvisioner(world, hub, pace, workerCount, {
    acquired(job) {
      const build = world.builds.get(job.subjectId);
      if (build === undefined) return;
      for (const older of must(world.workspaces, build.workspaceId).builds) if (older !== build) machines.retire(older);
      hub.workspaces.publish(build.workspaceId, 'changed');
    },
    finished(job) {
      const build = world.builds.get(job.subjectId);
      if (build === undefined) return;
      if (jobStatus(job) === 'succeeded') completeBuild(world, machines, build);
      if (job.error === undefined || world.age.watchHearsFailures) hub.workspaces.publish(build.workspaceId, 'changed');
      const { onSuccess } = build;
      if (jobStatus(job) === 'succeeded' && onSuccess !== undefined)
        pace.after(FOLLOWS_AFTER_MS, () => startAfter(build, onSuccess));
    },
  });

  function startAfter({ workspaceId, initiatorId, presetId, state }: Build, { versionId, parameters }: FollowUp): void {
    const made = createBuild(world, must(world.workspaces, workspaceId), {
      transition: 'start',
      version: must(world.versions, versionId),
      initiatorId,
      reason: 'initiator',
      parameters,
      presetId,
      state,
    });
    provisioner.enqueue(made.job);
  }
  return { provisioner, machines };
}
