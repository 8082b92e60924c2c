import { ApiError } from '../../src/api/errors.ts';
import { Skip, type Check } from './check.ts';
import type { CheckContext } from './checkContext.ts';

export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'skipped'; readonly reason: string };

export interface Result {
  readonly check: Check;
  readonly outcome: Outcome;
  readonly durationMs: number;
}

/** Makes the checks one after the other: they share workspaces. After an abort the rest counts as skipped. */
export const runChecks = async (
  checks: readonly Check[],
  context: CheckContext,
  tell: (result: Result) => void = () => undefined,
): Promise<Result[]> => {
  const results: Result[] = [];
  for (const check of checks) {
    const startedAt = performance.now();
    const outcome = await outcomeOf(check, context);
    const result = { check, outcome, durationMs: performance.now() - startedAt };
    results.push(result);
    tell(result);
  }
  return results;
};

const STOPPED: Outcome = { kind: 'skipped', reason: 'the run was stopped' };

const outcomeOf = async (check: Check, context: CheckContext): Promise<Outcome> => {
  const stopped = () => context.signal.aborted;
  if (stopped()) return STOPPED;
  for (const need of check.needs ?? []) {
    const reason = need(context.facts);
    if (reason !== undefined) return { kind: 'skipped', reason };
  }
  const limit = AbortSignal.timeout(context.limits.checkMs);
  try {
    await check.run(context.within(AbortSignal.any([context.signal, limit])));
    return { kind: 'passed' };
  } catch (error) {
    if (stopped()) return STOPPED;
    if (error instanceof Skip) return { kind: 'skipped', reason: error.message };
    if (limit.aborted)
      return { kind: 'failed', reason: `not done within ${Math.round(context.limits.checkMs / 1000)} s` };
    return { kind: 'failed', reason: reasonOf(error) };
  }
};

export const reasonOf = (error: unknown): string => {
  if (error instanceof ApiError) return `${error.operation.name}: ${error.kind}${status(error)}: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  // An assertion without a message of its own explains itself over many lines.
  return error.message.replace(/\s*\n\s*/g, ' ').slice(0, 400);
};

const status = (error: ApiError): string => (error.status === undefined ? '' : ` ${error.status}`);
