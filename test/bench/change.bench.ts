// From a change of status on the server to the row's event: of workspaces that are watched, and of others.
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { CoderClient } from '../../src/api/client.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import { FIND_MINE } from '../../src/model/finding.ts';
import { Session } from '../../src/model/session.ts';
import { Rows } from '../../src/views/rows.ts';
import { drawStates } from './drawStates.ts';
import { startFarDeployment } from './farDeployment.ts';
import { ms, report } from './measure.ts';
import { startReference } from './reference.ts';

/** What `isShown` waits for; asked after each row's event. */
type Waiter = () => void;

const percentile = (times: readonly number[], share: number): number =>
  [...times].sort((one, other) => one - other)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;

interface Scene {
  readonly workspaces: number;
  readonly changes: number;
  readonly watched: boolean;
  readonly areOthers?: boolean;
}

const measure = async ({ workspaces, changes, watched, areOthers = false }: Scene): Promise<void> => {
  const far = await startFarDeployment({ age: 'v2', workspaces, running: workspaces / 2, areOthers, distanceMs: 0 });
  const end = new AbortController();
  const client = new CoderClient({ url: far.url, token: far.token });
  const session = new Session({
    client,
    signal: end.signal,
    finding: { ...FIND_MINE, scope: areOthers ? 'all' : 'mine' },
  });
  session.attend({ isVisible: true, isFocused: true });
  const rows = new Rows();
  const statuses = new Map<string, string>();
  let onEvent: Waiter = () => undefined;
  drawStates(session, end.signal, (state, tree) => {
    rows.show(tree.nodes);
    if (state.kind === 'ready')
      for (const { name, latest_build } of state.workspaces.values()) statuses.set(name, latest_build.id);
    onEvent();
  });
  while (statuses.size < workspaces) await pause(20);
  await pause(1_000);

  const headers = { 'coder-session-token': far.token, 'content-type': 'application/json' };
  const known = session.state.value;
  if (known.kind !== 'ready') throw new Error(known.kind);
  // Stopped ones come last of those that are watched; with many they are not.
  const stopped = [...known.workspaces.values()].filter(({ latest_build }) => latest_build.status === 'stopped');
  const reference = startReference(far.url, far.token, areOthers ? '' : undefined);
  const times: number[] = [];
  const referenceTimes: number[] = [];
  const start = async (workspace: Workspace): Promise<void> => {
    const began = performance.now();
    const response = await fetch(`${far.url}/api/v2/workspaces/${workspace.id}/builds`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ transition: 'start' }),
    });
    const { id } = (await response.json()) as { id: string };
    const isShown = new Promise<void>((resolve) => {
      onEvent = () => {
        if (statuses.get(workspace.name) === id) resolve();
      };
      onEvent();
    });
    const isRead = new Promise<void>((resolve) => {
      reference.onRead = () => {
        if (reference.rows().get(workspace.id)?.latest_build.id === id) resolve();
      };
    });
    await Promise.all([
      isShown.then(() => times.push(performance.now() - began)),
      isRead.then(() => referenceTimes.push(performance.now() - began)),
    ]);
  };
  for (const workspace of stopped.slice(-changes)) {
    await start(workspace);
    await pause(Math.random() * 1_000);
  }
  console.log(
    [
      `${workspaces} workspaces`,
      areOthers ? ' of others' : '',
      watched ? ', all watched' : ', the changed ones not watched',
    ].join(''),
  );
  report('  p50', ms(percentile(times, 0.5)), watched ? '100 ms' : '5,000 ms');
  report('  p95', ms(percentile(times, 0.95)), watched ? '500 ms' : '5,000 ms');
  report('  longest', ms(Math.max(...times)), watched ? undefined : '5,000 ms');
  report(
    '  the reference client: p50, p95',
    `${ms(percentile(referenceTimes, 0.5))}, ${ms(percentile(referenceTimes, 0.95))}`,
  );
  reference.close();
  end.abort();
  far.close();
};

await measure({ workspaces: 20, changes: 10, watched: true });
await measure({ workspaces: 200, changes: 10, watched: false });
await measure({ workspaces: 200, changes: 10, watched: false, areOthers: true });
process.exit(0);
