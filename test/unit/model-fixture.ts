import { readFileSync } from 'node:fs';
import { User } from '../../src/api/schemas/users.ts';
import { Workspace, type Build } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs } from '../../src/api/units.ts';
import type { DisplayLocale } from '../../src/model/times.ts';
import type { TreeOptions } from '../../src/model/treeNode.ts';

/** Wednesday. */
export const NOW = Date.parse('2026-11-25T15:40:00Z') as EpochMs;
export const at = (text: string): EpochMs => Date.parse(text) as EpochMs;
export const fromNow = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();

export const PLACE: DisplayLocale = {
  locale: 'en',
  typedLocale: 'en',
  timeZone: 'UTC',
  hourCycle: 'h23',
  showsZone: false,
};
/** How somebody reads times whose VS Code speaks that language, in every sentence. */
export const localized = (locale: string, changes: Partial<DisplayLocale> = {}): DisplayLocale => ({
  ...PLACE,
  locale,
  typedLocale: locale,
  ...changes,
});

export const OWNER = User.parse({ id: 'u-owner', username: 'owner', roles: [{ name: 'owner', display_name: '' }] });
export const MEMBER = User.parse({ id: 'u-dana', username: 'dana', roles: [] });

type Json = Readonly<Record<string, unknown>>;

interface Changes {
  readonly workspace?: Json;
  readonly build?: Json;
  readonly job?: Json;
}

const STATUSES: Readonly<Record<string, readonly [transition: string, jobStatus: string]>> = {
  pending: ['start', 'pending'],
  starting: ['start', 'running'],
  running: ['start', 'succeeded'],
  stopping: ['stop', 'running'],
  stopped: ['stop', 'succeeded'],
  canceling: ['start', 'canceling'],
  canceled: ['start', 'canceled'],
  failed: ['start', 'failed'],
  deleting: ['delete', 'running'],
  deleted: ['delete', 'succeeded'],
};

/** A workspace as a server would send it, read as the client reads it. */
export const workspace = (status: string, { workspace: own = {}, build = {}, job = {} }: Changes = {}): Workspace => {
  const [transition, jobStatus] = STATUSES[status] ?? ['start', 'succeeded'];
  const isOver = ['succeeded', 'failed', 'canceled'].includes(jobStatus);
  return Workspace.parse({
    id: 'w-1',
    name: 'api-server',
    owner_id: 'u-dana',
    owner_name: 'dana',
    template_id: 't-1',
    template_name: 'dev',
    template_allow_user_cancel_workspace_jobs: true,
    outdated: false,
    last_used_at: fromNow(-30),
    ...own,
    latest_build: {
      id: 'b-1',
      workspace_id: 'w-1',
      build_number: 1,
      transition,
      status,
      reason: 'initiator',
      initiator_name: 'dana',
      template_version_name: 'clever_pike9',
      created_at: fromNow(-60),
      updated_at: fromNow(-59),
      deadline: null,
      resources: [],
      ...build,
      job: {
        id: 'j-1',
        status: jobStatus,
        created_at: fromNow(-60),
        started_at: jobStatus === 'pending' ? undefined : fromNow(-60),
        completed_at: isOver ? fromNow(-59) : undefined,
        ...job,
      },
    },
  });
};

/** A running workspace that stops so many minutes from now. */
export const stopping = (inMinutes: number, changes: Changes = {}): Workspace =>
  workspace('running', { ...changes, build: { deadline: fromNow(inMinutes), ...changes.build } });

/** A build by itself, as a POST or a GET answers with it. */
export const build = (status: string, changes: Omit<Changes, 'workspace'> = {}): Build =>
  workspace(status, changes).latest_build;

export const agent = (name: string, changes: Json = {}): Json => ({
  id: `a-${name}`,
  name,
  status: 'connected',
  operating_system: 'linux',
  architecture: 'amd64',
  apps: [],
  ...changes,
});

export const resource = (name: string, changes: Json = {}): Json => ({
  id: `r-${name}`,
  name,
  type: 'docker_container',
  agents: [],
  metadata: [],
  ...changes,
});

export const treeOptions = (changes: Partial<TreeOptions> = {}): TreeOptions => ({
  deploymentKey: 'coder.example.com',
  host: 'coder.example.com',
  displayLocale: PLACE,
  flattenAgents: true,
  showHiddenResources: false,
  ...changes,
});

/** The body of a recorded answer: `v2/workspace`. */
export const recorded = (name: string): unknown => {
  const file = new URL(`../recordings/${name}.json`, import.meta.url);
  const exchange = JSON.parse(readFileSync(file, 'utf8')) as { response: { body: unknown } };
  return exchange.response.body;
};
