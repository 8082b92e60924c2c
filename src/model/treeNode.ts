import type { AgentId, AppId, BuildId, ResourceId, TemplateId, WorkspaceId } from '../api/units.ts';
import type { UsualTimes } from './buildTimes.ts';
import type { DisplayLocale } from './times.ts';

export type NodeKind = 'group' | 'workspace' | 'resource' | 'agent' | 'app' | 'metadata' | 'empty' | 'unreachable';

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
  /** Of a row of metadata, whose value is not kept in the row: it may be a secret. */
  readonly resourceId?: ResourceId;
  readonly metadataKey?: string;
}

/** What stands in a row, as plain data. All its text is one line each and holds no control or bidirectional characters. */
export interface RowFields {
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
  readonly refs: NodeRefs;
}

/** One row and those below it. */
export interface TreeNode extends RowFields {
  readonly hasChildren: boolean;
  /** Built when they are first asked for. */
  readonly children: readonly TreeNode[];
  /** The children, if they were asked for. */
  readonly builtChildren: readonly TreeNode[] | undefined;
}

/** All but the children. */
export const fieldsOf = (row: RowFields): RowFields => ({
  id: row.id,
  kind: row.kind,
  label: row.label,
  description: row.description,
  icon: row.icon,
  contextValue: row.contextValue,
  ariaLabel: row.ariaLabel,
  badge: row.badge,
  refs: row.refs,
});

/** A row whose children are at hand. */
export const nodeWith = (fields: RowFields, children: readonly TreeNode[] = []): TreeNode => ({
  ...fields,
  hasChildren: children.length > 0,
  children,
  builtChildren: children,
});

/** A row that has children, which `build` makes when they are first asked for. */
export class LazyNode implements TreeNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly description: string;
  readonly icon: NodeIcon | undefined;
  readonly contextValue: string;
  readonly ariaLabel: string;
  readonly badge: 'outdated' | undefined;
  readonly refs: NodeRefs;
  readonly hasChildren = true;
  readonly #build: () => readonly TreeNode[];
  #built: readonly TreeNode[] | undefined;

  constructor(fields: RowFields, build: () => readonly TreeNode[]) {
    this.id = fields.id;
    this.kind = fields.kind;
    this.label = fields.label;
    this.description = fields.description;
    this.icon = fields.icon;
    this.contextValue = fields.contextValue;
    this.ariaLabel = fields.ariaLabel;
    this.badge = fields.badge;
    this.refs = fields.refs;
    this.#build = build;
  }

  get children(): readonly TreeNode[] {
    this.#built ??= this.#build();
    return this.#built;
  }

  get builtChildren(): readonly TreeNode[] | undefined {
    return this.#built;
  }
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
  /** The workspace that is pinned to the status bar. */
  readonly pinned?: WorkspaceId | undefined;
  /** Stops that a start was to follow, which nobody made. */
  readonly interruptedRestarts?: readonly BuildId[] | undefined;
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
