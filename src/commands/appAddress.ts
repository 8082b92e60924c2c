import * as l10n from '@vscode/l10n';
import { route } from '../api/address.ts';
import type { Agent, App, Workspace } from '../api/schemas/workspaces.ts';
import { appName } from '../model/apps.ts';
import { Refusal } from './refusal.ts';

/** An app and where it runs. */
export interface LocatedApp {
  readonly workspace: Workspace;
  readonly agent: Agent;
  readonly app: App;
}

/** Whether the address uses the deployment's wildcard host for apps. */
export const needsApplicationHost = ({ app }: LocatedApp): boolean =>
  !app.external && app.command === undefined && app.subdomain;

/**
 * The external URL of an app (contract 7.19). `accessUrl`: the deployment's; `applicationHost`: '' or `*.apps.example.com`.
 * @throws Refusal if the app has no address or needs a wildcard host that doesn't exist
 */
export function appAddress(located: LocatedApp, accessUrl: string, applicationHost: string): string {
  const { workspace, agent, app } = located;
  if (app.external) {
    if (app.url === undefined) throw new Refusal(l10n.t('The app {0} has no address.', appName(app, agent)));
    return app.url;
  }
  const agentPath = route`/@${workspace.owner_name}/${workspace.name}.${agent.name}`;
  if (app.command !== undefined) {
    // V0 takes the command itself; V2, whose agents have a lifecycle, only the app's slug.
    const query = agent.lifecycle_state === undefined ? route`command=${app.command}` : route`app=${app.slug}`;
    return `${accessUrl}${agentPath}/terminal?${query}`;
  }
  if (!app.subdomain) return `${accessUrl}${agentPath}${route`/apps/${app.slug}/`}`;
  if (applicationHost === '') {
    throw new Refusal(
      l10n.t("{0} needs a wildcard access URL, which this deployment doesn't have.", appName(app, agent)),
    );
  }
  const name = app.subdomain_name ?? [app.slug, agent.name, workspace.name, workspace.owner_name].join('--');
  return `${new URL(accessUrl).protocol}//${applicationHost.replace('*', () => name)}/`;
}
