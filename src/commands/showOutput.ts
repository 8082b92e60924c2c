import { activityText } from '../model/activityText.ts';
import type { EpochMs } from '../api/units.ts';
import type { CommandContext } from './context.ts';

/** Opens the log, whose last line says what the extension is doing and when it tries next. */
export function showOutput({ deployments, log, ui }: CommandContext): Promise<void> {
  const current = deployments.current.value;
  const state = current?.session.state.value;
  log.info(
    current === undefined || state === undefined
      ? 'Not signed in.'
      : activityText(
          current.deployment.url.host,
          state,
          current.session.activity,
          ui.displayLocale(),
          Date.now() as EpochMs,
        ),
  );
  log.show();
  return Promise.resolve();
}
