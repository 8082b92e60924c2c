/** What this process holds, so that a test can say that it is no more than before: client and deployment are both in it. */
import { EventEmitter, getEventListeners } from 'node:events';
import * as http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Variable, type Disposable } from '../../src/model/observable.ts';

export interface Holdings {
  readonly sockets: number;
  readonly timers: number;
  /** Of all abort signals that have not aborted and are still referenced. */
  readonly abortListeners: number;
  /** Of all observables that are still referenced. */
  readonly subscribers: number;
  /** Of this process and of the agent that all connections share. */
  readonly globalListeners: number;
  /** Abort signals that somebody has listened to, and that are still referenced. */
  readonly signals: number;
  /** Node's event emitters; 0 with few rounds, for to count them takes a second. */
  readonly emitters: number;
  /** Such as that an emitter has too many listeners. */
  readonly warnings: number;
  readonly heapBytes: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const seen = new WeakSet<EventTarget>();
const signals = new Set<WeakRef<AbortSignal>>();
// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const { addEventListener } = EventTarget.prototype;
EventTarget.prototype.addEventListener = function (this: EventTarget, ...args: Parameters<typeof addEventListener>) {
  if (this instanceof AbortSignal && !seen.has(this)) {
    seen.add(this);
    signals.add(new WeakRef(this));
  }
  addEventListener.apply(this, args);
};

const subscriptions = new WeakMap<Variable<unknown>, Set<Disposable>>();
const observables = new Set<WeakRef<Variable<unknown>>>();
// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const { subscribe } = Variable.prototype;
Variable.prototype.subscribe = function (this: Variable<unknown>, ...args: Parameters<typeof subscribe>) {
  const subscription = subscribe.apply(this, args);
  const all = subscriptions.get(this) ?? new Set();
  if (!subscriptions.has(this)) observables.add(new WeakRef(this));
  subscriptions.set(this, all.add(subscription));
  return {
    dispose: () => {
      all.delete(subscription);
      subscription.dispose();
    },
  };
};

let warnings = 0;
process.on('warning', ({ name }) => {
  if (name !== 'ExperimentalWarning') warnings += 1;
});

const active = (kind: string): number => process.getActiveResourcesInfo().filter((each) => each === kind).length;
const listenersOf = (emitter: EventEmitter): number =>
  emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

const abortListeners = (): number => {
  let count = 0;
  for (const reference of signals) {
    const signal = reference.deref();
    if (signal === undefined) signals.delete(reference);
    else if (!signal.aborted) count += getEventListeners(signal, 'abort').length;
  }
  return count;
};

const subscribers = (): number => {
  let count = 0;
  for (const reference of observables) {
    const observable = reference.deref();
    if (observable === undefined) observables.delete(reference);
    else count += subscriptions.get(observable)?.size ?? 0;
  }
  return count;
};

/** Connections that are kept for the next request end by themselves after seconds. */
const closeIdleConnections = (): void => {
  for (const sockets of Object.values(http.globalAgent.freeSockets)) for (const each of sockets ?? []) each.destroy();
};

/** Garbage is collected twice, since what is collected may let go of more. */
export const heapUsed = async (rounds = 2): Promise<number> => {
  for (let round = 0; round < rounds; round += 1) {
    await pause(10);
    collect();
  }
  return process.memoryUsage().heapUsed;
};

const countNow = (): Pick<Holdings, 'sockets' | 'timers'> => ({
  sockets: active('TCPSocketWrap'),
  timers: active('Timeout'),
});

/** The deployment of this process has timers of its own while something goes on there: the fewest of half a second. */
export const holdings = async (isThorough: boolean): Promise<Holdings> => {
  closeIdleConnections();
  let { sockets, timers } = countNow();
  for (let look = 0; look < 25; look += 1) {
    await pause(20);
    closeIdleConnections();
    const now = countNow();
    [sockets, timers] = [Math.min(sockets, now.sockets), Math.min(timers, now.timers)];
  }
  await heapUsed();
  // Both let go of what is gone.
  const listened = { abortListeners: abortListeners(), subscribers: subscribers() };
  const heapBytes = await heapUsed(1);
  return {
    sockets,
    timers,
    ...listened,
    globalListeners: listenersOf(process) + listenersOf(http.globalAgent),
    signals: [...signals].filter((reference) => reference.deref() !== undefined).length,
    emitters: isThorough ? queryObjects(EventEmitter, { format: 'count' }) : 0,
    warnings,
    heapBytes,
  };
};

/** What a round may cost for good, besides what the deployment of this process writes down of it, and what measuring is off by. */
const ROUND_BYTES = 10_000;
const INEXACT_BYTES = 2_000_000;

/** What has grown with the rounds: a single thing that each of them leaves behind is `rounds` things. */
export const grown = (after: Holdings, before: Holdings, rounds: number, roundBytes = ROUND_BYTES): string[] =>
  Object.entries(after).flatMap(([kind, count]: [string, number]) => {
    const was = before[kind as keyof Holdings];
    const most =
      kind === 'heapBytes' ? was + INEXACT_BYTES + rounds * roundBytes : was + (kind === 'warnings' ? 0 : rounds / 4);
    return count > most ? [`${kind}: ${count}, before ${was}`] : [];
  });
