/**
 * A job's lines on their way to the database. The provisioner daemon holds them back for a moment (V0: 50 ms; V2: until
 * 250 ms have passed without a new one), and only lines that are handed in have an id and can be read.
 */
import type { Pace } from './clock.ts';
import type { Hub } from './events.ts';
import type { Job } from './model.ts';
import type { LogStep } from './template-spec.ts';
import type { Store } from './store.ts';

export const MAX_OUTPUT = 1024;

export interface JobLog {
  write(step: LogStep): void;
  /** Hands in everything now. */
  flush(): void;
}

export function openJobLog(store: Store, hub: Hub, pace: Pace, job: Job): JobLog {
  const held: { step: LogStep; at: number }[] = [];
  let cancelTimer: (() => void) | undefined;

  function flush(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    if (held.length === 0) return;
    for (const { step, at } of held.splice(0)) {
      const output = step.output.slice(0, MAX_OUTPUT);
      const { source, level, stage } = step;
      job.logs.push({ id: ++store.lastLogId, createdAt: at, source, level, stage, output });
    }
    hub.jobs.publish(job.id, 'lines');
  }

  return {
    write(step) {
      held.push({ step, at: store.clock.now() });
      const { ms, restartsWithEveryLine } = store.age.logFlush;
      if (restartsWithEveryLine) cancelTimer?.();
      else if (cancelTimer !== undefined) return;
      cancelTimer = pace.eventually(ms, flush);
    },
    flush,
  };
}
