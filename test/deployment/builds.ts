/** Builds: how one comes to be, and what its end does to the workspace. */
import { createMachines, createResources, type Machines } from './agents.ts';
import type { Pace, Stamp } from './clock.ts';
import type { Hub } from './events.ts';
import { newId } from './ids.ts';
import type { Build, FollowUp, Job, TemplateVersion, Workspace } from './model.ts';
import type { ParameterValue, Transition } from './template-spec.ts';
import { createProvisioner, type Provisioner } from './provisioner.ts';
import { nextOccurrence, parseSchedule } from './schedule.ts';
import { jobStatus, must, organizationOf, type Store } from './store.ts';

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
  store: Store,
  job: Pick<Job, 'kind' | 'subjectId' | 'fileId' | 'initiatorId' | 'script'>,
): Job {
  return {
    ...job,
    id: newId(),
    createdAt: store.clock.now(),
    startedAt: undefined,
    completedAt: undefined,
    canceledAt: undefined,
    error: undefined,
    workerId: undefined,
    organizationId: organizationOf(store).id,
    logs: [],
    held: false,
    silent: false,
  };
}

/** Adds a build to the workspace; the caller decides who plays its job. */
export function createBuild(store: Store, workspace: Workspace, wanted: NewBuild): Build {
  const id = newId();
  const job = createJob(store, {
    kind: 'workspace_build',
    subjectId: id,
    fileId: wanted.version.job.fileId,
    initiatorId: wanted.initiatorId,
    script: wanted.version.spec.script(wanted.transition),
  });
  const terraform = store.age.name === 'v0' ? '1.3.4' : '1.13.0';
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
  store.builds.set(id, build);
  if (wanted.transition === 'start') workspace.dormantAt = undefined;
  return build;
}

/** Contract 4.5. */
export function deadlineAfter(store: Store, workspace: Workspace, at: Stamp): Stamp | undefined {
  if (workspace.ttlMs === undefined || workspace.ttlMs === 0) return undefined;
  const plain = at + workspace.ttlMs;
  if (store.age.name === 'v0' || workspace.autostartSchedule === undefined) return plain;
  const schedule = parseSchedule(workspace.autostartSchedule);
  const autostart = schedule && nextOccurrence(schedule, at);
  return autostart !== undefined && autostart < plain ? autostart + workspace.ttlMs : plain;
}

export function scheduleNextStart(store: Store, workspace: Workspace): void {
  const schedule = workspace.autostartSchedule === undefined ? undefined : parseSchedule(workspace.autostartSchedule);
  workspace.nextStartAt = schedule && nextOccurrence(schedule, store.clock.now());
}

/** A build's job has succeeded: deadlines, resources, machines. */
export function completeBuild(store: Store, machines: Machines, build: Build): void {
  const workspace = must(store.workspaces, build.workspaceId);
  const version = must(store.versions, build.versionId);
  const completedAt = build.job.completedAt ?? store.clock.now();
  build.updatedAt = completedAt;
  build.deadline = deadlineAfter(store, workspace, completedAt);
  const lifetimeMs = must(store.templates, workspace.templateId).maxLifetimeMs;
  if (lifetimeMs > 0 && build.transition === 'start') {
    build.maxDeadline = completedAt + lifetimeMs;
    build.deadline = Math.min(build.deadline ?? build.maxDeadline, build.maxDeadline);
  }
  build.resources = createResources(store, build, version.spec.resources(build.transition));
  if (build.transition === 'start' && store.age.forgetsOlderAgents) {
    const older = workspace.builds.filter((each) => each !== build);
    for (const resource of older.flatMap((each) => each.resources)) resource.agents = [];
  }
  if (build.transition === 'start') machines.boot(workspace, build, version.spec.connectIn);
  if (build.transition === 'delete') workspace.deleted = true;
  scheduleNextStart(store, workspace);
}

/** Between a stop that has succeeded and the start that follows it by itself, as recorded. */
const FOLLOWS_AFTER_MS = 61;

/** The provisioner and the machines, joined: jobs that end change workspaces, and their watchers hear of it. */
export function startWorkers(
  store: Store,
  hub: Hub,
  pace: Pace,
  workerCount: number,
): { provisioner: Provisioner; machines: Machines } {
  const machines = createMachines(store, hub, pace);

  const provisioner = createProvisioner(store, hub, pace, workerCount, {
    acquired(job) {
      const build = store.builds.get(job.subjectId);
      if (build === undefined) return;
      for (const older of must(store.workspaces, build.workspaceId).builds) if (older !== build) machines.retire(older);
      hub.workspaces.publish(build.workspaceId, 'changed');
    },
    finished(job) {
      const build = store.builds.get(job.subjectId);
      if (build === undefined) return;
      if (jobStatus(job) === 'succeeded') completeBuild(store, machines, build);
      if (job.error === undefined || store.age.watchHearsFailures) hub.workspaces.publish(build.workspaceId, 'changed');
      const { onSuccess } = build;
      if (jobStatus(job) === 'succeeded' && onSuccess !== undefined)
        pace.after(FOLLOWS_AFTER_MS, () => startAfter(build, onSuccess));
    },
  });

  function startAfter({ workspaceId, initiatorId, presetId, state }: Build, { versionId, parameters }: FollowUp): void {
    const made = createBuild(store, must(store.workspaces, workspaceId), {
      transition: 'start',
      version: must(store.versions, versionId),
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
