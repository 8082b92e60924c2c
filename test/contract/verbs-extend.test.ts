import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as workspaces from '../../src/api/workspaces.ts';
import { isActive } from '../../src/model/status.ts';
import { latestBuild } from '../deployment/store.ts';
import { back, choose, chooseAfterTyping, escape, type as enter } from '../scriptedUi.ts';
import { ages, soon } from './client-fixture.ts';
import { asked, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

const HOUR_MS = 3_600_000;
const NOT_CONFIRMED = /^Coder was asked to stop notebook at .* but hasn't confirmed it yet\.$/;
const ONE_WORKSPACE = /\/workspaces\/[0-9a-f-]{36}(\?|$)/;
const EXTEND = /\/extend$/;

const deadlineOf = ({ deployment }: VerbFixture, name: string): number =>
  latestBuild(deployment.workspace(`owner/${name}`)).deadline ?? 0;

const knownDeadline = ({ known }: VerbFixture, name: string): number => known(name).latest_build.deadline ?? 0;

/** By minutes, because typed times have no seconds. */
const clockIn = (ms: number): string => new Date(Date.now() + ms).toISOString().slice(11, 16);

const rowsOf = ({ ui }: VerbFixture, index = -1): string[] => {
  const question = ui.questions.at(index);
  return question !== undefined && 'rows' in question ? question.rows.map((row) => row.label) : [];
};

for (const age of ages) {
  describe(`extend (${age})`, () => {
    test('the warning’s button moves the stop by an hour, asks nothing, and says what the server made of it', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const before = deadlineOf(verbs, 'notebook');
      await verbs.run('extend', verbs.id('notebook'), '1h');
      assert.equal(Math.round((deadlineOf(verbs, 'notebook') - before) / 1000), 3600);
      assert.match(verbs.ui.said.join('\n'), /^notebook now stops at .* \(1 h later\)\.$/);
      assert.deepEqual(verbs.ui.questions, []);
    });

    test('a chosen amount counts from the stop that was shown', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const before = deadlineOf(verbs, 'notebook');
      verbs.ui.answers(choose('+2 h'));
      await verbs.run('extend', verbs.id('notebook'));
      const later = ['+30 min', '+1 h', '+2 h', '+4 h', 'Until…', "Don't stop"];
      assert.deepEqual(rowsOf(verbs), later);
      assert.equal(Math.round((deadlineOf(verbs, 'notebook') - before) / HOUR_MS), 2);
    });

    test('gitpod#16157: each amount, a time, as soon as allowed: what is offered is taken', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      for (const label of ['+4 h', '−30 min', '+30 min', '−1 h', 'As soon as allowed', '+2 h']) {
        verbs.ui.answers(choose(label));
        await verbs.run('extend', verbs.id('notebook'));
        assert.match(verbs.ui.said.at(-1) ?? '', /^notebook now stops at .* (later|earlier)\)\.$/, label);
      }
      assert.equal(verbs.writes().length, 6);
    });

    test('the usual extension asks the first time, and then repeats it without asking, for the stop that is shown', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.shownId = verbs.id('notebook');
      const before = deadlineOf(verbs, 'notebook');
      verbs.ui.answers(choose('+2 h'));
      await verbs.run('extendUsual');
      await verbs.run('extendUsual');
      assert.equal(Math.round((deadlineOf(verbs, 'notebook') - before) / HOUR_MS), 4);
      assert.equal(verbs.ui.questions.length, 1);
      assert.equal(verbs.usualExtension, 2 * HOUR_MS);
    });

    test('a usual extension until a time of day reads it anew', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.usualExtension = { until: clockIn(3 * HOUR_MS) };
      await verbs.run('extendUsual', verbs.id('notebook'));
      assert.ok(Math.abs(deadlineOf(verbs, 'notebook') - Date.now() - 3 * HOUR_MS) < 70_000, 'three hours from now');
      assert.deepEqual(verbs.ui.questions, []);
    });

    test('a usual extension that cannot be remembered is made all the same', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const before = deadlineOf(verbs, 'notebook');
      Object.assign(verbs.context.remembered, { rememberExtension: () => Promise.reject(new Error('disk full')) });
      verbs.ui.answers(choose('+1 h'));
      await verbs.run('extend', verbs.id('notebook'));
      assert.equal(Math.round((deadlineOf(verbs, 'notebook') - before) / 1000), HOUR_MS / 1000);
      assert.match(verbs.ui.said.join(), /^notebook now stops at /);
      assert.deepEqual(verbs.errors.map(String), ['Error: disk full']);
    });

    test('to stop earlier is not remembered as the usual extension', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const before = knownDeadline(verbs, 'web');
      verbs.ui.answers(choose('−30 min'));
      await verbs.run('extend', verbs.id('web'));
      assert.equal(deadlineOf(verbs, 'web'), before - HOUR_MS / 2);
      assert.equal(verbs.usualExtension, undefined);
    });

    test('coder#2942: what is refused all the same is said in one sentence with the known limit, without address or status', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(choose('+2 h'));
      await verbs.run('extend', verbs.id('notebook'));
      verbs.ui.answers((question) => {
        const row = choose('As soon as allowed')(question);
        // Nothing was asked since, so that the client cannot know.
        verbs.deployment.advance(10 * 60_000);
        return row;
      });
      await verbs.run('extend', verbs.id('notebook'));
      assert.equal(verbs.ui.said.length, 2);
      assert.match(verbs.ui.said[1] ?? '', /^The stop time must be at least 30 minutes from now: [^/]* or later\.$/);
    });

    test('a time that is typed is the stop; what cannot be is refused in the box', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(choose('Until…'), (question) => {
        assert.ok(question.kind === 'enter');
        assert.notEqual(question.validate?.(clockIn(10 * 60_000)), undefined);
        return enter(clockIn(3 * HOUR_MS))(question);
      });
      await verbs.run('extend', verbs.id('notebook'));
      assert.ok(Math.abs(deadlineOf(verbs, 'notebook') - Date.now() - 3 * HOUR_MS) < 70_000);
    });

    test('a time that is typed among the amounts is in the box for it', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(chooseAfterTyping(clockIn(3 * HOUR_MS), 'Until…'), enter());
      await verbs.run('extend', verbs.id('notebook'));
      assert.ok(Math.abs(deadlineOf(verbs, 'notebook') - Date.now() - 3 * HOUR_MS) < 120_000, 'it is the stop');
    });

    test('a time that is typed is there again where a gateway answers instead, with the reason, and can be sent again', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('502', { path: /\/extend/, method: 'PUT', times: 1 });
      const typed = clockIn(3 * HOUR_MS);
      verbs.ui.answers(choose('Until…'), enter(typed), (question) => {
        assert.ok(question.kind === 'enter', question.title);
        assert.equal(question.value, typed);
        assert.match(question.problem ?? '', /is currently unavailable/);
        return enter()(question);
      });
      await verbs.run('extend', verbs.id('notebook'));
      assert.equal(verbs.ui.unused, 0);
      assert.ok(Math.abs(deadlineOf(verbs, 'notebook') - Date.now() - 3 * HOUR_MS) < 120_000, 'it is the stop');
      assert.match(verbs.ui.said.join('\n'), /^notebook now stops at .* later\)\.$/);
    });

    test('Back in the box leads to the amounts, and Escape in either sends nothing', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(choose('Until…'), back, escape);
      await verbs.run('extend', verbs.id('notebook'));
      verbs.ui.answers(choose('Until…'), escape);
      await verbs.run('extend', verbs.id('notebook'));
      assert.equal(verbs.ui.unused, 0);
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('the stop moved while the amounts stood there: they are shown anew', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const workspace = verbs.deployment.workspace('owner/notebook');
      verbs.ui.answers(async (question) => {
        const build = latestBuild(workspace);
        build.deadline = (build.deadline ?? 0) + HOUR_MS;
        build.updatedAt += 1;
        const before = knownDeadline(verbs, 'notebook');
        verbs.deployment.changed(workspace);
        await until('the moved stop is known', () => knownDeadline(verbs, 'notebook') !== before);
        return choose('+1 h')(question);
      }, escape);
      await verbs.run('extend', verbs.id('notebook'));
      assert.equal(verbs.ui.questions.length, 2);
      assert.deepEqual(verbs.writes(), []);
    });

    test('a read that fails after the stop was moved is no failure: it is not confirmed yet, and known later', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const before = deadlineOf(verbs, 'notebook');
      await verbs.deployment.misbehave('503', { path: ONE_WORKSPACE, method: 'GET' });
      verbs.deployment.cutStreams();
      await verbs.run('extend', verbs.id('notebook'), '1h');
      assert.ok(deadlineOf(verbs, 'notebook') > before);
      assert.match(verbs.ui.said.join('\n'), NOT_CONFIRMED);
      await until('the session has found out', () => knownDeadline(verbs, 'notebook') > before);
    });

    test('a frame that is older than the write, and comes while its effect is read, does not make it one without effect', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const before = verbs.known('web');
      await verbs.deployment.misbehave('slow', { path: ONE_WORKSPACE, method: 'GET', delayMs: 500, times: 1 });
      const read = (): number => asked(verbs.deployment, ONE_WORKSPACE);
      const reads = read();
      const done = verbs.run('extend', verbs.id('web'), '1h');
      await until('its effect is read', () => read() > reads);
      const deadline = () => verbs.known('web').latest_build.deadline;
      await until('the stream tells of it', () => deadline() !== before.latest_build.deadline);
      verbs.session.adopt(before);
      await done;
      assert.match(verbs.ui.said.join(), /^web now stops /);
      assert.notEqual(deadline(), before.latest_build.deadline);
    });

    test('an answer that is lost is read back, and the stop is told as it is', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('lost-answer', { path: EXTEND });
      await verbs.run('extend', verbs.id('notebook'), '1h');
      assert.match(verbs.ui.said.join('\n'), /^notebook now stops at .* \(1 h later\)\.$/);
      assert.deepEqual(verbs.writes(), ['PUT /api/v2/workspaces/…/extend']);
    });

    test('an answer that is lost with all reads after it is not confirmed yet', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('lost-answer', { path: EXTEND });
      await verbs.deployment.misbehave('503', { path: ONE_WORKSPACE, method: 'GET' });
      await verbs.run('extend', verbs.id('notebook'), '1h');
      assert.match(verbs.ui.said.join('\n'), NOT_CONFIRMED);
      assert.deepEqual(verbs.writes(), ['PUT /api/v2/workspaces/…/extend']);
    });

    test('a workspace that was stopped meanwhile is said to be so', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      // The session does not hear of it before it asks.
      await verbs.deployment.misbehave('silent-stream');
      verbs.deployment.cutStreams();
      const build = latestBuild(verbs.deployment.workspace('owner/notebook'));
      build.transition = 'stop';
      build.number += 1;
      await verbs.run('extend', verbs.id('notebook'), '1h');
      assert.match(verbs.ui.said.join('\n'), /^notebook isn't running, so it has no scheduled stop\.$/);
      assert.equal(verbs.ui.toasts[0]?.kind, 'information');
    });

    test('the 409s: still building, and a stop that is by hand meanwhile, are told clearly; nothing is sent where the status tells beforehand', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('silent-stream');
      verbs.deployment.cutStreams();
      const build = latestBuild(verbs.deployment.workspace('owner/notebook'));
      build.deadline = undefined;
      await verbs.run('extend', verbs.id('notebook'), '1h');
      assert.deepEqual(verbs.ui.said, ['notebook has no scheduled stop.']);
      assert.equal(verbs.writes().length, 1);
      const state = verbs.session.state.value;
      const active = state.kind === 'ready' ? [...state.workspaces.values()].filter(isActive) : [];
      const building = (transition: string) => {
        const found = active.find(({ latest_build }) => latest_build.transition === transition);
        assert.ok(found !== undefined, transition);
        return found;
      };
      const starting = building('start');
      await verbs.run('extend', starting.id, '1h');
      assert.equal(verbs.ui.said[1], `${starting.name} isn't running, so it has no scheduled stop.`);
      const deleting = building('delete');
      await verbs.run('extend', deleting.id, '1h');
      assert.equal(verbs.ui.said[2], `${deleting.name} is being deleted.`);
      assert.equal(verbs.writes().length, 1);
    });

    test('a start of somebody else’s that has ended by the time the refusal is looked into is what is told', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { deployment, session } = verbs;
      const { transport } = session.calls;
      const open = transport.open.bind(transport);
      transport.open = async (request, signal) => {
        if (request.method !== 'PUT') return open(request, signal);
        deployment.hold('builds');
        const id = verbs.id('notebook');
        await workspaces.createBuild(verbs.other.calls, id, { transition: 'start' }, soon());
        const refused = await open(request, signal);
        assert.equal(refused.status, 409);
        deployment.release();
        const { job } = latestBuild(deployment.workspace('owner/notebook'));
        await until('it runs again', () => job.completedAt !== undefined);
        return refused;
      };
      await verbs.run('extend', verbs.id('notebook'), '1h');
      assert.match(verbs.ui.said.join(), /^Another build of notebook started first\. notebook started in /);
    });

    test('a workspace that was deleted meanwhile is said to be so', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('silent-stream');
      verbs.deployment.cutStreams();
      const workspace = verbs.deployment.workspace('owner/notebook');
      const build = latestBuild(workspace);
      build.transition = 'delete';
      build.number += 1;
      workspace.deleted = true;
      await verbs.run('extend', verbs.id('notebook'), '1h');
      assert.match(verbs.ui.said.join('\n'), /^notebook is deleted/);
    });
  });
}

describe('extend where the stop is limited', () => {
  test('coder PR#15445: a required stop says why nothing later, and can be made earlier', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    await verbs.run('extend', verbs.id('must-stop'), '1h');
    assert.match(verbs.ui.said.join('\n'), /^must-stop is required to stop at .* This stop can't be postponed\.$/);
    assert.deepEqual(verbs.writes(), []);
    const before = deadlineOf(verbs, 'must-stop');
    verbs.ui.answers(choose('As soon as allowed'));
    await verbs.run('extend', verbs.id('must-stop'));
    const rows = rowsOf(verbs);
    assert.deepEqual(rows.slice(0, 2), ['Until…', 'As soon as allowed']);
    assert.match(rows[2] ?? '', /required to stop at/);
    assert.ok(deadlineOf(verbs, 'must-stop') < before, 'it stops earlier');
  });

  test('coder#2633: a usual extension that a limit forbids is not sent; the choices say why', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    verbs.usualExtension = HOUR_MS;
    verbs.ui.answers(escape);
    await verbs.run('extendUsual', verbs.id('must-stop'));
    assert.match(
      verbs.ui.questions[0] && 'problem' in verbs.ui.questions[0] ? (verbs.ui.questions[0].problem ?? '') : '',
      /required to stop/,
    );
    assert.deepEqual(verbs.writes(), []);
  });

  test('not to stop turns autostop off in V2: the deadline is gone', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    verbs.ui.answers(choose("Don't stop"));
    await verbs.run('extend', verbs.id('notebook'));
    assert.deepEqual(verbs.ui.said, ['Autostop is off for notebook. It runs until you stop it.']);
    assert.deepEqual(verbs.writes(), ['PUT /api/v2/workspaces/…/ttl']);
    assert.equal(verbs.known('notebook').latest_build.deadline, undefined);
  });

  test('not to stop where there is a limit says until when', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    const workspace = verbs.deployment.workspace('owner/notebook');
    latestBuild(workspace).maxDeadline = (latestBuild(workspace).deadline ?? 0) + HOUR_MS;
    verbs.ui.answers(choose("Don't stop"));
    await verbs.run('extend', verbs.id('notebook'));
    assert.match(verbs.ui.said.join(), /^Autostop is off for notebook\. It's still required to stop at /);
  });

  test('where users may not turn autostop off it is not offered', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    // A read of the template that is under way would be joined, and its answer is of before.
    await verbs.deployment.whenQuiet();
    for (const template of verbs.deployment.store.templates.values()) template.allowUserAutostop = false;
    verbs.ui.answers(escape);
    await verbs.run('extend', verbs.id('notebook'));
    assert.ok(!rowsOf(verbs).includes("Don't stop"), rowsOf(verbs).join());
  });

  test('what decides a limit is explained: the template’s days, quiet hours where the edition has them, the next autostart', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    const { store } = verbs.deployment;
    const workspace = verbs.deployment.workspace('owner/notebook');
    const build = latestBuild(workspace);
    build.maxDeadline = (build.deadline ?? 0) + 5 * HOUR_MS;
    workspace.ttlMs = HOUR_MS / 4;
    workspace.nextStartAt = (build.deadline ?? 0) - workspace.ttlMs;
    workspace.autostartSchedule = '0 9 * * *';
    for (const template of store.templates.values()) {
      template.autostopDays = ['saturday', 'sunday'];
      template.autostopWeeks = 2;
    }
    verbs.deployment.changed(workspace);
    await verbs.session.refresh();
    await verbs.deployment.whenQuiet();
    const notes = async () => {
      verbs.ui.answers(escape);
      await verbs.run('extend', verbs.id('notebook'));
      return rowsOf(verbs).filter((label) => label.endsWith('.'));
    };
    const [days, autostart, ...others] = await notes();
    assert.equal(days, 'The template requires a stop every 2 weeks: Sat, Sun.');
    assert.match(autostart ?? '', /^The time before autostop counts from the next autostart: /);
    assert.deepEqual(others, []);
    workspace.ttlMs = 2 * HOUR_MS;
    workspace.nextStartAt = Date.now() - HOUR_MS;
    build.deadline = workspace.nextStartAt + workspace.ttlMs;
    verbs.deployment.changed(workspace);
    await verbs.session.refresh();
    await verbs.deployment.whenQuiet();
    assert.deepEqual(await notes(), [days], 'a start that is over is none that will come');
    store.quietHours = { time: '00:30', timezone: 'Europe/Paris' };
    assert.ok(
      (await notes()).includes('Required stops happen in quiet hours, from 00:30 (Europe/Paris).'),
      'quiet hours',
    );
  });

  test('autostop that may not be turned off any more, or whose answer is lost, is told in one sentence', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    verbs.ui.answers((question) => {
      const row = choose("Don't stop")(question);
      for (const template of verbs.deployment.store.templates.values()) template.allowUserAutostop = false;
      return row;
    });
    await verbs.run('extend', verbs.id('notebook'));
    assert.deepEqual(verbs.ui.said, ['The template of notebook no longer allows its users to turn off autostop.']);
    for (const template of verbs.deployment.store.templates.values()) template.allowUserAutostop = true;
    await verbs.deployment.misbehave('lost-answer', { path: /\/ttl$/ });
    verbs.ui.answers(choose("Don't stop"));
    await verbs.run('extend', verbs.id('notebook'));
    assert.equal(verbs.ui.said[1], 'Autostop is off for notebook. It runs until you stop it.');
  });

  test('not to stop is a far extension in V0, which keeps the deadline of what runs', async () => {
    const verbs = await verbsOn({ age: 'v0' }, ALL_STREAMS);
    verbs.ui.answers(choose("Don't stop"));
    await verbs.run('extend', verbs.id('notebook'));
    assert.deepEqual(verbs.writes(), ['PUT /api/v2/workspaces/…/extend']);
    assert.ok(Math.abs(deadlineOf(verbs, 'notebook') - Date.now() - 30 * 24 * HOUR_MS) < 60_000, 'in 30 days');
  });

  test('coder#11990: a limit that came meanwhile is named instead of the server’s refusal', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    await verbs.deployment.misbehave('silent-stream');
    verbs.deployment.cutStreams();
    const build = latestBuild(verbs.deployment.workspace('owner/notebook'));
    build.maxDeadline = (build.deadline ?? 0) + HOUR_MS / 2;
    build.updatedAt += 1;
    await verbs.run('extend', verbs.id('notebook'), '1h');
    assert.deepEqual(verbs.writes(), ['PUT /api/v2/workspaces/…/extend']);
    assert.equal(verbs.ui.said.length, 1);
    assert.match(verbs.ui.said[0] ?? '', /must stop by|at the latest|limit/i);
  });
});

describe('extend several rows', () => {
  test('the usual extension moves each from where it stops, skips what has no stop, and ends with one message', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    verbs.usualExtension = HOUR_MS;
    const row = (name: string) => ({ refs: { workspaceId: verbs.id(name) } });
    const before = [deadlineOf(verbs, 'notebook'), deadlineOf(verbs, 'web')];
    const rows = [row('notebook'), row('web'), row('by-hand')];
    await verbs.run('extendUsual', rows[0], rows);
    const moved = [deadlineOf(verbs, 'notebook'), deadlineOf(verbs, 'web')].map(
      (at, index) => at - (before[index] ?? 0),
    );
    assert.deepEqual(
      moved.map((ms) => Math.round(ms / 1000)),
      [3600, 3600],
    );
    assert.deepEqual(verbs.ui.questions, []);
    assert.deepEqual(verbs.ui.said, ['Extended 2 workspaces. Skipped: by-hand has no scheduled stop.']);
  });
});

describe('pin', () => {
  test('a workspace is pinned from its row or the palette, another one replaces it, and unpinning needs no choice', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    await verbs.run('pin', verbs.id('notebook'));
    assert.equal(verbs.pinned, verbs.id('notebook'));
    verbs.ui.answers(choose('must-stop'));
    await verbs.run('pin');
    assert.equal(verbs.pinned, verbs.id('must-stop'));
    const pinned = ' is pinned. The status bar shows its stop when one is scheduled.';
    assert.deepEqual(verbs.ui.briefly, [`notebook${pinned}`, `must-stop${pinned}`]);
    await verbs.run('unpin');
    assert.equal(verbs.pinned, undefined);
    await verbs.run('unpin');
    assert.deepEqual(verbs.ui.said, ['No workspace is pinned to the status bar.']);
  });
});
