import * as l10n from '@vscode/l10n';
import { ApiError, isAbort, messageOf } from '../api/errors.ts';
import { noWorkspace } from '../api/operations.ts';
import { joined, plainLine } from '../api/plainText.ts';
import { Slots } from '../api/slots.ts';
import { withFullStop } from '../api/sentences.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import { whyNot, type Verb } from '../model/actions.ts';
import { shownName } from '../model/found.ts';
import { Dismissed, type Button } from '../model/prompt.ts';
import { isOn } from '../model/status.ts';
import { whatIsLost } from './confirmStop.ts';
import type { CommandContext } from './context.ts';
import { quietUi, type Quiet } from './quietUi.ts';
import { Refusal } from './refusal.ts';
import type { Command } from './table.ts';
import { currentWorkspace, readyState, sessionOf, targetIds, type Target } from './target.ts';

/** Maximum number of concurrent requests. */
const AT_ONCE = 5;

/** The confirmation for all workspaces. */
export interface Question {
  readonly verb: Verb;
  readonly title: string;
  readonly names: readonly string[];
  /** Which are left out and why, if any. */
  readonly note: string;
  /** What running workspaces lose, if any. */
  readonly loss: string;
}

/** A verb for several workspaces. */
export interface ForMany {
  /** "Stopped {0}.": a name, or how many. */
  readonly done: (what: string) => string;
  /** Asks once for all of them; what it gives goes to `one` behind the workspace. @throws Dismissed */
  readonly ask?: (context: CommandContext, question: Question) => Promise<readonly unknown[]>;
  /** Answers the one question with the text of its own that `one` would ask of each. */
  readonly confirmed?: (workspace: Workspace) => string;
}

/**
 * Runs `one` for the row or, if several rows are selected, for each of them: VS Code passes the row and the selection. With
 * several, nothing is asked or shown for each: rows that would need an answer are skipped, and one message reports all.
 */
export const forMany =
  (verb: Verb, one: Command, words: ForMany): Command =>
  async (context, argument, ...rest) => {
    const ids = targetIds(argument, rest[0]);
    if (ids.length > 1) await carryOut(context, verb, one, words, ids);
    else await one(context, argument, ...(Array.isArray(rest[0]) ? [] : rest));
  };

/** What became of a workspace. */
interface Outcome {
  readonly kind: 'done' | 'skipped' | 'failed';
  readonly name: string;
  /** Whole sentences; absent where it is done. */
  readonly why?: string;
  /** Of the error that it would have shown alone. */
  readonly buttons?: readonly Button[] | undefined;
}

async function carryOut(
  context: CommandContext,
  verb: Verb,
  one: Command,
  words: ForMany,
  ids: readonly WorkspaceId[],
): Promise<void> {
  const session = sessionOf(context);
  const { signal } = session;
  const { user, workspaces } = await readyState(session);
  const todo: Workspace[] = [];
  const skipped: Outcome[] = [];
  for (const id of ids) {
    const workspace = workspaces.get(id);
    const why = workspace === undefined ? noWorkspace() : whyNot(verb, workspace, user);
    if (workspace !== undefined && why === undefined) todo.push(workspace);
    else
      skipped.push({
        kind: 'skipped',
        name: workspace ? shownName(workspace, user) : '',
        why: why ?? '',
      });
  }
  if (todo.length === 0) throw new Refusal(reasons(skipped));
  // Each on one line: the confirmation keeps line breaks.
  const names = todo.map((workspace) => shownName(workspace, user));
  const title = l10n.t('{0}: {1}', context.commandTitle(verb), counted(names));
  const note = skippedNote(skipped);
  const isOver = ENDS_WHAT_RUNS.has(verb) && todo.some(isOn);
  const args = await (words.ask ?? confirm)(context, { verb, title, names, note, loss: isOver ? whatIsLost() : '' });
  signal.throwIfAborted();
  const outcomes = await context.ui.withDelayedProgress(
    title,
    (stop) => {
      const slots = new Slots(AT_ONCE);
      return Promise.all(
        todo.map((workspace, index) =>
          slots.run(signal, async (release): Promise<Outcome> => {
            const quiet = quietUi(context, release, {
              mayEnd: isOn(workspace),
              confirmed: words.confirmed?.(workspace),
            });
            const outcome = stop.aborted
              ? ({ kind: 'skipped', why: l10n.t('Canceled.') } as const)
              : await outcomeOf(context, { session, signal, workspace }, verb, quiet, () =>
                  one(quiet.context, workspace.id, ...args),
                );
            return { name: names[index] ?? '', ...outcome };
          }),
        ),
      );
    },
    signal,
  );
  say(context, words, [...outcomes, ...skipped]);
}

async function outcomeOf(
  { log }: CommandContext,
  target: Target,
  verb: Verb,
  quiet: Quiet,
  act: () => Promise<void>,
): Promise<Omit<Outcome, 'name'>> {
  const { session, signal } = target;
  try {
    await act();
    const { failure, said } = quiet;
    if (failure !== undefined) return { kind: 'failed', why: failure.message, buttons: failure.buttons };
    return hasCome(verb, target) ? { kind: 'done' } : { kind: 'failed', why: said };
  } catch (error) {
    if (isAbort(error, signal) || (await session.noticed(error))) throw error;
    if (error instanceof Dismissed)
      return { kind: 'skipped', why: l10n.t('It requires input. Run the command for this workspace alone.') };
    if (!(error instanceof Refusal) && !(error instanceof ApiError)) log.error('several workspaces', error);
    return { kind: 'failed', why: withFullStop(messageOf(error)) };
  }
}

/** Whether the last build is the requested one and succeeded; canceled ones are reported separately. */
const hasCome = (verb: Verb, target: Target): boolean => {
  const wanted = LAST_BUILD[verb];
  const { latest_build: last } = currentWorkspace(target);
  // A deleted workspace is no longer known.
  if (wanted === undefined || last.id === target.workspace.latest_build.id) return true;
  return last.transition === wanted && last.job.status === 'succeeded';
};

const ENDS_WHAT_RUNS: ReadonlySet<Verb> = new Set<Verb>(['stop', 'restart', 'update']);

const LAST_BUILD: Partial<Record<Verb, string>> = {
  start: 'start',
  restart: 'start',
  update: 'start',
  stop: 'stop',
  delete: 'delete',
};

/** The one confirmation, which lists them and says what is left out. */
const confirm: NonNullable<ForMany['ask']> = async ({ ui, commandTitle }, { verb, title, names, note, loss }) => {
  const detail = joined([lines(names), loss, note], '\n\n');
  if ((await ui.confirm(title, detail, [commandTitle(verb)])) === undefined) throw new Dismissed();
  return [];
};

/** Without a confirmation, because it is easily undone. */
export const withoutQuestion = (): Promise<readonly unknown[]> => Promise.resolve([]);

/** The number of workspaces is typed, where for one workspace it is the name. */
export const typeTheirNumber: NonNullable<ForMany['ask']> = async (context, { title, names, note }) => {
  const count = String(names.length);
  await context.ui.enter({
    title,
    prompt: joined(
      [
        l10n.t(
          'This permanently deletes these workspaces with their resources and data: {0}. Type {1} to confirm.',
          names.join(', '),
          count,
        ),
        note,
      ],
      ' ',
    ),
    placeholder: count,
    validate: (text) => (text.trim() === count ? undefined : l10n.t('Type {0} to confirm.', count)),
    signal: sessionOf(context).signal,
  });
  return [];
};

function say({ ui }: CommandContext, { done }: ForMany, outcomes: readonly Outcome[]): void {
  const of = (kind: Outcome['kind']) => outcomes.filter((each) => each.kind === kind);
  const [succeeded, skipped, failed] = [of('done'), of('skipped'), of('failed')];
  const message = joined(
    [
      succeeded.length === 0 ? '' : done(counted(succeeded.map(({ name }) => name))),
      failed.length === 0 ? '' : l10n.t('Failed: {0}', reasons(failed)),
      skippedNote(skipped),
    ],
    ' ',
  );
  const [first, second] = failed;
  if (first === undefined) ui.inform(message);
  else ui.showError(message, second === undefined ? first.buttons : []);
}

const counted = (names: readonly string[]): string =>
  names.length === 1 ? (names[0] ?? '') : l10n.t('{0} workspaces', names.length);

const skippedNote = (skipped: readonly Outcome[]): string =>
  skipped.length === 0 ? '' : l10n.t('Skipped: {0}', reasons(skipped));

/** Each names its workspace. */
const reasons = (outcomes: readonly Outcome[]): string =>
  plainLine(
    outcomes.map(({ name, why = '' }) => (isNamedIn(why, name) ? why : l10n.t('{0}: {1}', name, why))).join(' '),
    1_000,
  );

/** Whether `name` is a word of `text`: `api` isn't one of "rapid". */
const isNamedIn = (text: string, name: string): boolean => text.split(/[^\w/-]+/).includes(name);

/** Maximum number of names on one line. */
const lines = (names: readonly string[]): string =>
  names.map((name, index) => (index === 0 ? name : index % 12 === 0 ? `,\n${name}` : `, ${name}`)).join('');
