import type { Calls } from '../api/calls.ts';
import type { CommandStreams } from '../api/commandStreams.ts';
import { inBackground, type ApiError } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { TemplateId, WorkspaceId } from '../api/units.ts';
import { watchWorkspace } from '../api/watch.ts';
import type { Activity } from './activityText.ts';
import { wantedReads, type Attention, type Reads } from './attention.ts';
import { BuildTimes, needsTemplate, type UsualTimes } from './buildTimes.ts';
import type { Observable } from './observable.ts';
import type { StateStore } from './stateStore.ts';
import type { Timing } from './timing.ts';
import { TransitionPolls } from './transitionPolls.ts';
import { Watching } from './watching.ts';
import { standingIn } from './found.ts';
import { watchPlan } from './watchPlan.ts';

export interface FollowingOptions {
  readonly calls: Calls;
  readonly store: StateStore;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly onWorkspace: (workspace: Workspace) => void;
  /** Reads one workspace in the background; failures are handled inside. */
  readonly read: (id: WorkspaceId) => Promise<unknown>;
  /** A stream began or ceased to tell. */
  readonly onChange: () => void;
  /** Whether `error` ends the session. */
  readonly ends: (error: ApiError) => Promise<boolean>;
  /** Streams suggest that the deployment is unavailable. */
  readonly onDoubt: () => Promise<void>;
  /** A stream failed with an unexpected error. */
  readonly onTrouble: (error: unknown) => Promise<void>;
  /** A mistake of this extension. */
  readonly onError: (error: unknown) => void;
  readonly log: (line: string) => void;
}

/** Streams and reads of single workspaces: watches, polls during transitions, and template data. */
export class Following {
  readonly #store: StateStore;
  readonly #commandStreams: CommandStreams;
  readonly #watching: Watching;
  readonly #polls: TransitionPolls;
  readonly #buildTimes: BuildTimes;

  constructor(options: FollowingOptions) {
    const { calls, store, read, ends, onTrouble, onError } = options;
    this.#store = store;
    this.#commandStreams = calls.commandStreams;
    this.#buildTimes = new BuildTimes(calls, options);
    this.#watching = new Watching({
      ...options,
      watch: (id, stop, isRefused) => watchWorkspace(calls, id, stop, isRefused),
      onRefused: async (id, error) => {
        if (!(await ends(error))) await read(id);
      },
      onError: (error) => inBackground(onTrouble(error), onError),
    });
    this.#polls = new TransitionPolls({ ...options, isPaused: () => store.outage !== undefined });
  }

  /** What is known of the templates of workspaces that are in transition or will stop; grows as they are learned. */
  get usualTimes(): Observable<ReadonlyMap<TemplateId, UsualTimes>> {
    return this.#buildTimes.known;
  }

  get activity(): Omit<Activity, 'next'> {
    const { open, wanted } = this.#watching.count;
    const { blockedForMs } = this.#watching;
    return { openStreams: open, wantedStreams: wanted, blockedForMs, polled: this.#polls.count };
  }

  /** Runs until the signal aborts. Never rejects. */
  run(): Promise<void> {
    return this.#polls.run();
  }

  /** The reads that `attention` requires; `undefined`: none. */
  wantedReads(attention: Attention): Reads | undefined {
    const isWatched = (id: WorkspaceId): boolean => this.#watching.isWatched(id);
    return wantedReads(attention, { workspaces: this.#wanted(attention), isWatched });
  }

  /** Opens the streams and starts the reads that are needed now. */
  follow(attention: Attention): void {
    const workspaces = this.#wanted(attention);
    const most = Math.max(0, attention.maxStreams - this.#commandStreams.count);
    this.#watching.follow(watchPlan(workspaces, most, attention, standingIn(this.#store.state.value)));
    const reads = this.wantedReads(attention);
    this.#polls.follow(reads?.polls ?? []);
    for (const workspace of reads === undefined ? [] : workspaces) {
      if (workspace.template_id !== undefined && needsTemplate(workspace))
        this.#buildTimes.learn(workspace.template_id);
    }
  }

  /** Those that somebody waits to hear of: others' workspaces only where rows are to be seen, or builds are followed. */
  #wanted({ isSeen, followed }: Attention): readonly Workspace[] {
    const { workspaces, state } = this.#store;
    const { isOwn } = standingIn(state.value);
    return isSeen ? workspaces : workspaces.filter((each) => isOwn(each) || followed.has(each.id));
  }

  /** The due times may have changed. */
  reconsider(): void {
    this.#polls.reconsider();
  }

  /** The deployment is away: no stream is opened until it is back. */
  suspend(): void {
    this.#watching.suspend();
  }

  /** The deployment answers again. */
  resume(): void {
    this.#watching.resume();
  }

  /** Opens all streams anew: after a sleep their sockets are dead without having been told. */
  restart(): void {
    this.#watching.restart();
  }

  stop(): void {
    this.#watching.follow([]);
  }
}
