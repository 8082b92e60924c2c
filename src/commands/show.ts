import * as l10n from '@vscode/l10n';
import { BACK, Dismissed, type Row } from '../model/prompt.ts';
import type { Finding } from '../model/finding.ts';
import { currentDeployment, type CommandContext } from './context.ts';

/** Shows what `finding` says, and remembers it for the deployment. @throws ApiError where the server does not take it */
export async function show(context: CommandContext, finding: Finding): Promise<void> {
  const { deployment, session } = currentDeployment(context);
  const reading = session.find(finding);
  context.ui.showWaiting(l10n.t('Loading workspaces from {0}…', deployment.url.host), reading);
  await reading;
  await context.remembered.rememberFinding(deployment.key, finding);
}

/** Asks for one of `rows`, where the one that holds now is marked. @throws Dismissed */
export async function chooseOne<T>(
  { ui }: CommandContext,
  title: string,
  placeholder: string,
  rows: readonly Row<T>[],
  now: T,
): Promise<T> {
  const picked = await ui.pick({
    title,
    placeholder,
    rows: rows.map((row) => (row.value === now ? { ...row, icon: 'check' } : { icon: 'blank', ...row })),
    active: (value) => value === now,
  });
  if (picked === BACK) throw new Dismissed();
  return picked;
}
