import * as l10n from '@vscode/l10n';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import * as workspaces from '../api/workspaces.ts';
import { whyNot } from '../model/actions.ts';
import { outcomeSentence } from '../model/outcome.ts';
import { isActive } from '../model/status.ts';
import { isUnconfirmed, rereadAfter, rereadOnceBack } from './afterWrite.ts';
import type { CommandContext } from './context.ts';
import { followBuild } from './followBuild.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, readyState, type Target } from './target.ts';
import type { Ui } from './ui.ts';

type Transition = 'start' | 'stop' | 'delete';

/**
 * Makes a build and follows it to its end; where another one is active already, that one is followed instead. Throws a
 * `Refusal` where the build was not made, and ApiError.
 */
export async function build(
  context: CommandContext,
  target: Target,
  request: { readonly transition: Transition },
): Promise<void> {
  // A second click before the first one is answered.
  const key = `${request.transition} ${target.workspace.id}`;
  if (context.sending.has(key)) return;
  context.sending.add(key);
  let begun: Begun;
  try {
    begun = await begin(context.ui, target, request.transition);
  } finally {
    context.sending.delete(key);
  }
  await followBuild(context, target, begun.build, begun.joined);
}

interface Begun {
  readonly build: Build;
  /** Somebody else has made it. */
  readonly joined: boolean;
}

async function begin(ui: Ui, target: Target, transition: Transition): Promise<Begun> {
  const { session, workspace, signal } = target;
  const before = currentWorkspace(target).latest_build;
  try {
    const created = await workspaces.createBuild(session.client.calls, workspace.id, { transition }, signal);
    session.adopt(created);
    return { build: created, joined: false };
  } catch (error) {
    if (!isUnconfirmed(error)) return instead(await rereadAfter(error, target), target, transition, before, error);
    ui.inform(unconfirmed(workspace.name, transition));
    const now = await rereadOnceBack(target);
    const { latest_build: latest } = now;
    if (latest.id !== before.id && latest.transition === transition) return { build: latest, joined: false };
    const notMade = new Refusal(notBuilt(workspace.name, transition, error.message));
    return instead(now, target, transition, before, notMade);
  }
}

/** What is so instead of the build that was not made: the one that is active, or a `Refusal` that says it. */
async function instead(
  now: Workspace,
  { session }: Target,
  transition: Transition,
  before: Build,
  error: unknown,
): Promise<Begun> {
  const { name, latest_build: latest } = now;
  if (isActive(now)) return { build: latest, joined: true };
  const { user } = await readyState(session);
  const why = whyNot(transition, now, user);
  if (why !== undefined) throw new Refusal(why);
  if (latest.id === before.id && latest.status === before.status) throw error;
  throw new Refusal(l10n.t('Another build of {0} started first. {1}', name, outcomeSentence(name, latest)));
}

function unconfirmed(name: string, transition: Transition): string {
  switch (transition) {
    case 'start':
      return l10n.t("Coder was asked to start {0} but hasn't confirmed it yet.", name);
    case 'stop':
      return l10n.t("Coder was asked to stop {0} but hasn't confirmed it yet.", name);
    case 'delete':
      return l10n.t("Coder was asked to delete {0} but hasn't confirmed it yet.", name);
  }
}

function notBuilt(name: string, transition: Transition, why: string): string {
  switch (transition) {
    case 'start':
      return l10n.t("{0} wasn't started. {1}", name, why);
    case 'stop':
      return l10n.t("{0} wasn't stopped. {1}", name, why);
    case 'delete':
      return l10n.t("{0} wasn't deleted. {1}", name, why);
  }
}
