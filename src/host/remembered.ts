import type { Memento } from 'vscode';
import type { WorkspaceId } from '../api/units.ts';
import { readFinding, type Finding } from '../model/finding.ts';
import { Variable, type Observable } from '../model/observable.ts';

/** Small conveniences kept between windows; never a secret. */
export interface Remembered {
  /** Ids of templates that a workspace was created from, latest first. */
  recentTemplates(deploymentKey: string): readonly string[];
  rememberTemplate(deploymentKey: string, templateId: string): Promise<void>;
  /** What the tree shows, and how. */
  finding(deploymentKey: string): Finding;
  rememberFinding(deploymentKey: string, finding: Finding): Promise<void>;
  /** Whether a stop by autostop is told. */
  tellsAutostop(): boolean;
  neverTellAutostop(): Promise<void>;
  /** What *Repeat Last Extension* does; of any shape. */
  usualExtension(): unknown;
  rememberExtension(move: unknown): Promise<void>;
  /** The workspace whose stop the status bar shows before others. */
  pinned(deploymentKey: string): WorkspaceId | undefined;
  /** `undefined` unpins. */
  pin(deploymentKey: string, id: WorkspaceId | undefined): Promise<void>;
  /** How many of these this window has written. */
  readonly writes: Observable<number>;
}

const recentKey = (deploymentKey: string): string => `recentTemplates:${deploymentKey}`;
const findingKey = (deploymentKey: string): string => `finding:${deploymentKey}`;
const AUTOSTOP = 'autostopNotice';
const pinKey = (deploymentKey: string): string => `pinned:${deploymentKey}`;
const EXTENSION = 'usualExtension';
const KEPT = 5;

export function createRemembered(memento: Memento): Remembered {
  const recentTemplates = (deploymentKey: string): string[] => {
    const value = memento.get<unknown>(recentKey(deploymentKey));
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string').slice(0, KEPT) : [];
  };
  const writes = new Variable(0);
  const write = async (key: string, value: unknown): Promise<void> => {
    await memento.update(key, value);
    writes.set(writes.value + 1);
  };
  return {
    recentTemplates,
    rememberTemplate: (deploymentKey, templateId) => {
      const others = recentTemplates(deploymentKey).filter((each) => each !== templateId);
      return write(recentKey(deploymentKey), [templateId, ...others].slice(0, KEPT));
    },
    finding: (deploymentKey) => readFinding(memento.get<unknown>(findingKey(deploymentKey))),
    rememberFinding: (deploymentKey, finding) => write(findingKey(deploymentKey), finding),
    tellsAutostop: () => memento.get<unknown>(AUTOSTOP) !== false,
    neverTellAutostop: () => write(AUTOSTOP, false),
    usualExtension: () => memento.get<unknown>(EXTENSION),
    rememberExtension: (move) => write(EXTENSION, move),
    pinned: (deploymentKey) => {
      const value = memento.get<unknown>(pinKey(deploymentKey));
      return typeof value === 'string' ? (value as WorkspaceId) : undefined;
    },
    pin: (deploymentKey, id) => write(pinKey(deploymentKey), id),
    writes,
  };
}
