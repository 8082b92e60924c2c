// Public reports about build logs (cases.md, Build logs), each as it would happen here.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import { Build } from '../../src/api/schemas/workspaces.ts';
import type { BuildId } from '../../src/api/units.ts';
import { outcomeOf } from '../../src/model/outcome.ts';
import { choose, press } from '../scriptedUi.ts';
import { ages, collect, quickPace, soon } from './client-fixture.ts';
import { exchange, socketMoments } from '../recorded.ts';
import { replying, startReplay } from './replay.ts';
import { until } from './session-fixture.ts';
import { verbsOn } from './verb-fixture.ts';

describe('coder/coder#15937, #16048: a stream that simply ends is no error', async () => {
  const replay = await startReplay();
  for (const age of ['v0', 'v2'] as const) {
    for (const lines of [0, 1]) {
      test(`closed with 1000 after ${lines} messages, in the words of ${age}`, async () => {
        const [line] = socketMoments(age, 'logs-follow-complete').filter(({ event }) => event === 'text');
        assert.ok(line?.data, 'nothing is recorded');
        const texts = lines === 0 ? [] : [line];
        replay.speak([...texts, { t: 0, event: 'close', code: 1000, reason: age === 'v2' ? 'done' : '' }]);
        replay.answer((request, response) => {
          if (!(request.url ?? '').includes('/logs')) {
            replying(exchange(age, 'build'))(request, response);
            return;
          }
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(`[${texts.map(({ data }) => data).join(',')}]`);
        });
        const { calls } = new CoderClient({ url: replay.url, token: 'key-secret' });
        const events = await collect(
          followBuildLog(calls, 'b' as BuildId, { signal: soon(), pace: quickPace }),
          () => false,
        );
        assert.deepEqual(
          events.map(({ kind }) => kind),
          lines === 0 ? ['ended'] : ['entries', 'ended'],
        );
      });
    }
  }
});

describe('coder/coder#2118: when the log ends the build is read again, and its real status and duration are the last line', async () => {
  const replay = await startReplay();
  for (const age of ['v0', 'v2'] as const) {
    test(`as ${age} tells of a build that was running when its log was opened`, async () => {
      replay.speak(socketMoments(age, 'logs-follow-live'));
      replay.answer((request, response) => {
        if (!(request.url ?? '').includes('/logs')) {
          replying(exchange(age, 'build'))(request, response);
          return;
        }
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('[]');
      });
      const { calls } = new CoderClient({ url: replay.url, token: 'key-secret' });
      const running = Build.parse(exchange(age, 'build-running').response.body);
      const events = await collect(
        followBuildLog(calls, running.id, { signal: soon(), build: running, pace: quickPace }),
        () => false,
      );
      const last = events.at(-1);
      assert.ok(last?.kind === 'ended', 'it does not end');
      assert.match(outcomeOf(last.build), /^started in [\d.]+ s$/);
    });
  }
});

for (const age of ages) {
  describe(`public reports about build logs, age ${age}`, () => {
    test('coder/vscode-coder#897, #920, #140: what a build says is written from its start, and opens nothing by itself, also when the connection is lost', async () => {
      const verbs = await verbsOn({ age });
      const cutting = setInterval(() => verbs.deployment.cutStreams(), 60);
      await verbs.run('start', verbs.id('archive'));
      clearInterval(cutting);
      const written = () => [...verbs.log.values()].flat();
      await until('its last stage', () => written().at(-1)?.stage === 'Cleaning Up');
      const ids = written().map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.deepEqual(verbs.shownLogs, []);
      assert.deepEqual(
        verbs.ui.toasts.map(({ kind }) => kind),
        ['information'],
      );
    });

    test('coder/coder#2503: a build is canceled from its log, after a question', async () => {
      const verbs = await verbsOn({ age });
      const workspaceId = verbs.id('warming-up');
      verbs.context.buildLogs.onScreen = () => ({ workspaceId, name: 'warming-up', stage: 'Setting up' });
      verbs.ui.answers(press('Cancel Build'));
      await verbs.run('cancelShown');
      assert.match(verbs.ui.questions[0]?.title ?? '', /^Cancel the start of warming-up\?$/);
      assert.ok(verbs.deployment.workspace('owner/warming-up').builds.at(-1)?.job.canceledAt !== undefined);
    });

    test('coder/coder#9239, #19008, gitpod-io/gitpod#1568: the log of an old build is two choices away', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('archive'), choose('#1 start'), choose('Show Log'));
      await verbs.run('showHistory');
      assert.match(verbs.ui.texts[0]?.text ?? '', /^──── start #1 /);
    });
  });
}
