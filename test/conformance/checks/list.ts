import assert from 'node:assert/strict';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import { skip, type Check } from '../check.ts';
import { refused } from '../expect.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';

const operation = 'List workspaces';
const dev = need.template('dev');

const names = async ({ client, signal }: CheckContext, q: string): Promise<string[]> => {
  const { workspaces, skippedRows } = await workspacesApi.list(client.calls, { q }, signal);
  assert.equal(skippedRows, 0, 'a row could not be read');
  return workspaces.map(({ name }) => name);
};

/** The query for what this run has made, and how much that is. */
const ofThisRun = async (context: CheckContext): Promise<{ q: string; total: number }> => {
  await context.workspaces.running();
  await context.workspaces.stopped();
  const q = `owner:me name:${context.workspaces.commonName}`;
  return { q, total: (await names(context, q)).length };
};

export const list: readonly Check[] = [
  {
    operation,
    name: 'One’s own are found by owner, by part of the name, by owner/name and by template',
    needs: [dev],
    async run(context) {
      const { name, template_name } = await context.workspaces.running();
      const { username } = context.facts.me;
      const queries = [
        'owner:me',
        `owner:${username}`,
        `name:${name}`,
        name,
        `${username}/${name}`,
        `owner:me template:${template_name}`,
      ];
      for (const q of queries) assert.ok((await names(context, q)).includes(name), q);
      assert.ok(!(await names(context, `name:${name}-no`)).includes(name));
    },
  },
  {
    operation,
    name: 'A status finds those that are in it, and no others',
    needs: [dev],
    async run(context) {
      const running = await context.workspaces.running();
      const stopped = await context.workspaces.stopped();
      const found = await names(context, 'owner:me status:running');
      assert.ok(found.includes(running.name), 'the running one is missing');
      assert.ok(!found.includes(stopped.name), 'a stopped one is found');
      assert.ok((await names(context, 'owner:me status:stopped')).includes(stopped.name), 'the stopped one is missing');
    },
  },
  {
    operation,
    name: 'Pages hold each workspace once, and say how many there are',
    needs: [dev],
    async run(context) {
      const { client, signal } = context;
      const { q, total } = await ofThisRun(context);
      assert.ok(total >= 2, `${total} workspaces`);
      const seen: string[] = [];
      for (let offset = 0; offset < total; offset += 1) {
        const page = await workspacesApi.list(client.calls, { q, limit: 1, offset }, signal);
        assert.equal(page.count, total);
        assert.equal(page.workspaces.length, 1);
        seen.push(...page.workspaces.map(({ id }) => id));
      }
      assert.equal(new Set(seen).size, total);
      let rows = 0;
      for await (const page of workspacesApi.pages(client.calls, { q }, signal)) rows += page.workspaces.length;
      assert.equal(rows, total);
    },
  },
  {
    operation,
    name: 'A page past the end is empty; the document’s age counts nothing there',
    needs: [dev],
    async run(context) {
      const { q, total } = await ofThisRun(context);
      const page = await workspacesApi.list(
        context.client.calls,
        { q, limit: 10, offset: total + 100 },
        context.signal,
      );
      assert.deepEqual(page.workspaces, []);
      const right = { document: [0], between: [0, total], today: [total] }[context.facts.age];
      assert.ok(right.includes(page.count), `count ${page.count}`);
    },
  },
  {
    operation,
    name: 'A deleted workspace is never listed',
    needs: [dev],
    async run(context) {
      const { name } = await context.workspaces.deleted();
      assert.ok(!(await names(context, `owner:me name:${name}`)).includes(name));
      assert.ok(!(await names(context, 'owner:me')).includes(name));
    },
  },
  {
    operation,
    name: 'Two colons in one term are refused at the search',
    async run(context) {
      const attempt = workspacesApi.list(context.client.calls, { q: 'a:b:c' }, context.signal);
      await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['q'] });
    },
  },
  {
    operation,
    name: 'An unknown key is refused today and ignored in the document’s age',
    async run(context) {
      if (context.facts.age === 'between') skip('either is right in between');
      const attempt = workspacesApi.list(context.client.calls, { q: 'flavour:sweet', limit: 1 }, context.signal);
      if (context.facts.age === 'document') await attempt;
      else await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['flavour'] });
    },
  },
  {
    operation,
    name: 'A status that is none is refused today and ignored in the document’s age',
    async run(context) {
      if (context.facts.age === 'between') skip('either is right in between');
      const attempt = workspacesApi.list(context.client.calls, { q: 'status:asleep', limit: 1 }, context.signal);
      if (context.facts.age === 'document') await attempt;
      else await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['status'] });
    },
  },
  {
    operation,
    name: 'A negative limit is refused today and means no limit in the document’s age',
    needs: [dev],
    async run(context) {
      if (context.facts.age === 'between') skip('either is right in between');
      const { q, total } = await ofThisRun(context);
      const attempt = workspacesApi.list(context.client.calls, { q, limit: -1 }, context.signal);
      if (context.facts.age === 'document') assert.equal((await attempt).workspaces.length, total);
      else await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['limit'] });
    },
  },
];
