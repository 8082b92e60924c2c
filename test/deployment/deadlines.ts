/** What happens without anybody asking: deadlines stop workspaces, schedules start them, another user acts. */
import { createBuild } from './builds.ts';
import type { Engine } from './engine.ts';
import type { Workspace } from './model.ts';
import type { Transition } from './template-spec.ts';
import { buildStatus, findWorkspace, latestBuild, must } from './store.ts';

const LOOK_EVERY_MS = 500;

function build(engine: Engine, workspace: Workspace, transition: Transition, reason: string): void {
  const { store } = engine;
  const last = latestBuild(workspace);
  const made = createBuild(store, workspace, {
    transition,
    version: must(store.versions, last.versionId),
    initiatorId: workspace.ownerId,
    reason,
    parameters: last.parameters,
    presetId: last.presetId,
    state: last.state,
  });
  engine.hub.workspaces.publish(workspace.id, 'changed');
  engine.provisioner.enqueue(made.job);
}

export function keepDeadlines(engine: Engine): () => void {
  const { store, clock } = engine;

  function look(): void {
    const now = clock.now();
    for (const workspace of store.workspaces.values()) {
      if (workspace.deleted) continue;
      const last = latestBuild(workspace);
      const status = buildStatus(last);
      if (status === 'running' && last.deadline !== undefined && last.deadline <= now)
        build(engine, workspace, 'stop', 'autostop');
      const due = workspace.nextStartAt !== undefined && workspace.nextStartAt <= now;
      if (status === 'stopped' && due && workspace.dormantAt === undefined)
        build(engine, workspace, 'start', 'autostart');
    }
  }

  clock.onAdvance(look);
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Dana stops her workspace `mine`, and starts it again. */
export function letDanaAct(engine: Engine, danaId: string, everyMs: number): void {
  engine.pace.every(everyMs, () => {
    const mine = findWorkspace(engine.store, danaId, 'mine');
    const status = mine && buildStatus(latestBuild(mine));
    if (mine !== undefined && status === 'running') build(engine, mine, 'stop', 'initiator');
    if (mine !== undefined && status === 'stopped') build(engine, mine, 'start', 'initiator');
  });
}
