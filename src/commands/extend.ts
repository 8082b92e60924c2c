import * as l10n from '@vscode/l10n';
import { ApiError } from '../api/errors.ts';
import { hours, later, type EpochMs } from '../api/units.ts';
import * as workspaceSettings from '../api/workspaceSettings.ts';
import { parseClock } from '../model/clockInput.ts';
import { stopLimits } from '../model/deadline.ts';
import { deadlineProblem, extendedSentence, extensionChoices } from '../model/extend.ts';
import { BACK, Dismissed, type Back } from '../model/prompt.ts';
import { absoluteAndRelative } from '../model/times.ts';
import type { CommandContext } from './context.ts';
import { Refusal } from './refusal.ts';
import { currentWorkspace, findTarget, type Target } from './target.ts';
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
  const before = stopLimits(currentWorkspace(target))?.deadlineAt;
  try {
    await workspaceSettings.extend(client.calls, workspace.id, deadlineAt, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || !REFUSED.has(error.kind)) throw error;
    // Something has changed that was not known here; as it is now, the limit may say why.
    const now = await session.refetch(workspace.id, signal);
    const why =
      now === undefined ? undefined : deadlineProblem(now, deadlineAt, client.clock.now(), ui.displayLocale());
    throw why === undefined ? error : new Refusal(`${error.message} ${why}`);
  }
  // What the server made of it is the fact, not what was asked for.
  const extended = await session.refetch(workspace.id, signal);
  const after = extended === undefined ? undefined : stopLimits(extended)?.deadlineAt;
  void ui.inform(extendedSentence(workspace.name, before, after ?? deadlineAt, client.clock.now(), ui.displayLocale()));
}

const REFUSED: ReadonlySet<string> = new Set(['conflict', 'invalid', 'gone', 'notFound']);

function oneHourLater({ ui }: CommandContext, { session, workspace }: Target): EpochMs {
  const limits = stopLimits(workspace);
  if (limits === undefined) throw new Refusal(l10n.t('{0} has no stop to put off.', workspace.name));
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
          ? l10n.t('Choose how long it keeps running')
          : l10n.t('Now it stops {0}', absoluteAndRelative(limits.deadlineAt, now, displayLocale)),
      rows: [
        ...choices.map((choice) => ({
          label: choice.label,
          description: choice.description,
          value: choice.deadlineAt,
        })),
        { label: l10n.t('Until…'), description: l10n.t('a clock time, like 18:30 or tomorrow 9'), value: UNTIL },
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
    placeholder: l10n.t('18:30, 6:30 pm, tomorrow 9'),
    prompt: l10n.t('The time at which it stops'),
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
