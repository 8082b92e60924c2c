import type { TreeOptions } from '../../src/model/treeNode.ts';

/** As somebody in Paris has it. */
export const treeOptions: TreeOptions = {
  deploymentKey: 'coder.example.com',
  host: 'coder.example.com',
  displayLocale: { locale: 'en', typedLocale: 'en', timeZone: 'Europe/Paris', hourCycle: 'h23', showsZone: true },
  flattenAgents: true,
  showHiddenResources: false,
};
