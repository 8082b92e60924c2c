import * as l10n from '@vscode/l10n';
import { joined, MASKED, plainLine } from '../api/plainText.ts';
import type { Timings } from '../api/schemas/agents.ts';
import type { ParameterValue } from '../api/schemas/templateVersions.ts';
import { hasEnded, isSilent } from '../api/buildEnd.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { between } from '../api/units.ts';
import { initiatorOf } from './cause.ts';
import { outcomeOf } from './outcome.ts';
import { wasCanceled } from './status.ts';
import { textTable } from './textTable.ts';
import { absoluteAndRelative, type DisplayLocale } from './times.ts';

// Texts about a build other than its log.

/** A build as a row of a list: "#4 start", "started in 43 s", "dana · clever_pike9 · Fri 18:04, 2 days ago". */
export const buildRow = (
  build: Build,
  now: EpochMs,
  displayLocale: DisplayLocale,
): { readonly label: string; readonly description: string; readonly detail: string; readonly icon: string } => {
  const when = build.created_at === undefined ? '' : absoluteAndRelative(build.created_at, now, displayLocale);
  return {
    label: `#${build.build_number} ${plainLine(build.transition, 32)}`,
    description: hasEnded(build) || isSilent(build) ? outcomeOf(build) : plainLine(build.status, 32),
    detail: joined([initiatorOf(build), plainLine(build.template_version_name, 64), when]),
    icon: iconOf(build),
  };
};

const iconOf = (build: Build): string => {
  if (!hasEnded(build)) return 'loading~spin';
  if (wasCanceled({ latest_build: build })) return 'circle-slash';
  return build.job.status === 'failed' ? 'error' : 'pass';
};

/** The parameter values of a build, without those of `masked`; if `masked` is undefined, all are hidden. */
export const parametersText = (values: readonly ParameterValue[], masked: ReadonlySet<string> | undefined): string => {
  if (values.length === 0) return `${l10n.t('This build has no parameters.')}\n`;
  const rows = values.map(({ name, value }) => [
    plainLine(name, 100),
    masked === undefined || masked.has(name) ? MASKED : plainLine(value, 10_000),
  ]);
  const table = textTable([l10n.t('Parameter'), l10n.t('Value')], rows);
  return masked === undefined
    ? `${table}\n${l10n.t("The values are hidden because the deployment doesn't say which ones are secret.")}\n`
    : table;
};

/** How long each part took: what, when it began after the first of all, for how long, how it ended. */
export const timingsText = (timings: Timings): string => {
  const spans = [
    ...timings.provisioner_timings.map((each) => ({
      ...each,
      what: joined([each.action, each.resource], ' '),
      outcome: '',
    })),
    ...timings.agent_connection_timings.map((each) => ({
      ...each,
      what: l10n.t('agent {0}', each.workspace_agent_name),
      outcome: '',
    })),
    ...timings.agent_script_timings.map((each) => ({
      ...each,
      what: l10n.t('agent {0}: {1}', each.workspace_agent_name, each.display_name),
      outcome:
        each.status === 'ok' || each.status === 'unknown'
          ? ''
          : l10n.t('{0}, exit code {1}', each.status.replaceAll('_', ' '), each.exit_code),
    })),
  ].sort((one, other) => (one.started_at ?? Infinity) - (other.started_at ?? Infinity));
  const [first] = spans;
  if (first === undefined) return `${l10n.t('The deployment has no timings for this build.')}\n`;
  const seconds = (from: EpochMs | undefined, to: EpochMs | undefined): string =>
    from === undefined || to === undefined || to < from ? '' : l10n.t('{0} s', (between(from, to) / 1000).toFixed(1));
  return textTable(
    [l10n.t('Stage'), l10n.t('Item'), l10n.t('Started after'), l10n.t('Duration'), l10n.t('Outcome')],
    spans.map(({ stage, what, started_at: from, ended_at: to, outcome }) => [
      plainLine(stage, 40),
      plainLine(what, 200),
      seconds(first.started_at, from).padStart(l10n.t('Started after').length),
      seconds(from, to).padStart(8),
      plainLine(outcome, 100),
    ]),
  );
};
