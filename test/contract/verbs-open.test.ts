import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WorkspaceId } from '../../src/api/units.ts';
import { OFFICIAL } from '../../src/commands/open.ts';
import { agentsOf } from '../../src/model/status.ts';
import { must } from '../deployment/store.ts';
import { choose, escape } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

const openedAgent = ({ ui }: VerbFixture): string | null =>
  new URL(`x://${ui.opened[0] ?? ''}`).searchParams.get('agent');

for (const age of ages) {
  describe(`open and show (${age})`, () => {
    test('the only agent is opened without a question, in the official extension, and without the token', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.installed.add(OFFICIAL);
      await verbs.run('open', verbs.id('web'));
      assert.equal(openedAgent(verbs), 'dev');
      assert.ok(!verbs.ui.opened.join().includes(verbs.deployment.token));
      assert.deepEqual(verbs.ui.questions, []);
    });

    test('one of several agents is chosen; Escape opens nothing', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.installed.add(OFFICIAL);
      const [, second] = agentsOf(verbs.known('api-server'));
      assert.ok(second);
      verbs.ui.answers(escape, choose(second.name));
      await verbs.run('open', verbs.id('api-server'));
      assert.deepEqual(verbs.ui.opened, []);
      await verbs.run('open', verbs.id('api-server'));
      assert.equal(openedAgent(verbs), second.name);
    });

    test('agents to choose from tell their state as their rows do', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(escape);
      await verbs.run('openTerminal', verbs.id('api-server'));
      const [question] = verbs.ui.questions;
      assert.ok(question && 'rows' in question, 'nothing to choose from');
      assert.deepEqual(
        question.rows.map(({ label, description }) => `${label}: ${description}`),
        ['gpu: not connected in time · windows/arm64', 'main: connected · linux/amd64'],
      );
    });

    test('workspaces and apps to choose from bear the icons of their rows', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.answers(escape, escape);
      await verbs.run('showLog');
      await verbs.run('openApp', verbs.id('api-server'));
      const icons = new Map(
        verbs.ui.questions.flatMap((question) =>
          'rows' in question ? question.rows.map(({ label, icon }) => [label, icon] as const) : [],
        ),
      );
      assert.deepEqual(
        ['web', 'archive', 'broken', 'queued', 'top', 'docs', 'preview'].map((name) => icons.get(name)),
        ['vm-running', 'vm-outline', 'error', 'watch', 'terminal', 'link-external', 'globe'],
      );
    });

    test('the agent whose row it is is opened without a question', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.installed.add(OFFICIAL);
      const [, second] = agentsOf(verbs.known('api-server'));
      assert.ok(second);
      await verbs.run('open', { refs: { workspaceId: verbs.id('api-server'), agentId: second.id } });
      assert.equal(openedAgent(verbs), second.name);
    });

    test('the web terminal of the chosen agent is opened in the browser', async () => {
      const verbs = await verbsOn({ age });
      const [, second] = agentsOf(verbs.known('api-server'));
      assert.ok(second);
      verbs.ui.answers(choose(second.name));
      await verbs.run('openTerminal', verbs.id('api-server'));
      assert.deepEqual(verbs.ui.opened, [`${verbs.deployment.url}/@owner/api-server.${second.name}/terminal`]);
      await verbs.run('openTerminal', verbs.id('archive'));
      assert.deepEqual([verbs.ui.opened.length, verbs.ui.said], [1, ["archive isn't running."]]);
    });

    test('what names a workspace elsewhere is copied: its name, a command, its address, its id', async () => {
      const verbs = await verbsOn({ age });
      const id = verbs.id('web');
      for (const [label, text] of [
        ['Name', 'owner/web'],
        ['SSH command', 'coder ssh owner/web'],
        ['Address in the dashboard', `${verbs.deployment.url}/@owner/web`],
        ['ID', id],
      ] as const) {
        verbs.ui.answers(choose(label));
        await verbs.run('copy', id);
        assert.equal(verbs.ui.clipboard, text);
        assert.equal(verbs.ui.briefly.at(-1), `Copied ${text}.`);
      }
    });

    for (const [owner, name] of [
      ['owner', 'web;reboot'],
      ['--owner', 'web'],
      ['owner', 'web\n\u001b[31mreboot\r\n'],
    ] as const) {
      test(`no SSH command is made of ${JSON.stringify(`${owner}/${name}`)}, which would be read as more than a name`, async () => {
        const verbs = await verbsOn({ age });
        const web = verbs.deployment.workspace('owner/web');
        web.name = name;
        const { store, users } = verbs.deployment;
        Object.assign(must(store.users, users.owner.id), { username: owner });
        verbs.deployment.changed(web);
        verbs.ui.answers((question) => {
          assert.ok('rows' in question, question.title);
          assert.deepEqual(
            question.rows.map(({ label }) => label),
            ['Name', 'Address in the dashboard', 'ID'],
          );
          for (const { value } of question.rows) assert.match(String(value), /^[^\n\r\u001b]+$/, 'a line break');
          return escape(question);
        });
        await verbs.session.refetch(web.id as WorkspaceId, new AbortController().signal);
        await verbs.run('copy', web.id);
      });
    }

    test('agents that share a name are told apart by their resource where one is chosen', async () => {
      const verbs = await verbsOn({ age });
      verbs.ui.installed.add(OFFICIAL);
      const known = verbs.known('api-server');
      const [agent] = agentsOf(known);
      const [resource] = known.latest_build.resources;
      const machine = agent && `${agent.operating_system}/${agent.architecture}`;
      const [app] = agentsOf(known).flatMap(({ apps }) => apps);
      assert.ok(agent && resource && app);
      const of = (name: string): typeof resource => {
        const id = <T extends string>(text: T): T => `${text}-${name}` as T;
        const apps = [{ ...app, id: id(app.id), display_name: 'Code', hidden: false }];
        const agents = [
          {
            ...agent,
            id: id(agent.id),
            name: 'main',
            status: 'connected',
            lifecycle_state: 'ready',
            health: undefined,
            parent_id: undefined,
            apps,
          },
        ];
        return { ...resource, id: id(resource.id), name, agents };
      };
      const sameNamed = { ...known, latest_build: { ...known.latest_build, resources: [of('web'), of('gpu')] } };
      verbs.session.adopt(sameNamed);
      verbs.ui.answers(choose('main (gpu)'), escape);
      await verbs.run('open', known.id);
      await verbs.run('openApp', known.id);
      const rows = verbs.ui.questions.map((question) => ('rows' in question ? question.rows : []));
      assert.deepEqual(
        rows.map((each) => each.map(({ label, description }) => `${label}, ${description ?? ''}`)),
        [
          ['main (web)', 'main (gpu)'].map((name) => `${name}, connected · ${machine}`),
          ['main (web)', 'main (gpu)'].map((name) => `Code, api-server · ${name}`),
        ],
      );
    });

    test('only apps that can be opened now are listed; where there are none, the reason is told', async () => {
      const verbs = await verbsOn({ age });
      const known = verbs.known('api-server');
      const [resource] = known.latest_build.resources;
      const agent = agentsOf(known).find(({ apps }) => apps.length > 0);
      const [app] = agent?.apps ?? [];
      assert.ok(resource && agent && app, 'api-server has an app');
      const adopt = (lost: boolean) => {
        const of = (name: string, status: string): typeof agent => {
          const id = <T extends string>(text: T): T => `${text}-${name}` as T;
          const apps = [{ ...app, id: id(app.id), display_name: name, hidden: false, external: false }];
          return { ...agent, id: id(agent.id), name, status, parent_id: undefined, apps };
        };
        const agents = [of('lost', 'disconnected'), of('here', lost ? 'disconnected' : 'connected')];
        const resources = [{ ...resource, agents }];
        verbs.session.adopt({ ...known, latest_build: { ...known.latest_build, resources } });
      };
      adopt(false);
      verbs.ui.answers(escape);
      await verbs.run('openApp', known.id);
      const [question] = verbs.ui.questions;
      assert.deepEqual(question && 'rows' in question ? question.rows.map(({ label }) => label) : [], ['here']);
      adopt(true);
      await verbs.run('openApp', known.id);
      assert.deepEqual(verbs.ui.said, ["Agent lost isn't connected."]);
    });

    test('without the official extension that is said, with the way to it', async () => {
      const verbs = await verbsOn({ age });
      await verbs.run('open', verbs.id('web'));
      assert.deepEqual(verbs.ui.opened, []);
      verbs.ui.toasts[0]?.buttons[0]?.run();
      assert.deepEqual(verbs.ui.executed, [['extension.open', OFFICIAL]]);
    });

    test('the log of the latest build is shown and written', async () => {
      const verbs = await verbsOn({ age });
      await verbs.run('showLog', verbs.id('warming-up'));
      assert.deepEqual(verbs.shownLogs, ['warming-up']);
      await until('the log is written', () => [...verbs.log.values()].some((entries) => entries.length > 0));
    });

    test('a verb that the workspace does not allow says why, and one that is gone is said to be gone', async () => {
      const verbs = await verbsOn({ age });
      await verbs.run('start', verbs.id('web'));
      await verbs.run('stop', '00000000-0000-4000-8000-000000000000');
      assert.equal(verbs.ui.said[0], 'web is already running.');
      assert.equal(verbs.ui.toasts.length, 2);
      assert.ok(verbs.ui.toasts.every(({ kind }) => kind === 'information'));
      assert.deepEqual(verbs.writes(), []);
    });

    test('Escape where a workspace is to be chosen sends nothing, whichever verb asks', async () => {
      const verbs = await verbsOn({ age });
      const asking = ['start', 'stop', 'cancel', 'extend', 'delete', 'open', 'showLog', 'openApp', 'openDashboard'];
      for (const verb of asking) {
        verbs.ui.answers(escape);
        await verbs.run(verb);
      }
      assert.equal(verbs.ui.questions.length, asking.length);
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual([verbs.ui.said, verbs.ui.opened, verbs.shownLogs], [[], [], []]);
    });

    test('a token that has expired ends the session, and the verb itself says nothing', async () => {
      const verbs = await verbsOn({ age });
      await verbs.deployment.misbehave('401');
      await verbs.run('start', verbs.id('archive'));
      assert.equal(verbs.session.state.value.kind, 'signedOut');
      assert.deepEqual(verbs.ui.said, []);
    });
  });
}
