import type { Calls } from '../api/calls.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import * as templates from '../api/templates.ts';
import type { TemplateId } from '../api/units.ts';
import * as users from '../api/users.ts';

/**
 * The organizations of workspaces that don't tell it, like V0's: it is their template's (contract 2.15, 4.1). A template
 * of an organization that the user isn't in stays without.
 */
export class Organizations {
  readonly #ofTemplate = new Map<TemplateId, Partial<Pick<Workspace, 'organization_id' | 'organization_name'>>>();

  /** Reads what is needed to name those of `workspaces`. @throws ApiError */
  async learn(calls: Calls, workspaces: readonly Workspace[], signal: AbortSignal): Promise<void> {
    const ids = workspaces.flatMap(({ organization_id: known, template_id: id }) =>
      known !== undefined || id === undefined || this.#ofTemplate.has(id) ? [] : [id],
    );
    if (ids.length === 0) return;
    for (const { id, name } of await users.organizations(calls, 'me', signal))
      for (const template of await templates.list(calls, id, signal))
        this.#ofTemplate.set(template.id, { organization_id: id, organization_name: name });
    for (const id of ids) if (!this.#ofTemplate.has(id)) this.#ofTemplate.set(id, {});
  }

  named(workspace: Workspace): Workspace {
    const { organization_id: known, template_id: id } = workspace;
    const found = known !== undefined || id === undefined ? undefined : this.#ofTemplate.get(id);
    return found === undefined ? workspace : { ...workspace, ...found };
  }
}
