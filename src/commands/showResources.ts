import * as l10n from '@vscode/l10n';
import * as builds from '../api/builds.ts';
import { isOfKind } from '../api/errors.ts';
import { joined, MASKED, plainLine } from '../api/plainText.ts';
import type { Build, Resource } from '../api/schemas/workspaces.ts';
import { agentsFirst } from '../model/agentNames.ts';
import { agentDescription } from '../model/agentText.ts';
import type { Row } from '../model/prompt.ts';
import { resourceFacts, resourceText } from '../model/resourceText.ts';
import { isOn } from '../model/status.ts';
import { documentOf } from './buildDocument.ts';
import type { CommandContext } from './context.ts';
import { BuildList } from './findBuild.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, findTarget, nameIn, type Target } from './target.ts';

const DOCUMENT = Symbol('document');

/**
 * What a workspace consists of: of its latest build or, where that failed, is under way or was canceled, of the last one
 * that went well, whose machine may still run (contract 7.13). Also what the template hides. A row's value is copied;
 * what is sensitive is only copied.
 */
export async function showResources(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const target = await findTarget(context, argument, 'showResources');
  const { session, signal } = target;
  const { build, resources } = await ui.withDelayedProgress(
    l10n.t('Loading the resources of {0}', nameIn(target)),
    (stop) => readLastGood(target, stop),
    signal,
  );
  const latest = currentWorkspace(target);
  const isLatest = build.id === latest.latest_build.id;
  const copied = await ui.pick<Copied | typeof DOCUMENT>({
    title: l10n.t('Resources of {0}', nameIn(target)),
    placeholder: isLatest
      ? l10n.t('Build #{0}, {1}. Select a row to copy its value', build.build_number, build.transition)
      : l10n.t(
          'Build #{0}, {1}, the last successful one. Select a row to copy its value',
          build.build_number,
          build.transition,
        ),
    rows: [
      ...agentsFirst(resources).flatMap((resource) =>
        rowsOf(resource, (agent) =>
          agentDescription(agent, isLatest && isOn(latest), session.now(), ui.displayLocale()),
        ),
      ),
      { label: l10n.t('Open as Text'), icon: 'go-to-file', value: DOCUMENT },
    ],
    signal,
  });
  if (copied === DOCUMENT) {
    await ui.showText(documentOf(target, build, ' resources.txt', resourceText(resources)));
    return;
  }
  await ui.writeClipboard(copied.value);
  ui.showBriefly(l10n.t('Copied {0}.', copied.name));
}

interface Copied {
  readonly name: string;
  readonly value: string;
}

function rowsOf(resource: Resource, describe: (agent: Resource['agents'][number]) => string): Row<Copied>[] {
  const { name, type, agents, metadata } = resource;
  const row = (label: string, description: string, icon: string, value: string): Row<Copied> => ({
    label: plainLine(label, 100),
    description: plainLine(description, 300),
    icon,
    value: { name: plainLine(label, 100), value },
  });
  return [
    // A line between resources; the row itself says which one it is.
    { ...row(name || type, joined(resourceFacts(resource)), 'package', name), heading: '' },
    ...agents.map((agent) => row(l10n.t('agent {0}', agent.name), describe(agent), 'server', agent.name)),
    ...metadata.map(({ key, value, sensitive }) =>
      row(key, sensitive ? MASKED : value, sensitive ? 'lock' : 'symbol-field', value),
    ),
  ];
}

async function readLastGood(
  target: Target,
  signal: AbortSignal,
): Promise<{ readonly build: Build; readonly resources: readonly Resource[] }> {
  const { session, workspace } = target;
  let build = [currentWorkspace(target).latest_build].find(isGood);
  for (const list = new BuildList(target); build === undefined; build = list.builds.find(isGood)) {
    if (!list.hasMore)
      throw new Refusal(l10n.t('No build of {0} has succeeded yet, so it has no resources.', workspace.name));
    await list.readMore(signal);
  }
  try {
    return { build, resources: await builds.resources(session.calls, build.id, signal) };
  } catch (error) {
    // V2 deprecates this route: a build contains the same data (contract 2.12).
    if (isOfKind(error, 'routeNotFound')) return { build, resources: build.resources };
    throw error;
  }
}

const isGood = ({ job }: Build): boolean => job.status === 'succeeded';
