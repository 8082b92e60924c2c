import * as l10n from '@vscode/l10n';
import { sleep } from '../api/abort.ts';
import { RATE_LIMIT_PAUSE_MS } from '../api/answer.ts';
import { inBackground, isOfKind } from '../api/errors.ts';
import { joined } from '../api/plainText.ts';
import type { Row } from '../model/prompt.ts';
import type { Finding } from '../model/finding.ts';
import type { Session } from '../model/session.ts';
import type { Ready } from '../model/state.ts';
import { currentDeployment, type CommandContext } from './context.ts';
import { readyState, sessionOf } from './target.ts';

/** Shows what `finding` says, and remembers it for the deployment. @throws ApiError where the server does not take it */
export async function show(context: CommandContext, finding: Finding): Promise<void> {
  const { deployment, session } = currentDeployment(context);
  const reading = session.find(finding);
  context.ui.showWaiting(l10n.t('Loading workspaces from {0}…', deployment.url.host), reading);
  await reading;
  // It is shown all the same.
  inBackground(context.remembered.rememberFinding(deployment.url.key, finding), (error) =>
    context.log.error('scope and filter', error),
  );
}

/** What is known, once the organizations are. @throws ApiError */
export async function withOrganizations(context: CommandContext): Promise<Ready> {
  const session = sessionOf(context);
  const { signal } = session;
  const title = l10n.t('Loading organizations');
  await context.ui.withDelayedProgress(title, (stop) => learnOrganizations(session, stop), signal);
  return readyState(session);
}

/** Waits as long as the server asks for; the progress can be canceled. */
async function learnOrganizations(session: Session, stop: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await session.learnOrganizations(stop);
      return;
    } catch (error) {
      if (!isOfKind(error, 'rateLimited')) throw error;
      await sleep(error.retryAfterMs ?? RATE_LIMIT_PAUSE_MS, stop);
    }
  }
}

/** Asks for one of `rows`, where the one that holds now is marked. @throws Dismissed */
export async function chooseOne<T>(
  context: CommandContext,
  title: string,
  placeholder: string,
  rows: readonly Row<T>[],
  now: T,
): Promise<T> {
  return context.ui.pick({
    title,
    placeholder,
    rows: rows.map((row) => marked(row, row.value === now)),
    active: (value) => value === now,
    signal: sessionOf(context).signal,
  });
}

/** Marks the current value, also in its accessible label. */
export const marked = <T>(row: Row<T>, isNow: boolean): Row<T> =>
  isNow
    ? {
        ...row,
        icon: 'check',
        description: joined([row.description, l10n.t('current')]),
      }
    : { icon: 'blank', ...row };
