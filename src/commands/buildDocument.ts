import * as l10n from '@vscode/l10n';
import { buildPage } from '../api/address.ts';
import * as builds from '../api/builds.ts';
import { hasEnded } from '../api/buildEnd.ts';
import type { ApiError } from '../api/errors.ts';
import { isUseless } from '../api/logRetries.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import { isSliceOver, nextSlice } from '../api/slices.ts';
import { agentStage } from '../model/agentLog.ts';
import { beginLog, type LogStep } from '../model/buildLog.ts';
import { writtenParts, type LogRecord } from '../model/logRecords.ts';
import { linesIn, logParts } from '../model/logOutline.ts';
import { templateTitle } from '../model/names.ts';
import type { ShownText } from '../model/prompt.ts';
import { readAgents } from './agentLogs.ts';
import type { CommandContext } from './context.ts';
import type { Target } from './target.ts';

/** A document about a build: `ending` is what the tab says behind the build's number, `.log` or ` timings.txt`. */
export const documentOf = (target: Target, build: Build, ending: string, text: string): ShownText => {
  const { workspace, session } = target;
  const name = `${workspace.name} #${build.build_number}${ending}`;
  const refs = { workspaceId: workspace.id, buildId: build.id, buildNumber: String(build.build_number) };
  return { path: [session.url.host, workspace.owner_name, workspace.name, name], text, refs };
};

/**
 * The log of a build as a document, as far as it is written; a failed one is read from its first error on, others from
 * what the agent of that name says.
 */
export async function logDocument(
  context: CommandContext,
  target: Target,
  build: Build,
  agentName?: string,
): Promise<ShownText> {
  const { ui } = context;
  const { text, errorAt } = await ui.withDelayedProgress(
    l10n.t('Loading the log of build #{0}', build.build_number),
    (signal) => readLog(context, { ...target, signal }, build),
    target.signal,
  );
  const stage = agentName === undefined ? undefined : agentStage(agentName, '');
  const line =
    build.job.error === undefined
      ? logParts(text).find(({ title }) => title === stage || title.startsWith(`${stage}:`))?.line
      : linesIn(text.slice(0, errorAt ?? 0));
  return { ...documentOf(target, build, '.log', text), line };
}

/** Why a log can't be read here, and where it can. */
export const elsewhere = (error: ApiError, { session, workspace }: Target, build: Build): string =>
  l10n.t(
    '{0} Open the build in the dashboard: {1}',
    error.message,
    buildPage(session.url, workspace.owner_name, workspace.name, build.build_number),
  );

async function readLog(
  context: CommandContext,
  target: Target,
  build: Build,
): Promise<Pick<LogStep, 'text' | 'errorAt'>> {
  const { session, workspace, signal } = target;
  const { timeZone, showsZone } = context.ui.displayLocale();
  const { buildLogTimestamps: timestamps, buildLogLevel: level } = context.settings();
  const records: LogRecord[] = [];
  try {
    for await (const entries of builds.logParts(session.calls, build.id, {}, signal))
      records.push({ kind: 'entries', entries });
  } catch (error) {
    if (!isUseless(error)) throw error;
    records.push({ kind: 'stopped', reason: elsewhere(error, target, build) });
  }
  // What was canceled in the queue has none; old ones may have been removed.
  const isEmpty = !records.some((record) => !('entries' in record) || record.entries.length > 0);
  if (isEmpty && hasEnded(build))
    records.push({ kind: 'note', text: l10n.t('the deployment has no log for this build') });
  if (hasEnded(build)) records.push({ kind: 'ended', build });
  // An older build's agents are gone.
  if (build.id === workspace.latest_build.id) records.push(...(await readAgents(session, build, signal)));
  const begun = beginLog(build, templateTitle(workspace), { timeZone, showsZone, timestamps, level });
  const parts = [begun.text];
  let length = begun.text.length;
  let errorAt: number | undefined;
  for (const { step } of writtenParts(begun.state, records)) {
    if (step.errorAt !== undefined) errorAt ??= length + step.errorAt;
    parts.push(step.text);
    length += step.text.length;
    if (isSliceOver()) await nextSlice();
  }
  return { text: parts.join(''), errorAt };
}
