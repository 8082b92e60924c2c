// Makes every text of a seeded deployment hostile.
import type { Deployment } from '../deployment/index.ts';

/** A link that runs a command, an icon, an image, a bell, a colour, and an override that turns text around. */
const hostile = '[x](command:workbench.action.toggleZenMode) $(squirrel)<img src=x>\u0007\u001b[31m\u202etxt\u202c';

export function makeHostile(coder: Deployment): void {
  const { store } = coder;
  const shown = coder.workspace('owner/notebook');
  shown.name = hostile;
  for (const user of store.users.values()) {
    if (user.id !== shown.ownerId) continue;
    user.username = hostile;
    user.name = hostile;
  }
  for (const version of store.versions.values()) version.name = hostile;
  for (const template of store.templates.values()) {
    if (template.name !== 'dev' && template.id !== shown.templateId) continue;
    template.displayName = hostile;
    template.description = hostile;
    const version = store.versions.get(template.activeVersionId);
    if (version === undefined || template.name !== 'dev') continue;
    version.spec = {
      ...version.spec,
      presets: version.spec.presets.map((preset) => ({ ...preset, name: hostile, description: hostile })),
      parameters: version.spec.parameters.slice(0, 1).map((parameter) => ({
        ...parameter,
        displayName: hostile,
        description: hostile,
        descriptionPlain: hostile,
        options: parameter.options.map((option) => ({ ...option, name: hostile, description: hostile })),
      })),
      script: () => ({
        *steps() {
          const line = { level: 'warn', source: 'provisioner', stage: hostile, output: hostile } as const;
          yield { ...line, afterMs: 20 };
          yield { ...line, afterMs: 1500 };
        },
        tailMs: 1000,
        error: hostile,
      }),
    };
  }
  for (const build of shown.builds) {
    for (const resource of build.resources) {
      resource.spec = {
        ...resource.spec,
        name: hostile,
        type: hostile,
        metadata: [{ key: hostile, value: hostile, sensitive: false }],
      };
      for (const agent of resource.agents) {
        agent.spec = { ...agent.spec, name: hostile };
        const app = { slug: 'evil', subdomain: false, sharingLevel: 'owner', healthcheck: false, hidden: false };
        agent.apps = [
          { ...app, displayName: 'evil app', url: 'javascript:alert(1)', external: true },
          { ...app, slug: 'other', displayName: hostile, url: hostile, external: true },
        ].map((spec) => ({ id: crypto.randomUUID(), spec, health: 'disabled' }));
      }
    }
  }
}
