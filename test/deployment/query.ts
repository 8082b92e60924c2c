/** The search box of the workspace list (contract 2.4). */
import { agentStatus } from './agents.ts';
import { invalid } from './exchange.ts';
import type { Agent, User, Workspace } from './model.ts';
import { buildStatus, jobStatus, latestBuild, must, organizationOf, type Store } from './store.ts';

export interface Term {
  key: string;
  value: string;
}

const MESSAGE = 'Invalid workspace search query.';

/** Splits at blanks outside of quotes, then each term at its colon; bare words search names. */
export function parseTerms(q: string, strict: boolean): Term[] {
  const words = [...q.toLowerCase().matchAll(/(?:[^\s"]+|"[^"]*")+/g)].map(([word]) => word);
  return words.map((word) => {
    const parts = [...word.matchAll(/(?:[^:"]|"[^"]*")+/g)].map(([part]) => part);
    const unquote = (text: string): string => text.replaceAll('"', '');
    if (parts.length > 2) throw invalid(MESSAGE, 'q', `"${word}" can only contain 1 ':'`);
    if (strict && /^:|:$/.test(word)) throw invalid(MESSAGE, 'q', `"${word}" cannot start or end with ':'`);
    if (parts.length === 2) return { key: unquote(parts[0] ?? ''), value: unquote(parts[1] ?? '') };
    const slashes = word.split('/');
    if (slashes.length > 2) throw invalid(MESSAGE, 'q', `"${word}" can only contain 1 '/'`);
    if (slashes.length === 2) return { key: 'owner/name', value: unquote(word) };
    return { key: 'name', value: unquote(word) };
  });
}

type Test = (workspace: Workspace) => boolean;

const STATUSES = 'pending starting running stopping stopped failed canceling canceled deleting deleted'.split(' ');

/** V0's SQL predicates with their slips: `deleting` and `deleted` swapped, cancelled ones counted twice. */
function v0StatusTest(status: string): Test {
  return (workspace) => {
    const build = latestBuild(workspace);
    const { job, transition } = build;
    const done = job.completedAt !== undefined && job.error === undefined && job.canceledAt === undefined;
    const going = job.startedAt !== undefined && job.completedAt === undefined && job.canceledAt === undefined;
    switch (status) {
      case 'pending':
        return job.startedAt === undefined;
      case 'starting':
        return going && transition === 'start';
      case 'running':
        return done && transition === 'start';
      case 'stopping':
        return going && transition === 'stop';
      case 'stopped':
        return done && transition === 'stop';
      case 'deleting':
        return done && transition === 'delete';
      case 'deleted':
        return going && transition === 'delete';
      case 'canceling':
        return job.canceledAt !== undefined && job.completedAt === undefined;
      case 'canceled':
        return job.canceledAt !== undefined && job.completedAt !== undefined;
      case 'failed':
        return job.error !== undefined;
      default:
        return true;
    }
  };
}

function flagOf(term: Term): boolean {
  if (term.value === 'true' || term.value === 'false') return term.value === 'true';
  throw invalid(MESSAGE, term.key, `Query param "${term.key}" must be a valid boolean`);
}

const agentsOf = (workspace: Workspace): Agent[] =>
  latestBuild(workspace).resources.flatMap((resource) => resource.agents);

function testOf(store: Store, viewer: User, term: Term): Test {
  const strict = store.age.name === 'v2';
  const owner = (wanted: string): Test => {
    const name = wanted === 'me' ? viewer.username.toLowerCase() : wanted;
    return (workspace) => must(store.users, workspace.ownerId).username.toLowerCase() === name;
  };
  const name =
    (part: string): Test =>
    (workspace) =>
      workspace.name.toLowerCase().includes(part);
  const { key, value } = term;
  switch (key) {
    case 'name':
      return name(value);
    case 'owner':
      return owner(value);
    case 'owner/name': {
      const [ownerName = '', workspaceName = ''] = value.split('/');
      const [isOwner, isName] = [owner(ownerName), name(workspaceName)];
      return (workspace) => isOwner(workspace) && isName(workspace);
    }
    case 'template':
      return (workspace) => must(store.templates, workspace.templateId).name.toLowerCase() === value;
    case 'status': {
      if (!strict) return v0StatusTest(value);
      const raw = ['succeeded', 'unknown'];
      if (![...STATUSES, ...raw].includes(value))
        throw invalid(MESSAGE, 'status', `Query param "status" has invalid value: "${value}"`);
      return (workspace) => {
        const build = latestBuild(workspace);
        return buildStatus(build) === value || (raw.includes(value) && jobStatus(build.job) === value);
      };
    }
    case 'has-agent': {
      const wanted = value.split(',');
      return (workspace) => agentsOf(workspace).some((agent) => wanted.includes(agentStatus(store, agent)));
    }
    case 'id':
      if (!strict) return () => true;
      return (workspace) => value.split(',').includes(workspace.id);
    case 'dormant': {
      if (!strict) return () => true;
      const wanted = flagOf(term);
      return (workspace) => (workspace.dormantAt !== undefined) === wanted;
    }
    case 'organization':
      if (!strict) return () => true;
      return () => organizationOf(store).name.toLowerCase() === value;
    case 'healthy': {
      if (!strict) return () => true;
      const wanted = flagOf(term) ? ['connected'] : ['disconnected', 'timeout'];
      return (workspace) => agentsOf(workspace).some((agent) => wanted.includes(agentStatus(store, agent)));
    }
    case 'param': {
      if (!strict) return () => true;
      const [parameter = '', exact] = value.split('=');
      return (workspace) =>
        latestBuild(workspace).parameters.some(
          (each) =>
            each.name.toLowerCase() === parameter && (exact === undefined || each.value.toLowerCase() === exact),
        );
    }
    case 'last_used_after':
    case 'last_used_before': {
      if (!strict) return () => true;
      const at = Date.parse(value.toUpperCase());
      if (Number.isNaN(at)) throw invalid(MESSAGE, key, `Query param "${key}" must be a valid date format`);
      const isAfter = key === 'last_used_after';
      return ({ lastUsedAt = 0 }) => (isAfter ? lastUsedAt > at : lastUsedAt < at);
    }
    case 'shared': {
      if (!strict) return () => true;
      const wanted = flagOf(term);
      return (workspace) => workspace.sharedWith.size > 0 === wanted;
    }
    case 'shared_with_user': {
      if (!strict) return () => true;
      if (value === 'me' && !store.age.sharesWorkspaces) throw invalid(MESSAGE, key, 'no user named me');
      const name = value === 'me' ? viewer.username.toLowerCase() : value;
      const user = [...store.users.values()].find(
        ({ id, username }) => id === value || username.toLowerCase() === name,
      );
      if (user === undefined) throw invalid(MESSAGE, key, `Query param "${key}" has invalid value: no user ${value}`);
      return (workspace) => workspace.sharedWith.has(user.id);
    }
    case 'outdated': {
      if (!strict) return () => true;
      const wanted = flagOf(term);
      return (workspace) =>
        (latestBuild(workspace).versionId !== must(store.templates, workspace.templateId).activeVersionId) === wanted;
    }
    default:
      if (strict) throw invalid(MESSAGE, key, `"${key}" is not a valid query param`);
      return () => true;
  }
}

/** The last of several terms with one key wins (V0); V2 joins bare words and refuses other repeats. */
function settle(terms: readonly Term[], strict: boolean): Term[] {
  const settled = new Map<string, Term>();
  for (const term of terms) {
    const known = settled.get(term.key);
    if (known !== undefined && strict && term.key !== 'name')
      throw invalid(MESSAGE, term.key, `Query param "${term.key}" provided more than once`);
    const value = known !== undefined && strict ? `${known.value} ${term.value}` : term.value;
    settled.set(term.key, { key: term.key, value });
  }
  return [...settled.values()];
}

export function workspaceFilter(store: Store, viewer: User, q: string): Test {
  const strict = store.age.name === 'v2';
  const tests = settle(parseTerms(q, strict), strict).map((term) => testOf(store, viewer, term));
  return (workspace) => tests.every((test) => test(workspace));
}

/** Contract 2.4, row "Order". */
export function workspaceOrder(store: Store, viewer: User): (a: Workspace, b: Workspace) => number {
  const owner = (workspace: Workspace): string => must(store.users, workspace.ownerId).username.toLowerCase();
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  if (store.age.name === 'v0')
    return (a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0) || byText(a.name.toLowerCase(), b.name.toLowerCase());
  const running = (workspace: Workspace): number => (buildStatus(latestBuild(workspace)) === 'running' ? 0 : 1);
  const favorite = (workspace: Workspace): number => (workspace.favoriteOf.has(viewer.id) ? 0 : 1);
  return (a, b) =>
    favorite(a) - favorite(b) ||
    running(a) - running(b) ||
    byText(owner(a), owner(b)) ||
    byText(a.name.toLowerCase(), b.name.toLowerCase());
}
