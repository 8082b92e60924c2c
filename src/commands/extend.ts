import * as l10n from '@vscode/l10n';
import { inBackground } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { joined } from '../api/plainText.ts';
import { hours, type EpochMs } from '../api/units.ts';
import * as workspaceSettings from '../api/workspaceSettings.ts';
import { parseClock } from '../model/clockInput.ts';
import { stopLimits } from '../model/deadline.ts';
import { deadlineProblem } from '../model/deadlineLimits.ts';
import { extendedSentence, extensionChoices, movedTo, readUsual, type Move } from '../model/extend.ts';
import { BACK, noteRow, under, type Back, type EntryPrompt } from '../model/prompt.ts';
import { absoluteAndRelative, clockTime, duration } from '../model/times.ts';
import { anotherFirst } from './afterWrite.ts';
import type { CommandContext } from './context.ts';
import type { Question } from './many.ts';
import { Refusal } from './refusal.ts';
import { changeSetting, untilTaken, type Change } from './settings/changeSetting.ts';
import { readStopFacts, stopNotes } from './stopFacts.ts';
import { currentWorkspace, findTarget, nameIn, sessionOf, type Target } from './target.ts';
import { typedValue } from './typedValue.ts';
import type { Ui } from './ui.ts';

/** `amount`: `'1h'` from the warning's button, or one for several workspaces, skips the question. */
export async function extend(context: CommandContext, argument: unknown, amount?: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'extend');
  const given = amount === '1h' ? hours(1) : AMOUNTS.find((each) => each === amount);
  await (given === undefined ? askAndCarryOut(context, target) : carryOut(context, target, given));
}

/** Another one is no answer of ours. */
const AMOUNTS = [0.5, 1, 2, 4].map(hours);

/** Asks for the amount by which several workspaces are extended, each from its own deadline. */
export async function askForAmount(context: CommandContext, { title, names, note }: Question) {
  const amount = await context.ui.pick({
    title,
    placeholder: joined([names.join(', '), note]),
    rows: AMOUNTS.map((value) => ({ label: l10n.t('+{0}', duration(value)), value })),
    signal: sessionOf(context).signal,
  });
  return [amount];
}

/** Repeats the last choice without asking; without one, or where the limits forbid it, shows the choices. */
export async function extendUsual(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument ?? context.deadlineItem.shownId(), 'extend');
  const usual = readUsual(context.remembered.usualExtension());
  const problem = usual === undefined ? undefined : problemOf(context.ui, target, usual);
  await (usual === undefined || problem !== undefined
    ? askAndCarryOut(context, target, problem)
    : carryOut(context, target, usual));
}

const askAndCarryOut = (context: CommandContext, target: Target, first?: string): Promise<void> =>
  untilTaken<Move>(
    (problem = first, before) => askForMove(context, target, problem, before),
    (move) => carryOut(context, target, move),
  );

async function carryOut(context: CommandContext, target: Target, move: Move): Promise<void> {
  const problem = problemOf(context.ui, target, move);
  if (problem !== undefined) throw new Refusal(problem);
  const change = move === 'off' ? autostopOff(context.ui, target) : movedStop(context.ui, target, move);
  await context.deadlineItem.during(changeSetting(context, target, 'extend', change));
}

/** Why `move` isn't possible now. */
function problemOf(ui: Ui, target: Target, move: Move): string | undefined {
  if (move === 'off') return undefined;
  const workspace = currentWorkspace(target);
  const now = target.session.now();
  const at = movedTo(move, workspace, now, ui.displayLocale());
  return at === undefined
    ? l10n.t("The last extension can't be repeated for {0}.", nameIn(target))
    : deadlineProblem(workspace, at, now, ui.displayLocale());
}

const unchanged = (name: string, why: string): string => l10n.t("The stop time of {0} wasn't changed. {1}", name, why);

const autostopOff = (ui: Ui, target: Target): Change => ({
  send: (calls, id, signal) => workspaceSettings.updateTtl(calls, id, undefined, signal),
  isSo: (now) => (now.ttl_ms ?? 0) === 0,
  said: (now) => keptRunning(ui, nameIn(target), now, target.session.now()),
  whyRejected: () => l10n.t('The template of {0} no longer allows its users to turn off autostop.', nameIn(target)),
  unconfirmed: l10n.t("Coder was asked to turn off autostop for {0} but hasn't confirmed it yet.", nameIn(target)),
  unchanged,
});

/** @throws Refusal where the workspace has no stop to move */
function movedStop(ui: Ui, target: Target, move: Exclude<Move, 'off'>): Change {
  const { session } = target;
  const before = stopLimits(currentWorkspace(target))?.deadlineAt;
  const deadlineAt = movedTo(move, currentWorkspace(target), session.now(), ui.displayLocale());
  if (deadlineAt === undefined) throw new Refusal(l10n.t('{0} has no scheduled stop.', nameIn(target)));
  return {
    send: (calls, id, signal) => workspaceSettings.extend(calls, id, deadlineAt, signal),
    isSo: (now) => before === deadlineAt || stopLimits(now)?.deadlineAt !== before,
    said: (now) => {
      // The deadline that the server set, not the requested one.
      const after = stopLimits(now)?.deadlineAt;
      if (after === undefined) throw new Refusal(l10n.t('{0} is no longer running.', nameIn(target)));
      return extendedSentence(nameIn(target), before, after, session.now(), ui.displayLocale());
    },
    whyRejected: (now) =>
      deadlineProblem(now, deadlineAt, session.now(), ui.displayLocale()) ??
      // Rejected because of a build that has ended since.
      (now.latest_build.id === target.workspace.latest_build.id
        ? undefined
        : anotherFirst(nameIn(target), now.latest_build)),
    unconfirmed: l10n.t(
      "Coder was asked to stop {0} at {1} but hasn't confirmed it yet.",
      nameIn(target),
      clockTime(deadlineAt, session.now(), ui.displayLocale()),
    ),
    unchanged,
  };
}

/** The outcome of turning autostop off. */
export function keptRunning(ui: Ui, name: string, workspace: Workspace, now: EpochMs): string {
  const after = stopLimits(workspace);
  const isOff = l10n.t('Autostop is off for {0}.', name);
  if (after === undefined) return `${isOff} ${l10n.t('It runs until you stop it.')}`;
  const when = absoluteAndRelative(after.deadlineAt, now, ui.displayLocale());
  return after.isRequired
    ? `${isOff} ${l10n.t("It's still required to stop at {0}.", when)}`
    : `${l10n.t('Autostop is off for {0} from its next start.', name)} ${l10n.t('This time it still stops at {0}.', when)}`;
}

/** A row that leads to another question. */
const UNTIL = 'until' as const;

/** `before`: the answer that is asked for again because of `problem`. */
async function askForMove(context: CommandContext, first: Target, problem?: string, before?: Move): Promise<Move> {
  const { ui } = context;
  const { session, signal } = first;
  const facts = await readStopFacts(ui, first);
  let target = first;
  let asked = before;
  let until = '';
  for (;;) {
    const workspace = currentWorkspace(target);
    const now = session.now();
    const displayLocale = ui.displayLocale();
    const choices = extensionChoices(workspace, now, displayLocale, facts.template?.keepsRunning);
    const limits = stopLimits(workspace);
    const toRow = (choice: (typeof choices.longer)[number]) => ({ ...choice, value: choice.move });
    const notes = [
      ...(choices.limit === undefined ? [] : [choices.limit]),
      ...stopNotes(workspace, facts, displayLocale, now),
    ];
    const isAgain: boolean = typeof asked === 'object';
    if (typeof asked === 'object') until = asked.until;
    const answer: Move | typeof UNTIL = isAgain
      ? UNTIL
      : await ui.pick<Move | typeof UNTIL>({
          title: l10n.t('Extend {0}', nameIn(target)),
          placeholder:
            limits === undefined
              ? l10n.t('Select how long to keep it running')
              : l10n.t('Currently stops {0}', absoluteAndRelative(limits.deadlineAt, now, displayLocale)),
          problem,
          rows: [
            ...choices.longer.map(toRow),
            choices.takesTime && {
              label: l10n.t('Until…'),
              description: l10n.t('a time such as 18:30 or tomorrow 9'),
              take: (text) => (until = text),
              value: UNTIL,
            },
            choices.never && toRow(choices.never),
            ...under(l10n.t('Stop earlier'), choices.shorter.map(toRow)),
            ...under(l10n.t('Limits'), notes.map(noteRow)),
          ],
          signal,
        });
    const move =
      answer === UNTIL
        ? await askForClockTime(ui, target, {
            value: until,
            problem: isAgain ? problem : undefined,
            onBack: (text) => (until = text),
          })
        : answer;
    target = await findTarget(context, workspace.id, 'extend');
    asked = move === BACK ? undefined : move;
    if (move === BACK) {
      problem = undefined;
      continue;
    }
    // Activity may move the deadline meanwhile; an amount counts from the deadline shown in the question.
    const isMoved = typeof move === 'number' && stopLimits(target.workspace)?.deadlineAt !== limits?.deadlineAt;
    problem = problemOf(ui, target, move);
    if (problem !== undefined || isMoved) continue;
    // A failure to write this doesn't prevent the extension.
    if (readUsual(move) !== undefined)
      inBackground(context.remembered.rememberExtension(move), (error) => context.log.error('last extension', error));
    return move;
  }
}

async function askForClockTime(
  ui: Ui,
  target: Target,
  again: Pick<EntryPrompt, 'value' | 'problem' | 'onBack'>,
): Promise<Move | Back> {
  const { session, workspace, signal } = target;
  const read = (typed: string) => {
    const at = parseClock(typed, session.now(), ui.displayLocale());
    return typeof at === 'string' ? at : (deadlineProblem(workspace, at, session.now(), ui.displayLocale()) ?? at);
  };
  const until = await ui.enter({
    ...again,
    title: l10n.t('Extend {0} Until', nameIn(target)),
    placeholder: l10n.t('18:30, 6:30 pm, tomorrow 9, 2 h'),
    prompt: l10n.t('When the workspace stops'),
    canGoBack: true,
    ...typedValue(read, (at) => absoluteAndRelative(at, session.now(), ui.displayLocale())),
    signal,
  });
  return until === BACK ? BACK : { until };
}
