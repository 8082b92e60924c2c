import * as l10n from '@vscode/l10n';
import { joined } from '../../api/plainText.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import * as workspaces from '../../api/workspaces.ts';
import * as workspaceSettings from '../../api/workspaceSettings.ts';
import { isOld } from '../../model/age.ts';
import { autostartText } from '../../model/autostart.ts';
import { permittedDays, scheduleSentence } from '../../model/autostartInput.ts';
import { readCron } from '../../model/cron.ts';
import { isDormant } from '../../model/status.ts';
import { weeklyCron } from '../../model/weeklyStart.ts';
import { BACK, type Back } from '../../model/prompt.ts';
import type { CommandContext } from '../context.ts';
import { Refusal } from '../refusal.ts';
import { templateOf } from '../stopFacts.ts';
import { findTarget, ifReadable, nameIn, type Target } from '../target.ts';
import type { Ui } from '../ui.ts';
import { changeSetting, untilTaken } from './changeSetting.ts';
import { enterSchedule, readSchedule, usualZone } from './scheduleBoxes.ts';

/** In words, with a zone, or as cron; off. */
export async function setAutostart(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const target = await findTarget(context, argument, 'setAutostart');
  const name = nameIn(target);
  const template = await templateOf(ui, target);
  if (template?.allow_user_autostart === false) {
    throw new Refusal(l10n.t("The template of {0} doesn't let its users set an autostart.", name));
  }
  const permitted = permittedDays(template?.autostart_requirement?.days_of_week);
  let typed: string | undefined;
  const ask = async (problem: string | undefined): Promise<string | undefined> => {
    for (;;) {
      const isOn = target.workspace.autostart_schedule !== undefined;
      if (isOn && problem === undefined && (await isToBeOff(ui, target, (text) => (typed = text)))) return undefined;
      const entered = await askForSchedule(ui, target, permitted, isOn, typed, problem);
      if (entered === BACK) {
        problem = undefined;
        continue;
      }
      typed = entered;
      return readSchedule(ui, target.session, target.workspace.autostart_schedule, entered)?.schedule;
    }
  };
  await untilTaken(ask, (schedule) =>
    changeSetting(context, target, 'setAutostart', {
      send: (calls, id, signal) => workspaceSettings.updateAutostart(calls, id, schedule, signal),
      isSo: (now) => now.autostart_schedule === schedule,
      said: async (now) =>
        joined(
          [
            autostartSentence(ui, target, now, permitted),
            (await needsInput(target, now))
              ? l10n.t("It can't start automatically until you update it: the active version needs parameter values.")
              : '',
          ],
          ' ',
        ),
    }),
  );
}

/** With automatic updates, autostart builds the active version, which may require parameters that nobody enters (contract 4.4). */
async function needsInput({ session, signal }: Target, now: Workspace): Promise<boolean> {
  if (now.autostart_schedule === undefined || !now.outdated || isOld(now)) return false;
  return (await ifReadable(workspaces.autostartNeedsInput(session.calls, now.id, signal))) === true;
}

async function isToBeOff(ui: Ui, target: Target, take: (typed: string) => void): Promise<boolean> {
  const { workspace, signal } = target;
  return ui.pick({
    title: l10n.t('Set Autostart for {0}', nameIn(target)),
    placeholder: l10n.t('Currently {0}', autostartText(workspace.autostart_schedule ?? '', ui.displayLocale())),
    rows: [
      { label: l10n.t('Change days and time…'), icon: 'edit', take, value: false },
      { label: l10n.t('Turn off'), icon: 'circle-slash', value: true },
    ],
    signal,
  });
}

function askForSchedule(
  ui: Ui,
  target: Target,
  permitted: readonly number[],
  canGoBack: boolean,
  typed: string | undefined,
  problem: string | undefined,
): Promise<string | Back> {
  const { session, workspace, signal } = target;
  const { autostart_schedule: schedule } = workspace;
  const weekdays = [1, 2, 3, 4, 5].filter((day) => permitted.includes(day));
  const proposal = schedule ?? weeklyCron(weekdays.length > 0 ? weekdays : permitted, 9, 0, usualZone(ui));
  return enterSchedule(
    { ui, session, signal },
    {
      title: l10n.t('Set Autostart for {0}', nameIn(target)),
      value: typed ?? autostartText(proposal, ui.displayLocale()),
      schedule,
      permitted,
      isDormant: isDormant(workspace),
      canGoBack,
      problem,
    },
  );
}

function autostartSentence(ui: Ui, target: Target, now: Workspace, permitted: readonly number[]): string {
  const name = nameIn(target);
  const { autostart_schedule: schedule } = now;
  if (schedule === undefined) return l10n.t('Autostart is off for {0}.', name);
  const cron = readCron(schedule);
  const words =
    cron === undefined
      ? schedule
      : scheduleSentence({ schedule, ...cron }, permitted, target.session.now(), ui.displayLocale(), isDormant(now));
  return l10n.t('Autostart for {0}: {1}', name, words);
}
