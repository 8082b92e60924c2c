import * as l10n from '@vscode/l10n';
import { ApiError } from '../api/errors.ts';
import { isOld } from '../model/age.ts';
import { outcomeSentence } from '../model/outcome.ts';
import type { PickPrompt } from '../model/prompt.ts';
import { build, buildStart } from './build.ts';
import type { CommandContext } from './context.ts';
import { deleteTarget } from './delete.ts';
import { Refusal } from './refusal.ts';
import { findTarget, nameIn, type Target } from './target.ts';

type Way = 'again' | 'debug' | 'cleanUp';

/** Repeats a failed build, or cleans up after it. */
export async function retryBuild(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'retryBuild');
  const { workspace, signal } = target;
  const { latest_build: failed } = workspace;
  const name = nameIn(target);
  const way = await context.ui.pick<Way>({
    title: l10n.t('Retry the Build of {0}', name),
    placeholder: outcomeSentence(name, failed),
    rows: waysOf(target),
    signal,
  });
  const logLevel = way === 'debug' ? 'debug' : undefined;
  try {
    if (way === 'cleanUp' || failed.transition === 'stop') {
      await build(context, target, { verb: 'retryBuild', request: { transition: 'stop', logLevel } });
    } else if (failed.transition === 'delete') {
      await deleteTarget(context, target, logLevel);
    } else {
      // V2 first cleans up what a failed start left; V0 starts on top of it (contract 2.14).
      await buildStart(context, target, { verb: 'retryBuild', stopsFirst: !isOld(workspace), logLevel });
    }
  } catch (error) {
    if (way !== 'debug' || !(error instanceof ApiError) || error.status !== 400 || error.validations.length > 0) {
      throw error;
    }
    throw new Refusal(
      l10n
        .t(
          "Debug output isn't allowed. The deployment must permit it, and you must be a template administrator. {0}",
          error.serverMessage ?? '',
        )
        .trim(),
    );
  }
}

function waysOf({ workspace }: Target): PickPrompt<Way>['rows'] {
  const { transition } = workspace.latest_build;
  const [again, withDebug] =
    transition === 'stop'
      ? [l10n.t('Stop again'), l10n.t('Stop again with debug output')]
      : transition === 'delete'
        ? [l10n.t('Delete again'), l10n.t('Delete again with debug output')]
        : [l10n.t('Start again'), l10n.t('Start again with debug output')];
  return [
    {
      label: again,
      icon: 'debug-rerun',
      detail:
        transition === 'start' && !isOld(workspace)
          ? l10n.t('Resources left by the failed start are stopped first.')
          : undefined,
      value: 'again',
    },
    !isOld(workspace) && {
      label: withDebug,
      detail: l10n.t('For template administrators, where the deployment permits it.'),
      icon: 'debug-alt',
      value: 'debug',
    },
    transition === 'start' && {
      label: l10n.t('Clean up'),
      detail: l10n.t('Stops the resources left by the failed start. The workspace stays stopped.'),
      icon: 'clear-all',
      value: 'cleanUp',
    },
  ];
}
