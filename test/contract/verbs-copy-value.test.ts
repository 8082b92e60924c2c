import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TreeNode } from '../../src/model/treeNode.ts';
import { treeOptions } from '../bench/treeOptions.ts';
import { ages } from './client-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';
import { toNodes } from '../toNodes.ts';

const all = (nodes: readonly TreeNode[]): TreeNode[] => nodes.flatMap((node) => [node, ...all(node.children)]);

const metadataRow = ({ session, id }: VerbFixture, label: string): TreeNode => {
  const rows = all(toNodes(session.state.value, treeOptions, session.now()));
  const row = rows.find(
    (node) => node.kind === 'metadata' && node.label === label && node.refs.workspaceId === id('api-server'),
  );
  assert.ok(row !== undefined, `there is a row ${label}`);
  return row;
};

for (const age of ages) {
  test(`a value is copied from its row, also one that is masked and stands nowhere in the row (${age})`, async () => {
    const verbs = await verbsOn({ age, seed: true });
    const resources = verbs.known('api-server').latest_build.resources;
    for (const label of ['region', 'password']) {
      const value = resources.flatMap(({ metadata }) => metadata).find(({ key }) => key === label)?.value ?? '';
      assert.ok(value !== '', label);
      const row = metadataRow(verbs, label);
      assert.match(row.contextValue, /\bcan-copyValue\b/);
      assert.equal(JSON.stringify([row.refs, row.description, row.ariaLabel]).includes(value), label === 'region');
      await verbs.run('copyValue', row);
      assert.equal(verbs.ui.clipboard, value);
      assert.equal(verbs.ui.briefly.at(-1), `Copied ${label}.`);
    }
  });

  test(`a value of a build that is over is told to be gone, and nothing is copied (${age})`, async () => {
    const verbs = await verbsOn({ age, seed: true });
    const row = metadataRow(verbs, 'region');
    await verbs.run('copyValue', { refs: { ...row.refs, resourceId: 'of-an-earlier-build' } });
    assert.equal(verbs.ui.clipboard, '');
    assert.match(verbs.ui.said.join(), /This value no longer exists\./);
  });
}
