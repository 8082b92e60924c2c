import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { DeploymentUrl } from '../../src/api/address.ts';
import { CoderClient } from '../../src/api/client.ts';
import { Secret } from '../../src/api/secret.ts';
import * as workspacesApi from '../../src/api/workspaces.ts';
import type { Check } from './check.ts';
import { clean } from './cleaner.ts';
import { learnFacts, type Facts } from './facts.ts';
import { Ledger, PREFIX } from './ledger.ts';
import type { Limits } from './limits.ts';
import type { Report } from './report.ts';
import { runChecks, type Result } from './runner.ts';
import { CheckContext, type IdentityDocument } from './checkContext.ts';
import { Workspaces } from './workspaces.ts';

export interface SuiteOptions {
  readonly url: DeploymentUrl;
  readonly token: string;
  readonly template?: string | undefined;
  readonly checks: readonly Check[];
  readonly limits: Limits;
  readonly identity?: IdentityDocument | undefined;
  /** Ends the checks; what was made is still deleted. */
  readonly signal: AbortSignal;
  /** Ends the deleting, too. */
  readonly giveUp: AbortSignal;
  readonly tell?: Partial<Listener>;
}

/** What happens, as it happens. */
export interface Listener {
  /** `older`: workspaces of other runs that are still there. */
  begins(facts: Facts, older: readonly string[]): void;
  checked(result: Result): void;
  cleans(count: number): void;
}

/** Makes the checks, and deletes what they made, whatever happens. @throws ApiError if it cannot begin */
export const runSuite = async (options: SuiteOptions): Promise<Report> => {
  const { url, limits, signal, tell } = options;
  const token = new Secret(options.token);
  const client = new CoderClient({ url, token });
  const facts = await learnFacts(client, options.template, signal);
  tell?.begins?.(facts, await namesOfOtherRuns(client, signal));

  const ledger = new Ledger(randomBytes(3).toString('hex'));
  const workspaces = new Workspaces(client, facts, limits, ledger, signal);
  const context = new CheckContext({ client, token, facts, limits, workspaces, signal, identity: options.identity });
  // No check can make this throw: whatever it throws is its outcome.
  const results = await runChecks(options.checks, context, tell?.checked);
  tell?.cleans?.(ledger.made.size + ledger.unanswered.length);
  // Each workspace that is being deleted listens to it.
  setMaxListeners(ledger.made.size * 4 + 10, options.giveUp);
  const left = await clean(client, ledger, limits, options.giveUp);
  return { url: url.href, facts, results, left };
};

/** Not touched: another run may be using them right now. */
const namesOfOtherRuns = async (client: CoderClient, signal: AbortSignal): Promise<string[]> => {
  const { workspaces } = await workspacesApi.list(client.calls, { q: `owner:me name:${PREFIX}` }, signal);
  return workspaces.map(({ name }) => name).filter((name) => name.startsWith(PREFIX));
};
