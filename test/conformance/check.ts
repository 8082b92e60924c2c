import type { Facts } from './facts.ts';
import type { OperationName } from './operations.ts';
import type { CheckContext } from './checkContext.ts';

/** Why a check cannot be made on this deployment; `undefined`: it can. */
export type Need = (facts: Facts) => string | undefined;

/** One assertion about a deployment, as data. */
export interface Check {
  readonly operation: OperationName;
  /** A sentence that is true of a deployment that passes. */
  readonly name: string;
  readonly needs?: readonly Need[];
  /** It needs a build that goes on, which keeps a worker from all others: such checks come last. */
  readonly holdsWorker?: true;
  run(context: CheckContext): Promise<void>;
}

/** Thrown by a check that turned out not to be possible: a skip is reported with its reason, never passed over. */
export class Skip extends Error {
  override readonly name = 'Skip';
}

export const skip = (reason: string): never => {
  throw new Skip(reason);
};
