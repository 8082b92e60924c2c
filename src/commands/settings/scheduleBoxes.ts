import * as l10n from '@vscode/l10n';
import type { Milliseconds } from '../../api/units.ts';
import { parseAutostart, scheduleProblem, scheduleSentence } from '../../model/autostartInput.ts';
import { readCron } from '../../model/cron.ts';
import { BACK, type Back, type Prompt } from '../../model/prompt.ts';
import type { Session } from '../../model/session.ts';
import { duration } from '../../model/times.ts';
import { parseTtl } from '../../model/ttlInput.ts';
import { Refusal } from '../refusal.ts';
import { typedValue } from '../typedValue.ts';
import type { Ui } from '../ui.ts';

// Input boxes for schedules, of existing and of new workspaces.

interface Asking {
  readonly ui: Ui;
  readonly session: Session;
  readonly signal: AbortSignal;
}

/** Days and a time as they are typed, as `readSchedule` reads them. */
export function enterSchedule(
  { ui, session, signal }: Asking,
  prompt: Prompt & {
    readonly value: string;
    /** The one that there is. */
    readonly schedule: string | undefined;
    /** Weekdays on which the template permits autostart. */
    readonly permitted: readonly number[];
    /** Nothing starts the workspace by itself. */
    readonly isDormant?: boolean;
    /** Whether the input may be empty. */
    readonly isOptional?: boolean;
  },
): Promise<string | Back> {
  const { permitted, schedule, isDormant, isOptional, ...rest } = prompt;
  const displayLocale = ui.displayLocale();
  const read = (text: string) => {
    if (isOptional === true && text.trim() === '') return undefined;
    const typed = readSchedule(ui, session, schedule, text);
    return typed === undefined
      ? l10n.t(
          'Enter days and a time such as weekdays 9:30, optionally with a time zone, or a weekly cron schedule such as 30 9 * * 1-5.',
        )
      : (scheduleProblem(typed, permitted, displayLocale) ?? typed);
  };
  return ui.enter({
    placeholder: l10n.t('weekdays 9:30, Mon and Wed 8:00 Europe/Paris, or cron: 30 9 * * 1-5'),
    prompt: l10n.t('Days and time when it starts, in {0} unless you add a time zone', usualZone(ui, schedule)),
    canGoBack: true,
    ...rest,
    ...typedValue(
      read,
      (typed) => typed && scheduleSentence(typed, permitted, session.now(), displayLocale, isDormant),
    ),
    signal,
  });
}

/** `schedule`: the one that there is, whose zone holds where none is typed. */
export const readSchedule = (ui: Ui, session: Session, schedule: string | undefined, text: string) =>
  parseAutostart(text, usualZone(ui, schedule), session.now(), ui.displayLocale());

/** That of the schedule that there is, else the person's, as far as servers know it. */
export const usualZone = (ui: Ui, schedule = ''): string => {
  const { timeZone } = ui.displayLocale();
  return readCron(schedule)?.zone ?? (/^[a-z]/i.test(timeZone) ? timeZone : 'UTC');
};

/** A time before autostop as it is typed, at most `longest`. */
export async function enterTtl(
  { ui, signal }: Pick<Asking, 'ui' | 'signal'>,
  { longest, ...prompt }: Prompt & { readonly value: string; readonly longest: Milliseconds },
): Promise<Milliseconds | Back> {
  const read = (text: string) => parseTtl(text, longest, ui.displayLocale());
  const typed = await ui.enter({
    placeholder: l10n.t('8 h, 2h30m, 2 days'),
    prompt: l10n.t('How long it runs after each start, at most {0}', duration(longest)),
    canGoBack: true,
    ...prompt,
    ...typedValue(read, (ttl) => l10n.t('Stops {0} after each start', duration(ttl))),
    signal,
  });
  const ttl = typed === BACK ? BACK : read(typed);
  if (typeof ttl === 'string') throw new Refusal(ttl);
  return ttl;
}
