import type { AgentId, AppId, ResourceId, TemplateId, WorkspaceId } from '../api/units.ts';
import type { UsualTimes } from './buildTimes.ts';
import type { DisplayLocale } from './times.ts';

export type NodeKind = 'group' | 'workspace' | 'resource' | 'agent' | 'app' | 'metadata' | 'empty' | 'unreachable';

/** Ids of a codicon and a theme color. */
export interface NodeIcon {
  readonly id: string;
  readonly color?: string;
}

/** Ids of the objects that a row shows. Ids of agents and apps change with every build (contract 7.14). */
export interface NodeRefs {
  readonly workspaceId?: WorkspaceId;
  readonly agentId?: AgentId;
  readonly appId?: AppId;
  /** Key of a metadata item. The row doesn't hold its value, which may be secret. */
  readonly resourceId?: ResourceId;
  readonly metadataKey?: string;
}

/** What stands in a row, as plain data. All its text is one line each and holds no control or bidirectional characters. */
export interface RowFields {
  /** Unique in the tree and stable across refreshes and builds. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly description: string;
  readonly icon?: NodeIcon | undefined;
  /** Kind, status, and allowed verbs, for `when` clauses: `workspace stopped can-start can-delete`. */
  readonly contextValue: string;
  /** The whole row in words, for a screen reader. */
  readonly ariaLabel: string;
  /** `outdated`: a newer version of the template is active. */
  readonly badge?: string | undefined;
  readonly refs: NodeRefs;
}

/** One row, and those below it. */
export class TreeNode implements RowFields {
  declare readonly id: string;
  declare readonly kind: NodeKind;
  declare readonly label: string;
  declare readonly description: string;
  declare readonly icon: NodeIcon | undefined;
  declare readonly contextValue: string;
  declare readonly ariaLabel: string;
  declare readonly badge: string | undefined;
  declare readonly refs: NodeRefs;
  readonly hasChildren: boolean;
  #children: readonly TreeNode[] | (() => readonly TreeNode[]);

  /** A function builds the children, of which there is at least one, when they are first requested. */
  constructor(fields: RowFields, children: readonly TreeNode[] | (() => readonly TreeNode[]) = []) {
    Object.assign(this, fields);
    this.#children = children;
    this.hasChildren = typeof children === 'function' || children.length > 0;
  }

  get children(): readonly TreeNode[] {
    if (typeof this.#children === 'function') this.#children = this.#children();
    return this.#children;
  }

  /** The children if they have been built. */
  get builtChildren(): readonly TreeNode[] | undefined {
    return typeof this.#children === 'function' ? undefined : this.#children;
  }
}

export interface TreeOptions {
  /** Prefix of all row ids. */
  readonly deploymentKey: string;
  /** Label of the row shown when the deployment can't be reached. */
  readonly host: string;
  readonly displayLocale: DisplayLocale;
  /** Draw a resource that has exactly one agent as that agent. */
  readonly flattenAgents: boolean;
  readonly showHiddenResources: boolean;
  /** The workspace that is pinned to the status bar. */
  readonly pinned?: WorkspaceId | undefined;
  /** Stops of interrupted restarts (`restartedStop`). */
  readonly interruptedRestarts?: readonly string[] | undefined;
  readonly usualTimes?: ReadonlyMap<TemplateId, UsualTimes> | undefined;
  /** The deployment's own version, in the form of its agents'; `undefined`: not known. */
  readonly buildVersion?: string | undefined;
}

/** Makes the ids of the rows of one parent unique, even if the server sends equal names. */
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
