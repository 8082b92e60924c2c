/** The workers: three daemons that take jobs from the queue, oldest first, and play their scripts. */
import type { Pace } from './clock.ts';
import type { Hub } from './events.ts';
import { newId } from './ids.ts';
import { openJobLog } from './joblog.ts';
import type { Job } from './model.ts';
import type { World } from './world.ts';

export interface Provisioner {
  enqueue(job: Job): void;
  /** Contract 2.10: at once while the job is queued; else when the worker hears of it. */
  cancel(job: Job): void;
  /** Plays a job beside the workers: the seeded world's builds that take for ever must not block new ones. */
  playAside(job: Job): void;
}

export interface JobListener {
  acquired(job: Job): void;
  finished(job: Job): void;
}

const INTERRUPTED = 'Error: execution halted: signal: interrupt';

export function createProvisioner(
  world: World,
  hub: Hub,
  pace: Pace,
  workerCount: number,
  listener: JobListener,
): Provisioner {
  const idle = Array.from({ length: workerCount }, newId);
  const hearers = new Map<string, () => void>();

  function takeNext(): void {
    const next = world.queue.findIndex((job) => !job.held);
    if (next === -1) return;
    const worker = idle.shift();
    if (worker === undefined) return;
    const [job] = world.queue.splice(next, 1);
    if (job !== undefined)
      play(job, worker, () => {
        idle.push(worker);
        takeNext();
      });
  }

  function play(job: Job, worker: string, done: () => void): void {
    const log = openJobLog(world, hub, pace, job);
    const steps = job.script.steps()[Symbol.iterator]();
    let calledOff: (() => void) | undefined;
    let lastLineAt = 0;

    function finish(error: string | undefined): void {
      calledOff?.();
      hearers.delete(job.id);
      log.flush();
      log.write({ afterMs: 0, source: 'provisioner_daemon', level: 'info', stage: 'Cleaning Up', output: '' });
      log.flush();
      job.error = error;
      job.completedAt = world.clock.now();
      listener.finished(job);
      pace.after(20, () => hub.jobs.publish(job.id, 'ended'));
      done();
    }

    function step(): void {
      const next = steps.next();
      if (next.done === true) {
        calledOff = pace.after(job.script.tailMs, () => finish(job.script.error));
        return;
      }
      const write = (): void => {
        if (next.value.stage === 'Starting workspace' && next.value.source === 'provisioner_daemon') log.flush();
        log.write(next.value);
        lastLineAt = performance.now();
      };
      if (next.value.afterMs === 0) {
        // Bursts are written at once; a breath now and then keeps the server answering.
        write();
        if (++burst % 500 === 0) calledOff = pace.after(0, step);
        else step();
      } else {
        calledOff = pace.after(next.value.afterMs, () => {
          write();
          step();
        });
      }
    }
    let burst = 0;

    /** V2's worker hears of a cancel only while it has nothing to hand in. */
    function hear(): void {
      pace.after(world.age.cancelMs, () => {
        if (job.completedAt !== undefined) return;
        const flush = world.age.logFlush;
        if (flush.restartsWithEveryLine && performance.now() - lastLineAt < flush.ms / pace.speed) hear();
        else finish(INTERRUPTED);
      });
    }

    job.startedAt = world.clock.now();
    job.workerId = worker;
    if (job.script.hearsCancel !== false) hearers.set(job.id, hear);
    listener.acquired(job);
    step();
  }

  return {
    enqueue(job) {
      world.queue.push(job);
      world.provisionersSeenAt = world.clock.now();
      pace.after(world.age.pickUpMs, takeNext);
    },
    cancel(job) {
      job.canceledAt = world.clock.now();
      const queued = world.queue.indexOf(job);
      if (queued === -1) hearers.get(job.id)?.();
      else {
        world.queue.splice(queued, 1);
        job.completedAt = job.canceledAt;
      }
    },
    playAside(job) {
      play(job, newId(), () => undefined);
    },
  };
}
