/** What stands in a path, looked up for the one who asks. */
import type { Engine } from '../engine.ts';
import { notFound, Refusal, uuidParam, type Call } from '../exchange.ts';
import { isUuid } from '../ids.ts';
import type { Agent, Build, Organization, Template, TemplateVersion, User, Workspace } from '../model.ts';
import { mayRead } from '../sharing.ts';
import { must, organizationOf } from '../store.ts';

/** `:user` in a path: `me`, a UUID or a name. */
export function userParam({ store }: Engine, call: Call): User {
  const wanted = call.params.user ?? '';
  if (wanted === 'me') return call.user;
  const name = wanted.toLowerCase();
  const found = isUuid(wanted)
    ? store.users.get(name)
    : [...store.users.values()].find((user) => user.username.toLowerCase() === name);
  if (found === undefined)
    throw new Refusal(
      store.age.unknownUser,
      `User "${wanted}" could not be found.`,
      store.age.name === 'v2' && store.age.unknownUser === 400 ? { detail: `no user named ${wanted}` } : {},
    );
  if (!call.user.siteOwner && found !== call.user && store.age.name === 'v2') throw notFound();
  return found;
}

export function organizationParam({ store }: Engine, call: Call): Organization {
  const wanted = (call.params.organization ?? '').toLowerCase();
  const { id, name } = organizationOf(store);
  const named = store.age.name === 'v2' && (wanted === 'default' || wanted === name);
  if (named || uuidParam(call, 'organization') === id) return organizationOf(store);
  const other = store.otherOrganizations.find((each) => each.id === wanted);
  if (other === undefined) throw notFound();
  return other;
}

export function templateParam({ store }: Engine, call: Call): Template {
  const template = store.templates.get(uuidParam(call, 'template'));
  if (template === undefined) throw notFound();
  return template;
}

export function versionParam({ store }: Engine, call: Call): TemplateVersion {
  const version = store.versions.get(uuidParam(call, 'version'));
  if (version === undefined) throw notFound();
  return version;
}

export function workspaceParam({ store }: Engine, call: Call): Workspace {
  const workspace = store.workspaces.get(uuidParam(call, 'workspace'));
  if (workspace === undefined || !mayRead(call.user, workspace)) throw notFound();
  return workspace;
}

export function buildParam({ store }: Engine, call: Call): Build {
  const build = store.builds.get(uuidParam(call, 'build'));
  if (build === undefined || !mayRead(call.user, must(store.workspaces, build.workspaceId))) throw notFound();
  return build;
}

export function agentParam({ store }: Engine, call: Call): Agent {
  const agent = store.agents.get(uuidParam(call, 'agent'));
  if (agent === undefined) throw notFound();
  const build = must(store.builds, agent.buildId);
  if (!mayRead(call.user, must(store.workspaces, build.workspaceId))) throw notFound();
  return agent;
}
