import * as l10n from '@vscode/l10n';
import { joined, plainLine } from '../api/plainText.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { build } from './build.ts';
import type { CommandContext } from './context.ts';
import { findTarget, isPermitted, nameIn, type Target } from './target.ts';

/** Maximum number of resources listed by name. */
const NAMED = 5;

export async function deleteWorkspace(context: CommandContext, argument: unknown): Promise<void> {
  await deleteTarget(context, await findTarget(context, argument, 'delete'));
}

/** Asks for the name to be typed; sends nothing before. */
export async function deleteTarget(context: CommandContext, target: Target, logLevel?: 'debug'): Promise<void> {
  const { ui } = context;
  const { workspace, signal } = target;
  const { name } = workspace;
  const title = l10n.t('Delete {0}', nameIn(target));
  const orphan = (await mayOrphan(target)) && (await askWhether(ui, title, signal));
  await ui.enter({
    title,
    prompt: joined(
      [
        orphan
          ? l10n.t('This deletes the workspace, but not its resources. Coder will no longer manage them.')
          : lossOf(workspace),
        workspace.task_id === undefined ? '' : l10n.t('Its task is deleted, too.'),
        typeIt(name),
      ],
      ' ',
    ),
    placeholder: name,
    validate: (value) => (value.trim() === name ? undefined : typeIt(name)),
    signal,
  });
  const request = { transition: 'delete', logLevel, orphan: orphan || undefined } as const;
  await build(context, target, { verb: 'delete', request });
}

const typeIt = (name: string): string => l10n.t('Type {0} to confirm.', name);

/** Lists what is deleted: the resources, by name if known. */
function lossOf({ latest_build: { resources } }: Workspace): string {
  const names = resources.filter(({ hide }) => !hide).map((resource) => plainLine(resource.name, 40));
  if (names.length === 0) return l10n.t('This permanently deletes its resources and their data.');
  const named = names.slice(0, NAMED).join(', ');
  const more = names.length - NAMED;
  if (names.length === 1) return l10n.t('This permanently deletes {0} and its data.', named);
  return more > 0
    ? l10n.t('This permanently deletes these resources and their data: {0}, and {1} more.', named, more)
    : l10n.t('This permanently deletes these resources and their data: {0}.', named);
}

/** Orphaning is for what cannot be deleted, by whoever may change the template (contract 2.14, 5.4). */
async function mayOrphan(target: Target): Promise<boolean> {
  const { workspace } = target;
  const { status, transition } = workspace.latest_build;
  if (status !== 'failed' || transition !== 'delete' || workspace.template_id === undefined) return false;
  const object = { resource_type: 'template', resource_id: workspace.template_id };
  return (await isPermitted(target, { object, action: 'update' })) === true;
}

async function askWhether(ui: CommandContext['ui'], title: string, signal: AbortSignal): Promise<boolean> {
  return ui.pick({
    title,
    placeholder: l10n.t('The last deletion failed'),
    rows: [
      { label: l10n.t('Delete again'), detail: l10n.t('Deletes its resources, too.'), icon: 'trash', value: false },
      {
        label: l10n.t('Orphan'),
        detail: l10n.t('Deletes the workspace, but not its resources. You have to clean them up manually.'),
        icon: 'debug-disconnect',
        value: true,
      },
    ],
    signal,
  });
}
