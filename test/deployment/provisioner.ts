/** The workers: three daemons that take jobs from the queue, oldest first, and play their scripts. */
import type { Pace } from './clock.ts';
import type { Hub } from './events.ts';
import { newId } from './ids.ts';
import { openJobLog } from './joblog.ts';
import type { Job } from './model.ts';
import type { Store } from './store.ts';

/** `queue`: no worker takes a job; `builds`: whoever has one stands still, and hears of no cancel. */
export type Hold = 'queue' | 'builds';

export interface Provisioner {
  /** Stops the workers at a known point, for as long as somebody wants to look. */
  hold(what: Hold): void;
  /** All that is held, or only that. */
  release(what?: Hold): void;
  enqueue(job: Job): void;
  /** Contract 2.10: at once while the job is queued; else when the worker hears of it. */
  cancel(job: Job): void;
  /** Plays a job beside the workers: the seed data's builds that take for ever must not block new ones. */
  playAside(job: Job): void;
}

export interface JobListener {
  acquired(job: Job): void;
  finished(job: Job): void;
}

/** Lines written without a breath between them; then the server gets one. */
const BURST = 500;
const INTERRUPTED = 'Error: execution halted: signal: interrupt';

export function createProvisioner(
  store: Store,
  hub: Hub,
  pace: Pace,
  workerCount: number,
  listener: JobListener,
): Provisioner {
  const idle = Array.from({ length: workerCount }, newId);
  const hearers = new Map<string, () => void>();
  const held = new Set<Hold>();
  const waiting: (() => void)[] = [];

  /** Goes on now, or when the builds are no longer held. */
  function unlessHeld(goOn: () => void): void {
    if (held.has('builds')) waiting.push(goOn);
    else goOn();
  }

  function takeNext(): void {
    if (held.has('queue')) return;
    const next = store.queue.findIndex((job) => !job.held);
    if (next === -1) return;
    const worker = idle.shift();
    if (worker === undefined) return;
    const [job] = store.queue.splice(next, 1);
    if (job !== undefined)
      work(job, worker, () => {
        idle.push(worker);
        takeNext();
      });
  }

  function work(job: Job, worker: string, done: () => void): void {
    const log = openJobLog(store, hub, pace, job);
    const steps = job.script.steps()[Symbol.iterator]();
    let calledOff: (() => void) | undefined;
    let lastLineAt = 0;
    /** By the script, which is kept to however slow the machine is. */
    let nextLineAfterMs = 0;
    let hasEnded = false;

    function finish(error: string | undefined): void {
      hasEnded = true;
      calledOff?.();
      hearers.delete(job.id);
      log.flush();
      log.write({ afterMs: 0, source: 'provisioner_daemon', level: 'info', stage: 'Cleaning Up', output: '' });
      log.flush();
      // What was cancelled in the queue has ended before it began.
      if (job.completedAt === undefined) {
        job.error = error;
        job.completedAt = store.clock.now();
      }
      listener.finished(job);
      pace.after(20, () => hub.jobs.publish(job.id, 'ended'));
      done();
    }

    /** Writes what is due at once, then waits for the next line or for the end. */
    function play(): void {
      for (let burst = 0; burst < BURST; burst++) {
        const next = steps.next();
        if (hasEnded) return;
        if (next.done === true) {
          nextLineAfterMs = Infinity;
          calledOff = pace.eventually(job.script.tailMs, () => unlessHeld(() => endUnlessEnded()));
          return;
        }
        const { value } = next;
        nextLineAfterMs = value.afterMs;
        const write = (): void => {
          // The daemon hands in what a stage has written before it begins the next.
          if (value.source === 'provisioner_daemon') log.flush();
          log.write(value);
          lastLineAt = performance.now();
        };
        if (value.afterMs > 0) {
          calledOff = pace.eventually(value.afterMs, () =>
            unlessHeld(() => {
              write();
              play();
            }),
          );
          return;
        }
        write();
      }
      calledOff = pace.eventually(0, play);
    }

    function endUnlessEnded(): void {
      if (!hasEnded) finish(job.script.error);
    }

    /** V2's worker hears of a cancel only while it has nothing to hand in. */
    function hear(): void {
      pace.eventually(store.age.cancelMs, () =>
        unlessHeld(() => {
          if (hasEnded) return;
          const { ms, restartsWithEveryLine } = store.age.logFlush;
          const isWriting = nextLineAfterMs < ms || performance.now() - lastLineAt < ms / pace.speed;
          if (restartsWithEveryLine && isWriting) hear();
          else finish(INTERRUPTED);
        }),
      );
    }

    job.startedAt = store.clock.now();
    job.workerId = worker;
    if (job.script.hearsCancel !== false) hearers.set(job.id, hear);
    listener.acquired(job);
    unlessHeld(play);
    if (job.canceledAt !== undefined) hear();
  }

  return {
    hold: (what) => void held.add(what),
    release(what) {
      if (what === undefined) held.clear();
      else held.delete(what);
      if (!held.has('builds')) for (const goOn of waiting.splice(0)) goOn();
      for (let n = 0; n < workerCount; n++) takeNext();
    },
    enqueue(job) {
      store.queue.push(job);
      store.provisionersSeenAt = store.clock.now();
      pace.after(store.age.pickUpMs, takeNext);
    },
    cancel(job) {
      job.canceledAt = store.clock.now();
      const queued = store.queue.indexOf(job);
      if (queued === -1) hearers.get(job.id)?.();
      else {
        if (!store.age.buildsWhatWasCanceled) store.queue.splice(queued, 1);
        job.completedAt = job.canceledAt;
      }
    },
    playAside(job) {
      work(job, newId(), () => undefined);
    },
  };
}
