import * as vscode from 'vscode';
import type { BuildId, WorkspaceId } from '../api/units.ts';
import type { FollowedBuild } from './buildLogs.ts';

/** Characters of a log that are kept. V2 cuts a log at 1 MiB (contract 3.3), V0 nowhere. */
const MOST_KEPT = 8_000_000;

/**
 * The output channel of one workspace. What was written of its latest build is kept: the channel is written anew when
 * the log is asked for after *Clear Output*, and under another name after a rename, which VS Code knows only as another
 * channel.
 */
export class LogChannel {
  /** A workspace made under the name of a deleted one takes its channel over. */
  workspaceId: WorkspaceId;
  readonly followed = new Map<BuildId, FollowedBuild>();
  #name: string;
  #output: vscode.OutputChannel | undefined;
  #build: BuildId | undefined;
  /** `undefined`: there was too much of it. */
  #kept: string[] | undefined = [];
  #keptLength = 0;

  constructor(workspaceId: WorkspaceId, name: string) {
    this.workspaceId = workspaceId;
    this.#name = name;
    this.#output = open(name);
  }

  get name(): string {
    return this.#name;
  }

  /** The log of `build` is written from its first line, behind what is there. */
  begin(build: BuildId): void {
    if (this.keeps(build)) return;
    if (this.#build === build) this.#output?.clear();
    this.#build = build;
    this.#kept = [];
    this.#keptLength = 0;
  }

  /** Does nothing once the channel was taken away: a log may end later. */
  append(build: BuildId, text: string): void {
    if (text === '') return;
    this.#output?.append(text);
    if (build !== this.#build) return;
    this.#kept?.push(text);
    this.#keptLength += text.length;
    if (this.#keptLength > MOST_KEPT) this.#kept = undefined;
  }

  /** Whether all that was written of `build` can be written anew. */
  keeps(build: BuildId): boolean {
    return this.#build === build && this.#kept !== undefined;
  }

  /** Opens the channel with the log of its latest build alone; the focus stays where it is. */
  show(): void {
    this.#rewrite();
    this.#output?.show(true);
  }

  /** The channel under its present name goes; `takeName` makes the next one. */
  leaveName(): void {
    this.#output?.dispose();
  }

  takeName(name: string): void {
    this.#name = name;
    this.#output = open(name);
    this.#rewrite();
  }

  dispose(): void {
    this.#output?.dispose();
    this.#output = undefined;
  }

  #rewrite(): void {
    if (this.#kept !== undefined) this.#output?.replace(this.#kept.join(''));
  }
}

const open = (name: string): vscode.OutputChannel =>
  vscode.window.createOutputChannel(name, 'coderWorkspaces-build-log');
