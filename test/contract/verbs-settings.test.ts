import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Template } from '../deployment/model.ts';
import { latestBuild, must } from '../deployment/store.ts';
import {
  back,
  choose,
  chooseAfterTyping,
  escape,
  press,
  type as enter,
  type Answer,
  type Question,
} from '../scriptedUi.ts';
import { ages, createWorkspace } from './client-fixture.ts';
import { until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

const HOUR_MS = 3_600_000;
const ONE_WORKSPACE = /\/workspaces\/[0-9a-f-]{36}(\?|$)/;

const stored = ({ deployment }: VerbFixture, name: string) => deployment.workspace(`owner/${name}`);

const templateOf = (verbs: VerbFixture, name: string): Template =>
  must(verbs.deployment.store.templates, stored(verbs, name).templateId);

/** What a box says of a text: its problem, or what it means. */
const saysOf =
  (text: string, expected: RegExp): Answer =>
  (question) => {
    assert.ok(question.kind === 'enter', question.title);
    assert.match(question.validate?.(text) ?? question.hint?.(text) ?? '', expected);
    return escape(question);
  };

const last = ({ ui }: VerbFixture): Question => {
  const question = ui.questions.at(-1);
  assert.ok(question, 'nothing was asked');
  return question;
};

const labels = (question: Question): string[] => ('rows' in question ? question.rows.map((row) => row.label) : []);

for (const age of ages) {
  describe(`rename (${age})`, () => {
    test('a workspace is renamed, with a warning, and is known by its new name', async () => {
      const verbs = await verbsOn({ age, allowRenames: true });
      const id = verbs.id('archive');
      verbs.ui.answers((question) => {
        assert.match(question.kind === 'enter' ? (question.prompt ?? '') : '', /can lose data/);
        return enter('attic')(question);
      });
      await verbs.run('rename', id);
      assert.deepEqual(verbs.ui.said, ['archive is now named attic.']);
      assert.equal(verbs.known('attic').id, id);
      assert.deepEqual(verbs.writes(), ['PATCH /api/v2/workspaces/…']);
    });

    test('the name is checked as it is typed: its pattern, the others’ names, its own', async () => {
      const verbs = await verbsOn({ age, allowRenames: true });
      for (const [typed, problem] of [
        ['archive', /^Enter another name\.$/],
        ['Web', /already have a workspace named “web”/],
        ['a b', /Use only letters/],
        ['x'.repeat(33), /at most 32/],
        ['', /Enter a name/],
      ] as const) {
        verbs.ui.answers(saysOf(typed, problem));
        await verbs.run('rename', verbs.id('archive'));
      }
      assert.deepEqual(verbs.writes(), []);
    });

    test('a name that was taken meanwhile is asked for again, with the server’s word', async () => {
      const verbs = await verbsOn({ age, allowRenames: true });
      await createWorkspace(verbs.other, 'slow', 'fresh');
      verbs.ui.answers(enter('fresh'), (question) => {
        assert.match(question.kind === 'enter' ? `${question.value}: ${question.problem}` : '', /^fresh: .*fresh/);
        return enter('fresher')(question);
      });
      await verbs.run('rename', verbs.id('archive'));
      assert.equal(stored(verbs, 'fresher').name, 'fresher');
    });
  });

  describe(`autostart (${age})`, () => {
    test('days and time in words, with the next start as they are typed, become the schedule', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers((question) => {
        assert.ok(question.kind === 'enter', question.title);
        assert.match(
          question.hint?.('Mon, Wed 7:15 Europe/Paris') ?? '',
          /^Mon, Wed 07:15 \(Europe\/Paris\)\. Next start: .+, in .+\.$/,
        );
        assert.match(question.hint?.(question.value ?? '') ?? '', /09:00 \(UTC\)/);
        assert.match(question.validate?.('sometimes') ?? '', /^Enter days and a time/);
        return enter('Mon, Wed 7:15 Europe/Paris')(question);
      });
      await verbs.run('setAutostart', verbs.id('notebook'));
      assert.equal(stored(verbs, 'notebook').autostartSchedule, 'CRON_TZ=Europe/Paris 15 7 * * 1,3');
      assert.match(verbs.ui.said.join(), /^Autostart for notebook: Mon, Wed 07:15 \(Europe\/Paris\)\. Next start: /);
      assert.equal(verbs.known('notebook').autostart_schedule, 'CRON_TZ=Europe/Paris 15 7 * * 1,3');
    });

    test('one that is set is changed from what it says, or turned off; Back leads back', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('Change days and time…'), back, choose('Change days and time…'), (question) => {
        assert.match(question.kind === 'enter' ? (question.value ?? '') : '', /^Mon\s–\sFri 09:30 \(Europe\/Paris\)$/);
        return enter('10:00')(question);
      });
      await verbs.run('setAutostart', verbs.id('api-server'));
      assert.equal(stored(verbs, 'api-server').autostartSchedule, 'CRON_TZ=Europe/Paris 0 10 * * *', 'its zone stays');
      verbs.ui.answers(choose('Turn off'));
      await verbs.run('setAutostart', verbs.id('api-server'));
      assert.equal(stored(verbs, 'api-server').autostartSchedule, undefined);
      assert.equal(verbs.ui.said.at(-1), 'Autostart is off for api-server.');
    });

    test('days and a time that are typed where one changes it or turns it off are in the box for them', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(chooseAfterTyping('Tue 6:45', 'Change days and time…'), enter());
      await verbs.run('setAutostart', verbs.id('api-server'));
      assert.equal(stored(verbs, 'api-server').autostartSchedule, 'CRON_TZ=Europe/Paris 45 6 * * 2');
    });

    test('a schedule that words do not reach is kept as it is and edited raw', async () => {
      const verbs = await verbsOn({ age });
      stored(verbs, 'api-server').autostartSchedule = '*/20 8-10 * * 1-5';
      await verbs.session.refetch(verbs.id('api-server'));
      verbs.ui.answers(choose('Change days and time…'), (question) => {
        assert.equal(question.kind === 'enter' ? question.value : '', '*/20 8-10 * * 1-5');
        return enter('*/30 8-10 * * 1-5')(question);
      });
      await verbs.run('setAutostart', verbs.id('api-server'));
      assert.equal(stored(verbs, 'api-server').autostartSchedule, '*/30 8-10 * * 1-5');
    });

    test('Escape sends nothing', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(escape);
      await verbs.run('setAutostart', verbs.id('notebook'));
      verbs.ui.answers(escape);
      await verbs.run('setTtl', verbs.id('notebook'));
      assert.deepEqual([...verbs.writes(), ...verbs.ui.said], []);
    });

    test('an answer that is lost is read back; one that cannot be read back is not confirmed yet', async () => {
      const verbs = await verbsOn({ age });
      await verbs.deployment.misbehave('lost-answer', { path: /\/autostart$/ });
      verbs.ui.answers(enter('Mon 9'));
      await verbs.run('setAutostart', verbs.id('notebook'));
      assert.match(verbs.ui.said.join(), /^Autostart for notebook: Mon 09:00/);
      await verbs.deployment.misbehave('503', { path: ONE_WORKSPACE, method: 'GET' });
      verbs.ui.answers(enter('Tue 9'));
      await verbs.run('setAutostart', verbs.id('web'));
      assert.equal(verbs.ui.said.at(-1), "Coder was asked to change web but hasn't confirmed it yet.");
    });
  });

  describe(`time before autostop (${age})`, () => {
    test('a preset or a custom time applies from the next start on; the stop of what runs stays', async () => {
      const verbs = await verbsOn({ age });
      const { deadline } = latestBuild(stored(verbs, 'notebook'));
      verbs.ui.answers(choose('4 h'));
      await verbs.run('setTtl', verbs.id('notebook'));
      assert.equal(stored(verbs, 'notebook').ttlMs, 4 * HOUR_MS);
      assert.equal(latestBuild(stored(verbs, 'notebook')).deadline, deadline);
      assert.match(verbs.ui.said.join(), /^notebook stops 4 h after each start\. This time it still stops at /);
      verbs.ui.answers(choose('Custom…'), back, choose('Custom…'), enter('2h30m'));
      await verbs.run('setTtl', verbs.id('archive'));
      assert.equal(stored(verbs, 'archive').ttlMs, 2.5 * HOUR_MS);
      assert.equal(verbs.ui.said.at(-1), 'archive stops 2 h 30 min after each start.');
    });

    test('a time that is typed among the presets is in the box for a custom one', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(chooseAfterTyping('45m', 'Custom…'), enter());
      await verbs.run('setTtl', verbs.id('archive'));
      assert.equal(stored(verbs, 'archive').ttlMs, 0.75 * HOUR_MS);
    });

    test('no more is offered than the age takes, and a custom time is checked as it is typed', async () => {
      const verbs = await verbsOn({ age });
      const longest = age === 'v0' ? '7 days' : '30 days';
      verbs.ui.answers(choose('Custom…'), saysOf('31 days', new RegExp(`at most ${longest}`)));
      await verbs.run('setTtl', verbs.id('notebook'));
      verbs.ui.answers(choose('Custom…'), saysOf('20s', /at least 1 minute/));
      await verbs.run('setTtl', verbs.id('notebook'));
      verbs.ui.answers(choose('Custom…'), saysOf('90 min', /^Stops 1 h 30 min after each start$/));
      await verbs.run('setTtl', verbs.id('notebook'));
    });

    test('off is said for what it does to the running build in this age', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(choose('Off'));
      await verbs.run('setTtl', verbs.id('notebook'));
      const off = ((question) => ('rows' in question ? question.rows.find((row) => row.label === 'Off') : undefined))(
        last(verbs),
      );
      assert.equal(stored(verbs, 'notebook').ttlMs, undefined);
      if (age === 'v0') {
        assert.equal(off?.description, 'applies from the next start');
        assert.match(
          verbs.ui.said.join(),
          /^Autostop is off for notebook from its next start\. This time it still stops at /,
        );
      } else {
        assert.equal(off?.description, 'turns off autostop for this and later starts');
        assert.deepEqual(verbs.ui.said, ['Autostop is off for notebook. It runs until you stop it.']);
      }
      verbs.ui.answers(choose('Off'));
      await verbs.run('setTtl', verbs.id('archive'));
      assert.equal(verbs.ui.said.at(-1), 'Autostop is off for archive.');
    });

    test('ttl_ms changes and the deadline does not: what is shown is the deadline (coder/coder#5080)', async () => {
      const verbs = await verbsOn({ age });
      const before = verbs.known('notebook').latest_build.deadline;
      verbs.ui.answers(choose('12 h'));
      await verbs.run('setTtl', verbs.id('notebook'));
      await until('the new time is known', () => verbs.known('notebook').ttl_ms === 12 * HOUR_MS);
      assert.equal(verbs.known('notebook').latest_build.deadline, before);
    });

    test('a change that is accepted and has no effect (304) is never told as made', async () => {
      const verbs = await verbsOn({ age, allowRenames: true });
      await verbs.deployment.misbehave('304', { path: /\/(workspaces\/[^/]+|ttl|autostart|extend)$/, method: 'PUT' });
      await verbs.deployment.misbehave('304', { path: /\/workspaces\/[^/]+$/, method: 'PATCH' });
      const archive = verbs.id('archive');
      const why = 'Coder accepted the change, but it had no effect.';
      const again = (question: Question): unknown => {
        const what = question.title === 'Extend api-server' ? 'The stop time of api-server' : 'archive';
        assert.equal('problem' in question && question.problem, `${what} wasn't changed. ${why}`);
        return escape(question);
      };
      verbs.ui.answers(
        enter('attic'),
        again,
        choose('4 h'),
        again,
        enter('weekdays 9:30'),
        again,
        choose('+1 h'),
        again,
      );
      await verbs.run('rename', archive);
      await verbs.run('setTtl', archive);
      await verbs.run('setAutostart', archive);
      await verbs.run('extend', verbs.id('api-server'));
      assert.equal(verbs.ui.unused, 0);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('what was entered is there again where a gateway answers instead, with the reason, and can be sent again', async () => {
      const verbs = await verbsOn({ age, allowRenames: true });
      const archive = verbs.id('archive');
      for (const [verb, method, typed, first] of [
        ['setAutostart', 'PUT', 'Mon 9', enter('Mon 9')],
        ['setTtl', 'PUT', '4 h', choose('4 h')],
        ['rename', 'PATCH', 'attic', enter('attic')],
      ] as const) {
        await verbs.deployment.misbehave('502', { path: /\/workspaces\//, method, times: 1 });
        verbs.ui.answers(first, (question) => {
          assert.ok('problem' in question && question.problem, question.title);
          if (question.kind === 'enter') assert.equal(question.value, typed);
          return question.kind === 'enter' ? enter(typed)(question) : choose(typed)(question);
        });
        await verbs.run(verb, archive);
      }
      const { name, ttlMs, autostartSchedule } = stored(verbs, 'attic');
      assert.deepEqual([name, ttlMs, autostartSchedule], ['attic', 4 * HOUR_MS, 'CRON_TZ=UTC 0 9 * * 1']);
      assert.equal(verbs.ui.said.length, 3, verbs.ui.said.join(' | '));
    });

    test('a custom time before autostop is there again where a gateway answers instead, and Back leads to the choices', async () => {
      const verbs = await verbsOn({ age });
      const archive = verbs.id('archive');
      const before = stored(verbs, 'archive').ttlMs;
      await verbs.deployment.misbehave('502', { path: /\/ttl/, method: 'PUT', times: 1 });
      verbs.ui.answers(
        choose('Custom…'),
        enter('2h30m'),
        (question) => {
          assert.ok(question.kind === 'enter' && question.problem, question.title);
          assert.equal(question.value, '2h30m');
          return back(question);
        },
        (question) => {
          assert.ok(question.kind === 'pick' && question.problem === undefined, question.title);
          assert.equal(stored(verbs, 'archive').ttlMs, before);
          return choose('Custom…')(question);
        },
        (question) => {
          assert.ok(question.kind === 'enter' && question.problem === undefined, question.title);
          return enter()(question);
        },
      );
      await verbs.run('setTtl', archive);
      assert.equal(stored(verbs, 'archive').ttlMs, 2.5 * HOUR_MS);
      assert.equal(verbs.ui.said.length, 1, verbs.ui.said.join(' | '));
    });

    test('a workspace that was deleted meanwhile is said to be so', async () => {
      const verbs = await verbsOn({ age });
      const workspace = stored(verbs, 'archive');
      verbs.ui.answers((question) => {
        workspace.deleted = true;
        latestBuild(workspace).transition = 'delete';
        return choose('4 h')(question);
      });
      await verbs.run('setTtl', verbs.id('archive'));
      assert.match(
        verbs.ui.said.join(),
        /^archive (is deleted|no longer exists, or you don't have permission to see it anymore)\.$/,
      );
    });
  });
}

describe('what V0 does not have', () => {
  test('is not offered, and says so when it is asked for all the same', async () => {
    const verbs = await verbsOn({ age: 'v0' });
    for (const verb of ['setAutomaticUpdates', 'favorite', 'sleep']) {
      await verbs.run(verb, verbs.id('archive'));
      assert.match(verbs.ui.said.at(-1) ?? '', /^This deployment doesn't support this/, verb);
    }
    await verbs.run('wake', verbs.id('archive'));
    assert.equal(verbs.ui.said.at(-1), "archive isn't dormant.");
    assert.deepEqual(verbs.writes(), []);
  });
});

describe('settings of V2', () => {
  test('renames are refused where the deployment does not allow them', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    await verbs.run('rename', verbs.id('archive'));
    assert.deepEqual(verbs.ui.said, ["This deployment doesn't allow workspaces to be renamed."]);
  });

  test('the template may keep autostart and autostop to itself', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    // A read of the template that is under way would be joined, and its answer is of before.
    await verbs.deployment.whenQuiet();
    Object.assign(templateOf(verbs, 'notebook'), { allowUserAutostart: false, allowUserAutostop: false });
    await verbs.run('setAutostart', verbs.id('notebook'));
    await verbs.run('setTtl', verbs.id('notebook'));
    assert.deepEqual(verbs.ui.said, [
      "The template of notebook doesn't let its users set an autostart.",
      "The template of notebook doesn't let its users change the time before autostop.",
    ]);
    assert.deepEqual([verbs.ui.questions, verbs.writes()], [[], []]);
  });

  test('the template’s days hold for autostart, and its required stop is told beside the times', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    await verbs.deployment.whenQuiet();
    Object.assign(templateOf(verbs, 'notebook'), { autostartDays: ['monday', 'tuesday'], autostopDays: ['saturday'] });
    verbs.ui.answers((question) => {
      assert.match(question.kind === 'enter' ? (question.value ?? '') : '', /^Mon, Tue\b(?!.*Wed)/, 'what is proposed');
      return saysOf('weekends 9', /starts? automatically only on Mon, Tue\./)(question);
    });
    await verbs.run('setAutostart', verbs.id('notebook'));
    verbs.ui.answers(saysOf('every day 9', /but the template permits only Mon, Tue\. Next start: (Mon|Tue)/));
    await verbs.run('setAutostart', verbs.id('notebook'));
    verbs.ui.answers(escape);
    await verbs.run('setTtl', verbs.id('notebook'));
    assert.ok(
      labels(last(verbs)).includes('The template requires a stop every week: Sat.'),
      labels(last(verbs)).join(),
    );
  });

  test('a refusal that only the server knew of returns to the box with its words', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    verbs.ui.answers(
      (question) => {
        templateOf(verbs, 'notebook').allowUserAutostart = false;
        return enter('Mon 9')(question);
      },
      (question) => {
        assert.match(question.kind === 'enter' ? (question.problem ?? '') : '', /not allowed/);
        return escape(question);
      },
    );
    await verbs.run('setAutostart', verbs.id('notebook'));
    assert.equal(verbs.ui.unused, 0);
  });

  test('automatic updates are set to always and never', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    verbs.ui.answers(choose('Always'), choose('Never'));
    await verbs.run('setAutomaticUpdates', verbs.id('notebook'));
    assert.equal(verbs.known('notebook').automatic_updates, 'always');
    await verbs.run('setAutomaticUpdates', verbs.id('notebook'));
    assert.deepEqual(verbs.ui.said, [
      'notebook is updated automatically at each start.',
      "notebook isn't updated automatically.",
    ]);
  });

  test('a workspace becomes a favorite and is one no longer; somebody else’s cannot be', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    await verbs.run('favorite', verbs.id('notebook'));
    assert.equal(verbs.known('notebook').favorite, true);
    await verbs.run('favorite', verbs.id('notebook'));
    await verbs.run('unfavorite', verbs.id('notebook'));
    assert.deepEqual(verbs.ui.said, [
      'notebook is now a favorite.',
      'notebook is already a favorite.',
      'notebook is no longer a favorite.',
    ]);
    assert.deepEqual(verbs.writes(), ['PUT /api/v2/workspaces/…/favorite', 'DELETE /api/v2/workspaces/…/favorite']);
  });

  test('a name, updates, a favorite and dormancy are read back where the answer is lost, and sent once', async () => {
    const verbs = await verbsOn({ age: 'v2', allowRenames: true });
    const id = verbs.id('archive');
    verbs.ui.answers(choose('Always'), press('Make Dormant'), enter('attic'));
    for (const verb of ['setAutomaticUpdates', 'favorite', 'unfavorite', 'sleep', 'wake', 'rename']) {
      const path = /\/workspaces\/[^/]+(\/autoupdates|\/favorite|\/dormant)?$/;
      for (const method of ['PUT', 'DELETE', 'PATCH'])
        await verbs.deployment.misbehave('lost-answer', { path, method, times: 1 });
      await verbs.run(verb, id);
      await verbs.deployment.heal('lost-answer');
    }
    assert.deepEqual(verbs.ui.said, [
      'archive is updated automatically at each start.',
      'archive is now a favorite.',
      'archive is no longer a favorite.',
      'archive is now dormant.',
      'archive is no longer dormant. You can start it now.',
      'archive is now named attic.',
    ]);
    assert.equal(verbs.writes().length, 6);
  });

  test('while the rules of the template are read, that is shown, and it is over when the question stands', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const seen: unknown[] = [];
    for (const verb of ['setTtl', 'setAutostart', 'extend', 'sleep']) {
      verbs.ui.answers((question) => {
        seen.push([verb, ...verbs.ui.waiting.map(({ message, isOver }) => [message, isOver])]);
        verbs.ui.waiting.length = 0;
        return escape(question);
      });
      await verbs.run(verb, verbs.id(verb === 'sleep' ? 'archive' : 'web'));
    }
    const web = [['Loading web…', true]];
    assert.deepEqual(seen, [
      ['setTtl', ...web],
      ['setAutostart', ...web],
      ['extend', ...web],
      ['sleep', ['Loading archive…', true]],
    ]);
  });

  test('the autostart of a dormant workspace is set, and no next start is promised', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    const hints: (string | undefined)[] = [];
    verbs.ui.answers((question) => {
      if (question.kind === 'enter') hints.push(question.hint?.('Mon 7:15 UTC'));
      return enter('Mon 7:15 UTC')(question);
    });
    await verbs.run('setAutostart', verbs.id('sleeping'));
    assert.deepEqual(hints, ['Mon 07:15 (UTC).']);
    assert.deepEqual(verbs.ui.said, ['Autostart for sleeping: Mon 07:15 (UTC).']);
  });

  test('a dormant workspace is woken, and a stopped one is made dormant after it is told what that means', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    await verbs.run('wake', verbs.id('sleeping'));
    assert.deepEqual(verbs.ui.said, ['sleeping is no longer dormant. You can start it now.']);
    const [start] = verbs.ui.toasts.at(-1)?.buttons ?? [];
    assert.equal(start?.label, 'Start');
    await start.run();
    assert.deepEqual(verbs.ui.executed, [['coderWorkspaces.start', verbs.id('sleeping')]]);
    templateOf(verbs, 'archive').dormantAutodeleteMs = 72 * HOUR_MS;
    verbs.ui.answers((question) => {
      assert.match(
        question.kind === 'confirm' ? question.detail : '',
        /deletes workspaces that have been dormant for 3 days/,
      );
      return press('Make Dormant')(question);
    });
    await verbs.run('sleep', verbs.id('archive'));
    assert.match(verbs.ui.said.at(-1) ?? '', /^archive is now dormant\. Scheduled deletion: .+, in [23] days/);
    await verbs.run('sleep', verbs.id('archive'));
    assert.equal(verbs.ui.said.at(-1), 'archive is already dormant.');
    await verbs.run('sleep', verbs.id('notebook'));
    assert.match(verbs.ui.said.at(-1) ?? '', /^notebook is running\. Stop it first/);
  });

  test('a deletion that would have been in the past is announced neither before nor after a workspace is made dormant', async () => {
    const verbs = await verbsOn({ age: 'v2' });
    templateOf(verbs, 'archive').dormantAutodeleteMs = -HOUR_MS;
    verbs.ui.answers((question) => {
      assert.doesNotMatch(question.kind === 'confirm' ? question.detail : '', /delete/);
      return press('Make Dormant')(question);
    });
    await verbs.run('sleep', verbs.id('archive'));
    const { deleting_at: at = Infinity } = verbs.known('archive');
    assert.ok(at < verbs.session.now(), 'the server says a moment that has passed');
    assert.deepEqual(verbs.ui.said, ['archive is now dormant.']);
  });
});
