import * as l10n from '@vscode/l10n';
import { joined } from '../../api/plainText.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import { hours, type EpochMs, type Milliseconds } from '../../api/units.ts';
import * as workspaceSettings from '../../api/workspaceSettings.ts';
import { usualTimes, type UsualTimes } from '../../model/buildTimes.ts';
import { stopLimits } from '../../model/deadline.ts';
import { autostopOffNote } from '../../model/extend.ts';
import { BACK, noteRow } from '../../model/prompt.ts';
import { isOn } from '../../model/status.ts';
import { absoluteAndRelative, duration, type DisplayLocale } from '../../model/times.ts';
import { longestTtl, typedTtl } from '../../model/ttlInput.ts';
import type { CommandContext } from '../context.ts';
import { keptRunning } from '../extend.ts';
import { Refusal } from '../refusal.ts';
import { requiredStopNote, templateOf } from '../stopFacts.ts';
import { findTarget, nameIn, type Target } from '../target.ts';
import type { Ui } from '../ui.ts';
import { changeSetting, untilTaken } from './changeSetting.ts';
import { enterTtl } from './scheduleBoxes.ts';

const CUSTOM = 'custom' as const;
const OFF = 0 as Milliseconds;
const PRESETS = [1, 2, 4, 8, 12, 24, 72, 168].map(hours);

export async function setTtl(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const target = await findTarget(context, argument, 'setTtl');
  const name = nameIn(target);
  const template = await templateOf(ui, target);
  if (template?.allow_user_autostop === false) {
    throw new Refusal(l10n.t("The template of {0} doesn't let its users change the time before autostop.", name));
  }
  const facts = template && usualTimes(template);
  await untilTaken<Milliseconds>(
    (problem, before) => askForTtl(ui, target, facts, problem, before),
    (ttl) =>
      changeSetting(context, target, 'setTtl', {
        send: (calls, id, signal) => workspaceSettings.updateTtl(calls, id, ttl === OFF ? undefined : ttl, signal),
        isSo: (now) => (now.ttl_ms ?? OFF) === ttl,
        said: (now) => ttlSentence(nameIn(target), now, target.session.now(), ui),
      }),
  );
}

async function askForTtl(
  ui: Ui,
  target: Target,
  facts: UsualTimes | undefined,
  problem: string | undefined,
  before: Milliseconds | undefined,
): Promise<Milliseconds> {
  const { session, signal, workspace } = target;
  const displayLocale = ui.displayLocale();
  const current = workspace.ttl_ms ?? OFF;
  const value = before ?? current;
  const isCustom = value !== OFF && !PRESETS.includes(value);
  let isAgain = before !== undefined && isCustom;
  const longest = longestTtl(workspace);
  const notes = [effectNote(workspace, session.now(), displayLocale), requiredStopNote(facts, displayLocale)];
  for (;;) {
    let typed: string | undefined;
    const title = l10n.t('Set Time Before Autostop for {0}', nameIn(target));
    const answer = isAgain
      ? CUSTOM
      : await ui.pick<Milliseconds | typeof CUSTOM>({
          title,
          placeholder: l10n.t(
            'Currently {0}. Select how long it runs after each start',
            current === OFF ? l10n.t('off') : duration(current),
          ),
          rows: [
            ...PRESETS.filter((preset) => preset <= longest).map((preset) => ({
              label: duration(preset),
              value: preset,
            })),
            {
              label: l10n.t('Custom…'),
              description: l10n.t('a duration such as 2h30m'),
              take: (text) => (typed = text),
              value: CUSTOM,
            },
            {
              label: l10n.t('Off'),
              description: offNote(workspace, facts, displayLocale, session.now()),
              value: OFF,
            },
            ...notes.map((text) => text !== undefined && noteRow(text)),
          ],
          active: (each) => each === (isCustom ? CUSTOM : value),
          problem,
          signal,
        });
    if (answer !== CUSTOM) return answer;
    const custom = await enterTtl(
      { ui, signal },
      { title, value: value === OFF ? '' : typedTtl(value), longest, typed, problem: isAgain ? problem : undefined },
    );
    if (custom !== BACK) return custom;
    isAgain = false;
    problem = undefined;
  }
}

/** A new time doesn't change the current deadline, in both ages (contract 2.7). */
const effectNote = (workspace: Workspace, now: EpochMs, displayLocale: DisplayLocale): string | undefined => {
  const limits = stopLimits(workspace);
  return (
    limits &&
    l10n.t(
      'Applies from the next start. Still stops at {0}.',
      absoluteAndRelative(limits.deadlineAt, now, displayLocale),
    )
  );
};

/** The effect of turning it off on a running workspace: V2 removes the deadline, unless the stop is required. */
const offNote = (
  workspace: Workspace,
  facts: UsualTimes | undefined,
  displayLocale: DisplayLocale,
  now: EpochMs,
): string => {
  const limits = stopLimits(workspace);
  if (limits === undefined) return '';
  if (facts?.keepsRunning !== 'ttlOff') return l10n.t('applies from the next start');
  return autostopOffNote(limits.maxAt, now, displayLocale);
};

function ttlSentence(name: string, workspace: Workspace, now: EpochMs, ui: Ui): string {
  const { ttl_ms: ttl = OFF } = workspace;
  const limits = stopLimits(workspace);
  if (ttl === OFF)
    return isOn(workspace) ? keptRunning(ui, name, workspace, now) : l10n.t('Autostop is off for {0}.', name);
  return joined(
    [
      l10n.t('{0} stops {1} after each start.', name, duration(ttl)),
      limits &&
        l10n.t('This time it still stops at {0}.', absoluteAndRelative(limits.deadlineAt, now, ui.displayLocale())),
    ],
    ' ',
  );
}
