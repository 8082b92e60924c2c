import * as l10n from '@vscode/l10n';
import { buildPage } from '../api/address.ts';
import * as builds from '../api/builds.ts';
import { ApiError, isOfKind } from '../api/errors.ts';
import { hasEnded } from '../api/buildEnd.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import * as templateVersions from '../api/templateVersions.ts';
import { parametersText, timingsText } from '../model/buildTexts.ts';
import type { PickPrompt, ShownText } from '../model/prompt.ts';
import { resourceText } from '../model/resourceText.ts';
import { documentOf } from './buildDocument.ts';
import { compareWith } from './compareLog.ts';
import type { CommandContext } from './context.ts';
import { copyErrorOf, copyLogOf } from './copyLog.ts';
import type { BuildList } from './findBuild.ts';
import { showLogOf } from './showLog.ts';
import { showStateOf } from './showState.ts';
import type { Target } from './target.ts';

/** Rows of the actions for `build`, one of `list`. */
export const buildActions = (
  context: CommandContext,
  list: BuildList,
  build: Build,
): PickPrompt<() => Promise<void>>['rows'] => {
  const { target } = list;
  const { workspace, session } = target;
  const { ui } = context;
  const isOver = hasEnded(build);
  // V0 has neither (contract 1.9).
  const isV2 = workspace.automatic_updates !== undefined;
  const show = (text: (signal: AbortSignal) => Promise<ShownText>) => async () =>
    ui.showText(await ui.withDelayedProgress(l10n.t('Loading build #{0}', build.build_number), text, target.signal));
  return [
    { label: l10n.t('Show Log'), icon: 'output', value: () => showLogOf(context, target, build) },
    isOver && {
      label: l10n.t('Show Resources'),
      icon: 'package',
      value: show((signal) => resources(target, build, signal)),
    },
    ...resourcesBefore(list, build).map((good) => ({
      // Its machine may still run.
      label: l10n.t('Show Resources of #{0} (May Still Be Running)', good.build_number),
      icon: 'package',
      value: show((signal) => resources(target, good, signal)),
    })),
    isV2 && {
      label: l10n.t('Show Parameters'),
      icon: 'symbol-parameter',
      value: show((signal) => parameters(target, build, signal)),
    },
    isV2 && { label: l10n.t('Show Timings'), icon: 'watch', value: show((signal) => timings(target, build, signal)) },
    isOver && { label: l10n.t('Compare Log With…'), icon: 'diff', value: () => compareWith(context, list, build) },
    { label: l10n.t('Copy Log'), icon: 'copy', value: () => copyLogOf(context, target, build) },
    build.job.error !== undefined && {
      label: l10n.t('Copy Error'),
      icon: 'copy',
      value: () => copyErrorOf(context, build),
    },
    {
      label: l10n.t('Open in Dashboard'),
      icon: 'globe',
      value: () => ui.openInBrowser(buildPage(session.url, workspace.owner_name, workspace.name, build.build_number)),
    },
    isOver && {
      label: l10n.t('Show Provisioner State…'),
      icon: 'lock',
      value: () => showStateOf(context, target, build),
    },
  ];
};

/** For a build whose resources are unknown: the successful build before it, if that was a start (contract 7.13). */
const resourcesBefore = ({ builds: all }: BuildList, build: Build): Build[] => {
  if (!hasEnded(build) || build.job.status === 'succeeded') return [];
  const good = all.find(
    (each) => each.build_number < build.build_number && hasEnded(each) && each.job.status === 'succeeded',
  );
  return good?.transition === 'start' ? [good] : [];
};

async function resources(target: Target, build: Build, signal: AbortSignal): Promise<ShownText> {
  const rows = await builds.resources(target.session.calls, build.id, signal);
  return documentOf(target, build, ' resources.txt', resourceText(rows));
}

async function timings(target: Target, build: Build, signal: AbortSignal): Promise<ShownText> {
  const read = await builds.timings(target.session.calls, build.id, signal);
  return documentOf(target, build, ' timings.txt', timingsText(read));
}

async function parameters(target: Target, build: Build, signal: AbortSignal): Promise<ShownText> {
  const values = await builds.parameters(target.session.calls, build.id, signal);
  const masked = await maskedParameters(target, build, values, signal);
  return documentOf(target, build, ' parameters.txt', parametersText(values, masked));
}

/** Parameters that the template masks, which only dynamic parameters declare; `undefined`: unknown. */
async function maskedParameters(
  { session, workspace }: Target,
  { template_version_id: versionId }: Build,
  values: readonly { readonly name: string; readonly value: string }[],
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const { owner_id: ownerId } = workspace;
  if (versionId === undefined || ownerId === undefined) return undefined;
  try {
    const inputs = Object.fromEntries(values.map(({ name, value }) => [name, value]));
    const form = await templateVersions.evaluate(session.calls, versionId, { inputs, ownerId }, signal);
    return new Set(form.parameters.filter(({ styling }) => styling?.mask_input === true).map(({ name }) => name));
  } catch (error) {
    // Deployments without dynamic forms have no masked parameters.
    if (isOfKind(error, 'routeNotFound')) return new Set();
    if (error instanceof ApiError && error.status !== undefined && error.kind !== 'unauthorized') return undefined;
    throw error;
  }
}
