import assert from 'node:assert/strict';
import { test } from 'node:test';

test('groups are in the order of their names where the language takes “zs” for one letter, as Hungarian does', async () => {
  const { Collator } = Intl;
  Intl.Collator = class extends Collator {
    constructor(_: unknown, options?: Intl.CollatorOptions) {
      super('hu', options);
    }
  } as unknown as typeof Collator;
  const { groupNodes } = await import('../../src/model/treeGroups.ts');
  const { workspace } = await import('./model-fixture.ts');
  const rows = ['web', 'solo', 'box'].map((name) => ({
    workspace: workspace('running', { workspace: { template_id: name, template_display_name: name } }),
    node: undefined as never,
  }));
  assert.deepEqual(
    groupNodes(rows, 'template', 'example.com').map(({ label }) => label),
    ['box', 'solo', 'web'],
  );
});
