// One idle hour: what passes between the extension and a deployment where nothing happens. The hour passes by a clock
// that is advanced by hand, over real sockets; event streams send as much as they do in the real seconds that it takes.
import { setTimeout as pause } from 'node:timers/promises';
import { CoderClient } from '../../src/api/client.ts';
import { Session } from '../../src/model/session.ts';
import { startDeployment } from '../deployment/index.ts';
import { ManualTiming } from '../manualTiming.ts';
import { megabytes, report } from './measure.ts';
import { startRelay } from './relay.ts';

const HOUR_S = 3600;
const REFERENCE_READS = HOUR_S / 5;

interface Scene {
  readonly what: string;
  readonly workspaces: number;
  readonly running: number;
  readonly isSeen: boolean;
  readonly allowedMb: string;
}

const idle = async ({ what, workspaces, running, isSeen, allowedMb }: Scene): Promise<void> => {
  const deployment = await startDeployment({
    age: 'v2',
    workspaces,
    running,
    template: 'slow',
    ratePerMinute: Infinity,
  });
  const relay = await startRelay(Number(new URL(deployment.url).port), 0);
  const timing = new ManualTiming();
  const end = new AbortController();
  const client = new CoderClient({ url: `http://127.0.0.1:${relay.port}`, token: deployment.token });
  const session = new Session({ client, signal: end.signal, timing });
  session.attend({ isVisible: true, isFocused: true, isTold: true });
  while (session.state.value.kind !== 'ready' || session.state.value.workspaces.size < workspaces) await pause(10);
  await deployment.whenQuiet();
  const listBytes = relay.traffic().httpBytes;
  if (!isSeen) {
    session.attend({ isVisible: false });
    await timing.advance(10_000);
    await deployment.whenQuiet();
  }
  relay.reset();
  for (let second = 0; second < HOUR_S; second += 1) {
    await timing.advance(1_000);
    if (second % 2 === 0) await deployment.whenQuiet();
  }
  const { httpBytes, requests, mostStreams, mostOthers } = relay.traffic();
  console.log(what);
  report('  a row of the list', `${Math.round(listBytes / workspaces)} bytes`);
  report('  HTTP beside the streams', megabytes(httpBytes), allowedMb);
  report('  requests', String(requests));
  report('  streams, other sockets at once', `${mostStreams}, ${mostOthers}`, '30, 6');
  report('  the reference client (its first read, 720 times)', megabytes(listBytes * REFERENCE_READS));
  end.abort();
  relay.close();
  await deployment.close();
};

await idle({
  what: '20 own workspaces, half of them running, visible',
  workspaces: 20,
  running: 10,
  isSeen: true,
  allowedMb: '2.5 MB',
});
await idle({
  what: '200 own workspaces, half of them running, visible',
  workspaces: 200,
  running: 100,
  isSeen: true,
  allowedMb: '45 MB',
});
await idle({
  what: '200 own workspaces, 10 of them running, hidden',
  workspaces: 200,
  running: 10,
  isSeen: false,
  allowedMb: '5 MB',
});
process.exit(0);
