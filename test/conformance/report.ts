import type { Facts } from './facts.ts';
import { operations, type OperationName } from './operations.ts';
import type { Outcome, Result } from './runner.ts';

export interface Report {
  readonly url: string;
  readonly facts: Pick<Facts, 'age' | 'version'>;
  readonly results: readonly Result[];
  /** Workspaces that could not be deleted. */
  readonly left: readonly string[];
}

export const progressLine = ({ check, outcome, durationMs }: Result): string =>
  `${marks[outcome.kind]} ${check.operation}: ${check.name}${afterwards(outcome)} [${Math.round(durationMs)} ms]`;

const marks: Readonly<Record<Outcome['kind'], string>> = { passed: '✓', failed: '✗', skipped: '–' };

const afterwards = (outcome: Outcome): string => (outcome.kind === 'passed' ? '' : ` (${outcome.reason})`);

/** Operation × outcome, with the reason for whatever did not pass. */
export const table = ({ results }: Pick<Report, 'results'>): string => {
  const width = Math.max(...operations.map((operation) => operation.length));
  const row = (title: string, ...cells: (string | number)[]) =>
    [title.padEnd(width), ...cells.map((cell) => String(cell).padStart(8))].join(' ').trimEnd();
  const lines = [row('Operation', 'passed', 'failed', 'skipped', 'outcome'), '-'.repeat(width + 36)];
  for (const operation of operations) {
    const own = results.filter((result) => result.check.operation === operation);
    const counts = tally(own);
    lines.push(row(operation, counts.passed, counts.failed, counts.skipped, verdict(own)));
    for (const { check, outcome } of own) {
      if (outcome.kind !== 'passed') lines.push(`    ${outcome.kind}: ${check.name} – ${outcome.reason}`);
    }
  }
  const all = tally(results);
  lines.push('-'.repeat(width + 36), row('All', all.passed, all.failed, all.skipped, verdict(results)));
  return lines.join('\n');
};

export const tally = (results: readonly Result[]): Record<Outcome['kind'], number> => {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome } of results) counts[outcome.kind] += 1;
  return counts;
};

const verdict = (results: readonly Result[]): Outcome['kind'] | 'not run' => {
  if (results.length === 0) return 'not run';
  if (results.some(({ outcome }) => outcome.kind === 'failed')) return 'failed';
  return results.some(({ outcome }) => outcome.kind === 'passed') ? 'passed' : 'skipped';
};

/** The same for programs. Holds no token: nothing in it comes from a request's headers. */
export const toJson = ({ url, facts, results, left }: Report): string =>
  `${JSON.stringify(
    {
      url,
      age: facts.age,
      version: facts.version,
      summary: tally(results),
      operations: operations.map((operation) => summary(operation, results)),
      left,
    },
    undefined,
    2,
  )}\n`;

const summary = (operation: OperationName, results: readonly Result[]) => {
  const own = results.filter((result) => result.check.operation === operation);
  return {
    operation,
    outcome: verdict(own),
    checks: own.map(({ check, outcome, durationMs }) => ({
      name: check.name,
      outcome: outcome.kind,
      ...(outcome.kind === 'passed' ? {} : { reason: outcome.reason }),
      durationMs: Math.round(durationMs),
    })),
  };
};
