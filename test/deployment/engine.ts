/** The running parts together: what every route gets to work with. */
import type { Clock, Pace } from './clock.ts';
import type { Hub } from './events.ts';
import type { Machines } from './agents.ts';
import type { Provisioner } from './provisioner.ts';
import type { Watcher } from './streams.ts';
import type { Wire } from './wire/wire.ts';
import type { Store } from './store.ts';

export interface Engine {
  readonly store: Store;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly hub: Hub;
  readonly machines: Machines;
  readonly provisioner: Provisioner;
  readonly watchers: Set<Watcher>;
  readonly wire: Wire;
  /** The access URL, without a slash at its end. */
  readonly accessUrl: () => string;
}
