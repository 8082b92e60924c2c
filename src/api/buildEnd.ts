import type { Build } from './schemas/workspaces.ts';
import type { Milliseconds } from './units.ts';

/**
 * Whether a build has ended. Its status does not tell: V0 reads `failed` while no heartbeat of the job has come for 30
 * seconds, and goes back to what it was with the next one (contract 5.2). V0 may also build what was cancelled in the
 * queue, and so has ended, all the same (contract 2.10): never say that nothing was made.
 */
export const hasEnded = ({ job }: Pick<Build, 'job'>): boolean => job.completed_at !== undefined;

/** V0 calls a running job failed once it has heard nothing of it for this long (contract 5.2). */
export const SILENT_AFTER_MS = 30_000 as Milliseconds;

/** Nothing is heard of the job, so that V0 calls it failed for now. */
export const isSilent = (build: Pick<Build, 'job'>): boolean => build.job.status === 'failed' && !hasEnded(build);
