import * as l10n from '@vscode/l10n';
import type { Template } from '../../api/schemas/templates.ts';
import { hours, type Milliseconds } from '../../api/units.ts';
import { autostartText } from '../../model/autostart.ts';
import { permittedDays } from '../../model/autostartInput.ts';
import { BACK } from '../../model/prompt.ts';
import { duration } from '../../model/times.ts';
import { longestTtl, typedTtl } from '../../model/ttlInput.ts';
import { enterSchedule, enterTtl, readSchedule } from '../settings/scheduleBoxes.ts';
import type { Draft } from './draft.ts';
import type { WizardContext } from './wizardContext.ts';

// Autostart and time before autostop of the new workspace, within what its template permits (contract 4.1).

export const maySetStop = ({ allow_user_autostop: may }: Template): boolean => may !== false;
export const maySetStart = ({ allow_user_autostart: may }: Template): boolean => may !== false;

/** "8 h after each start (template default)". */
export function stopText({ form, ttlMs }: Draft): string {
  if (ttlMs !== undefined) return l10n.t('{0} after each start', duration(ttlMs));
  const usual = form?.template.default_ttl_ms ?? 0;
  return usual > 0
    ? l10n.t('{0} after each start (template default)', duration(usual as Milliseconds))
    : l10n.t('none');
}

export const startText = ({ autostart }: Draft, { ui }: WizardContext): string =>
  autostart === undefined ? l10n.t('none') : autostartText(autostart, ui.displayLocale());

const CHOICES = [1, 2, 4, 8, 12, 24].map(hours);
const OTHER = Symbol('other');

export async function askForStop(draft: Draft, wizard: WizardContext): Promise<undefined> {
  const { ui, signal } = wizard;
  const usual = draft.form?.template.default_ttl_ms ?? (0 as Milliseconds);
  const title = wizard.title(l10n.t('Time Before Autostop'));
  let typed: string | undefined;
  const chosen = await ui.pick<Milliseconds | undefined | typeof OTHER>({
    title,
    placeholder: l10n.t('Select how long the workspace runs after each start'),
    canGoBack: true,
    rows: [
      {
        label: l10n.t('Template default'),
        description: usual > 0 ? duration(usual) : l10n.t('none'),
        value: undefined,
      },
      ...CHOICES.map((choice) => ({ label: duration(choice), value: choice })),
      { label: l10n.t('Other…'), icon: 'edit', take: (text) => (typed = text), value: OTHER },
    ],
    active: (choice) => choice === draft.ttlMs,
    signal,
  });
  if (chosen === BACK) return;
  if (chosen !== OTHER) {
    draft.ttlMs = chosen;
    return;
  }
  // V0 knows nothing of health, nor of rich parameters.
  const longest = longestTtl({ health: draft.form?.age === 'legacy' ? undefined : {} });
  const value = draft.ttlMs === undefined ? '' : typedTtl(draft.ttlMs);
  const ttl = await enterTtl({ ui, signal }, { title, value, longest, typed });
  if (ttl !== BACK) draft.ttlMs = ttl;
}

export async function askForStart(draft: Draft, { ui, session, title, signal }: WizardContext): Promise<undefined> {
  const { autostart: schedule } = draft;
  const typed = await enterSchedule(
    { ui, session, signal },
    {
      title: title(l10n.t('Autostart')),
      placeholder: l10n.t('weekdays 9:30; leave it empty for no autostart'),
      value: schedule === undefined ? '' : autostartText(schedule, ui.displayLocale()),
      schedule,
      permitted: permittedDays(draft.form?.template.autostart_requirement?.days_of_week),
      isOptional: true,
    },
  );
  if (typed !== BACK) draft.autostart = readSchedule(ui, session, schedule, typed)?.schedule;
}
