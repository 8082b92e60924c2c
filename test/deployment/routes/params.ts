/** What stands in a path, looked up for the one who asks. */
import type { Engine } from '../engine.ts';
import { notFound, Refusal, uuidParam, type Call } from '../exchange.ts';
import { isUuid } from '../ids.ts';
import type { Agent, Build, Organization, Template, TemplateVersion, User, Workspace } from '../model.ts';
import { mayRead } from '../sharing.ts';
import { must, organizationOf } from '../world.ts';

/** `:user` in a path: `me`, a UUID or a name. */
export function userParam({ world }: Engine, call: Call): User {
  const wanted = call.params.user ?? '';
  if (wanted === 'me') return call.user;
  const name = wanted.toLowerCase();
  const found = isUuid(wanted)
    ? world.users.get(name)
    : [...world.users.values()].find((user) => user.username.toLowerCase() === name);
  if (found === undefined)
    throw new Refusal(
      world.age.unknownUser,
      `User "${wanted}" could not be found.`,
      world.age.name === 'v2' && world.age.unknownUser === 400 ? { detail: `no user named ${wanted}` } : {},
    );
  if (!call.user.siteOwner && found !== call.user && world.age.name === 'v2') throw notFound();
  return found;
}

export function organizationParam({ world }: Engine, call: Call): Organization {
  const wanted = (call.params.organization ?? '').toLowerCase();
  const { id, name } = organizationOf(world);
  const named = world.age.name === 'v2' && (wanted === 'default' || wanted === name);
  if (named || uuidParam(call, 'organization') === id) return organizationOf(world);
  const other = world.otherOrganizations.find((each) => each.id === wanted);
  if (other === undefined) throw notFound();
  return other;
}

export function templateParam({ world }: Engine, call: Call): Template {
  const template = world.templates.get(uuidParam(call, 'template'));
  if (template === undefined) throw notFound();
  return template;
}

export function versionParam({ world }: Engine, call: Call): TemplateVersion {
  const version = world.versions.get(uuidParam(call, 'version'));
  if (version === undefined) throw notFound();
  return version;
}

export function workspaceParam({ world }: Engine, call: Call): Workspace {
  const workspace = world.workspaces.get(uuidParam(call, 'workspace'));
  if (workspace === undefined || !mayRead(call.user, workspace)) throw notFound();
  return workspace;
}

export function buildParam({ world }: Engine, call: Call): Build {
  const build = world.builds.get(uuidParam(call, 'build'));
  if (build === undefined || !mayRead(call.user, must(world.workspaces, build.workspaceId))) throw notFound();
  return build;
}

export function agentParam({ world }: Engine, call: Call): Agent {
  const agent = world.agents.get(uuidParam(call, 'agent'));
  if (agent === undefined) throw notFound();
  const build = must(world.builds, agent.buildId);
  if (!mayRead(call.user, must(world.workspaces, build.workspaceId))) throw notFound();
  return agent;
}
