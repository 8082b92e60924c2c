import * as l10n from '@vscode/l10n';
import type { ApiError } from '../api/errors.ts';
import { hours, later, type EpochMs } from '../api/units.ts';
import * as workspaceSettings from '../api/workspaceSettings.ts';
import { verbs } from '../model/actions.ts';
import { parseClock } from '../model/clockInput.ts';
import { stopLimits } from '../model/deadline.ts';
import { deadlineProblem, extendedSentence, extensionChoices } from '../model/extend.ts';
import { BACK, Dismissed, type Back } from '../model/prompt.ts';
import { absoluteAndRelative, clockTime } from '../model/times.ts';
import { isUnconfirmed, rereadAfter } from './afterWrite.ts';
import type { CommandContext } from './context.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, findTarget, readyState, type Target } from './target.ts';
import type { Ui } from './ui.ts';

/** `amount`: `'1h'` from the warning's button skips the question. */
export async function extend(context: CommandContext, argument: unknown, amount?: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'extend');
  const deadlineAt = amount === '1h' ? oneHourLater(context, target) : await askForDeadline(context, target);
  await context.deadlineItem.during(putOff(context, target, deadlineAt));
}

async function putOff({ ui }: CommandContext, target: Target, deadlineAt: EpochMs): Promise<void> {
  const { session, workspace, signal } = target;
  const { client } = session;
  const { name } = workspace;
  const before = stopLimits(currentWorkspace(target))?.deadlineAt;
  let lost: ApiError | undefined;
  try {
    await workspaceSettings.extend(client.calls, workspace.id, deadlineAt, signal);
  } catch (error) {
    if (!isUnconfirmed(error)) throw await reasonOf(ui, error, target, deadlineAt);
    lost = error;
  }
  const extended = await session.tryRefetch(workspace.id);
  signal.throwIfAborted();
  const now = client.clock.now();
  if (extended === undefined) {
    const at = clockTime(deadlineAt, now, ui.displayLocale());
    void ui.inform(l10n.t("Coder was asked to stop {0} at {1} but hasn't confirmed it yet.", name, at));
    void session.refresh();
    return;
  }
  // What the server made of it is the fact, not what was asked for.
  const after = stopLimits(extended)?.deadlineAt;
  if (after === undefined) throw new Refusal(l10n.t('{0} is no longer running.', name));
  if (lost !== undefined && after === before) {
    throw new Refusal(l10n.t("The stop time of {0} wasn't changed. {1}", name, lost.message));
  }
  void ui.inform(extendedSentence(name, before, after, now, ui.displayLocale()));
}

/** Why the stop cannot be moved there, as the workspace is now; the server's own words where that does not tell. */
async function reasonOf(ui: Ui, error: unknown, target: Target, deadlineAt: EpochMs): Promise<unknown> {
  const now = await rereadAfter(error, target);
  const { user } = await readyState(target.session);
  const permission = verbs(now, user).extend;
  const why = permission.allowed
    ? deadlineProblem(now, deadlineAt, target.session.client.clock.now(), ui.displayLocale())
    : permission.why;
  return why === undefined ? error : new Refusal(why);
}

function oneHourLater({ ui }: CommandContext, { session, workspace }: Target): EpochMs {
  const limits = stopLimits(workspace);
  if (limits === undefined) throw new Refusal(l10n.t('{0} has no scheduled stop.', workspace.name));
  const deadlineAt = later(limits.deadlineAt, hours(1));
  const problem = deadlineProblem(workspace, deadlineAt, session.client.clock.now(), ui.displayLocale());
  if (problem !== undefined) throw new Refusal(problem);
  return deadlineAt;
}

const UNTIL = Symbol('until');
const LIMIT = Symbol('limit');

async function askForDeadline(context: CommandContext, first: Target): Promise<EpochMs> {
  const { ui } = context;
  const { session, signal } = first;
  let target = first;
  for (;;) {
    const { workspace } = target;
    const now = session.client.clock.now();
    const displayLocale = ui.displayLocale();
    const { choices, limit } = extensionChoices(workspace, now, displayLocale);
    const limits = stopLimits(workspace);
    const answer = await ui.pick<EpochMs | typeof UNTIL | typeof LIMIT>({
      title: l10n.t('Extend {0}', workspace.name),
      placeholder:
        limits === undefined
          ? l10n.t('Select how long it keeps running')
          : l10n.t('Currently stops {0}', absoluteAndRelative(limits.deadlineAt, now, displayLocale)),
      rows: [
        ...choices.map((choice) => ({
          label: choice.label,
          description: choice.description,
          value: choice.deadlineAt,
        })),
        { label: l10n.t('Until…'), description: l10n.t('a time such as 18:30 or tomorrow 9'), value: UNTIL },
        ...(limit === undefined ? [] : [{ label: limit, icon: 'info', value: LIMIT } as const]),
      ],
      signal,
    });
    if (answer === BACK) throw new Dismissed();
    if (answer === LIMIT) continue;
    const deadlineAt = answer === UNTIL ? await askForClockTime(ui, target) : answer;
    target = await findTarget(context, workspace.id, 'extend');
    // Work in it moves the stop by itself, and an amount counts from where the stop was.
    const isMoved = answer !== UNTIL && stopLimits(target.workspace)?.deadlineAt !== limits?.deadlineAt;
    if (deadlineAt !== BACK && !isMoved) return deadlineAt;
  }
}

async function askForClockTime(ui: Ui, { session, workspace, signal }: Target): Promise<EpochMs | Back> {
  const read = (typed: string) => parseClock(typed, session.client.clock.now(), ui.displayLocale());
  const typed = await ui.enter({
    title: l10n.t('Extend {0} Until', workspace.name),
    placeholder: l10n.t('18:30, 6:30 pm, tomorrow 9, 2 h'),
    prompt: l10n.t('When the workspace stops'),
    canGoBack: true,
    validate: (text) => {
      const input = read(text);
      return input.kind === 'none'
        ? input.problem
        : deadlineProblem(workspace, input.at, session.client.clock.now(), ui.displayLocale());
    },
    hint: (text) => {
      const input = read(text);
      return input.kind === 'none'
        ? undefined
        : absoluteAndRelative(input.at, session.client.clock.now(), ui.displayLocale());
    },
    signal,
  });
  if (typed === BACK) return BACK;
  const input = read(typed);
  if (input.kind === 'none') throw new Refusal(input.problem);
  return input.at;
}
