import type { ServerClock } from '../api/clock.ts';
import type { Milliseconds } from '../api/units.ts';
import { heartbeat } from './heartbeat.ts';
import { Variable, type Observable } from './observable.ts';
import type { Timing } from './timing.ts';

export interface ClockWatchOptions {
  readonly clock: ServerClock;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** The machine's network addresses; a change means another network. */
  readonly addresses: () => string;
  readonly isAway: () => boolean;
  /** The machine slept, so all sockets may be dead without an event. */
  readonly onSleep: () => void;
  /** The local clock was set back. */
  readonly onSetBack: () => void;
  /** The network changed while the deployment was unavailable. */
  readonly onOtherNetwork: () => void;
  readonly log: (line: string) => void;
  readonly onError: (error: unknown) => void;
}

/** Interval at which changes of the clock, sleep, and another network are detected. */
const BEAT_MS = 5_000 as Milliseconds;

/** Notices sleep, changes of the local clock, corrections of the server's clock, and another network. */
export class ClockWatch {
  readonly #options: ClockWatchOptions;
  readonly #corrections = new Variable(0);
  /** The machine's addresses at the last beat of an outage. */
  #addresses: string | undefined;

  constructor(options: ClockWatchOptions) {
    this.#options = options;
    options.clock.onCorrected = () => this.#correct();
  }

  /** Incremented when the clock jumped or was corrected: whoever shows times then redraws. */
  get corrections(): Observable<number> {
    return this.#corrections;
  }

  /** Runs until the signal aborts. Never rejects. */
  run(): Promise<void> {
    return heartbeat({
      ...this.#options,
      everyMs: BEAT_MS,
      onJump: (jumpMs) => this.#jump(jumpMs),
      onBeat: () => this.#lookAtNetwork(),
    });
  }

  /** During an outage, other addresses mean that the deployment may be reachable again. */
  #lookAtNetwork(): void {
    const { isAway, addresses, onOtherNetwork } = this.#options;
    const before = this.#addresses;
    this.#addresses = isAway() ? addresses() : undefined;
    if (before !== undefined && this.#addresses !== undefined && this.#addresses !== before) onOtherNetwork();
  }

  #jump(jumpMs: Milliseconds): void {
    const { clock, log, onSetBack, onSleep } = this.#options;
    log(`the clock moved by ${Math.round(jumpMs / 1000)} s`);
    clock.localClockJumped(jumpMs);
    this.#correct();
    if (jumpMs < 0) onSetBack();
    else onSleep();
  }

  #correct(): void {
    this.#corrections.set(this.#corrections.value + 1);
  }
}
