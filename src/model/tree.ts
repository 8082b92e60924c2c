import type { AgentId, AppId, BuildId, Milliseconds, TemplateId, WorkspaceId } from '../api/units.ts';
import type { UsualTimes } from './buildTimes.ts';
import type { State } from './state.ts';
import type { Place } from './times.ts';
import type { User } from '../api/schemas/users.ts';

export type NodeKind = 'workspace' | 'resource' | 'agent' | 'app' | 'metadata' | 'empty' | 'unreachable';

/** A codicon and a colour of the theme, by their ids. */
export interface NodeIcon {
  readonly id: string;
  readonly color?: string;
}

/** What a row is about. Agents and apps are named, not numbered: their ids are new with every build (contract 7.14). */
export interface NodeRefs {
  readonly workspaceId?: WorkspaceId;
  readonly buildId?: BuildId;
  readonly agentId?: AgentId;
  readonly agentName?: string;
  readonly appId?: AppId;
  readonly appSlug?: string;
}

/** One row, as plain data. All text is plain: no control or bidirectional characters, one line. */
export interface TreeNode {
  /** Stable over refreshes and builds, unique in the tree. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly description: string;
  readonly icon: NodeIcon | undefined;
  /** The kind, then what can be done: `workspace can-start can-delete`. */
  readonly contextValue: string;
  /** The whole row in words, for a screen reader. */
  readonly ariaLabel: string;
  /** `outdated`: a newer version of the template is active. */
  readonly badge?: 'outdated';
  readonly children: readonly TreeNode[];
  readonly refs: NodeRefs;
}

export interface TreeOptions {
  /** Keeps the rows of two deployments apart. */
  readonly deploymentKey: string;
  /** Shown where the deployment cannot be reached. */
  readonly host: string;
  readonly place: Place;
  /** Draw a resource that has exactly one agent as that agent. */
  readonly flattenAgents: boolean;
  readonly showHiddenResources: boolean;
  readonly usualTimes?: ReadonlyMap<TemplateId, UsualTimes>;
}
