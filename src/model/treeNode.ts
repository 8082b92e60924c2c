import type { AgentId, AppId, TemplateId, WorkspaceId } from '../api/units.ts';
import type { UsualTimes } from './buildTimes.ts';
import type { DisplayLocale } from './times.ts';

export type NodeKind = 'workspace' | 'resource' | 'agent' | 'app' | 'metadata' | 'empty' | 'unreachable';

/** A codicon and a colour of the theme, by their ids. */
export interface NodeIcon {
  readonly id: string;
  readonly color?: string;
}

/** What a row is about, in the build that it shows: ids of agents and apps are new with every build (contract 7.14). */
export interface NodeRefs {
  readonly workspaceId?: WorkspaceId;
  readonly agentId?: AgentId;
  readonly appId?: AppId;
}

/** One row, as plain data. All its text is one line each and holds no control or bidirectional characters. */
export interface TreeNode {
  /** The same over refreshes and builds, unique in the tree. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly description: string;
  readonly icon?: NodeIcon | undefined;
  /** The kind, its state, what can be done: `workspace stopped can-start can-delete`. */
  readonly contextValue: string;
  /** The whole row in words, for a screen reader. */
  readonly ariaLabel: string;
  /** `outdated`: a newer version of the template is active. */
  readonly badge?: 'outdated' | undefined;
  readonly children: readonly TreeNode[];
  readonly refs: NodeRefs;
}

export interface TreeOptions {
  /** Keeps the rows of two deployments apart. */
  readonly deploymentKey: string;
  /** What a deployment that cannot be reached is called. */
  readonly host: string;
  readonly displayLocale: DisplayLocale;
  /** Draw a resource that has exactly one agent as that agent. */
  readonly flattenAgents: boolean;
  readonly showHiddenResources: boolean;
  readonly usualTimes?: ReadonlyMap<TemplateId, UsualTimes> | undefined;
}

/** Gives the rows of one parent ids of their own, also where the server names two of them alike. */
export class ChildIds {
  readonly #parentId: string;
  readonly #given = new Map<string, number>();

  constructor(parentId: string) {
    this.#parentId = parentId;
  }

  of(segment: string): string {
    const count = (this.#given.get(segment) ?? 0) + 1;
    this.#given.set(segment, count);
    // A segment cannot hold a bare slash, so that `a` + `b/c` and `a/b` + `c` stay apart.
    const safe = encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd'));
    return `${this.#parentId}/${safe}${count === 1 ? '' : `#${count}`}`;
  }
}
