import * as l10n from '@vscode/l10n';
import { firstLine, plainLine } from '../api/plainText.ts';
import { isSilent } from '../api/buildEnd.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import { withFullStop } from '../api/sentences.ts';
import type { Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import { byTransition, wasCanceled } from './status.ts';
import { duration } from './times.ts';

type Outcome = 'succeeded' | 'failed' | 'canceled' | 'silent' | 'other';

const kindOf = (build: Build): Outcome => {
  if (isSilent(build)) return 'silent';
  if (wasCanceled({ latest_build: build })) return 'canceled';
  const { status } = build.job;
  if (status === 'succeeded') return 'succeeded';
  return status === 'failed' ? 'failed' : 'other';
};

/** How a build ended, for the last line of its log: "started in 43 s", "start canceled after 5 s", "start failed after 12 s". */
export const outcomeOf = (build: Build): string => {
  const time = timeOf(build);
  const after = (what: string): string => (time === undefined ? what : l10n.t('{0} after {1}', what, time));
  switch (kindOf(build)) {
    case 'succeeded':
      return succeeded(build, time);
    case 'canceled':
      return after(canceled(build));
    case 'failed':
      return after(failed(build));
    case 'silent':
      return l10n.t('no word from the provisioner');
    case 'other':
      return plainLine(build.status, 32);
  }
};

/** "api-server started in 43 s." and "api-server failed to start: quota exceeded." Says how a command ended. */
export const outcomeSentence = (name: string, build: Build): string => {
  const shown = plainLine(name, 64);
  switch (kindOf(build)) {
    case 'succeeded':
      return succeededSentence(shown, build);
    case 'canceled':
      return canceledSentence(shown, build);
    case 'failed':
      return failedSentence(shown, build);
    case 'silent':
      return l10n.t('The provisioner that builds {0} has stopped reporting.', shown);
    case 'other':
      return l10n.t('{0}: {1}.', shown, plainLine(build.status, 32));
  }
};

const succeeded = (build: Build, time: string | undefined): string =>
  time === undefined
    ? byTransition(build, {
        start: l10n.t('started'),
        stop: l10n.t('stopped'),
        delete: l10n.t('deleted'),
        other: l10n.t('finished'),
      })
    : byTransition(build, {
        start: l10n.t('started in {0}', time),
        stop: l10n.t('stopped in {0}', time),
        delete: l10n.t('deleted in {0}', time),
        other: l10n.t('finished in {0}', time),
      });

const succeededSentence = (name: string, build: Build): string => {
  const time = timeOf(build);
  const other = l10n.t('The build of {0} finished.', name);
  return time === undefined
    ? byTransition(build, {
        start: l10n.t('{0} started.', name),
        stop: l10n.t('{0} stopped.', name),
        delete: l10n.t('{0} was deleted.', name),
        other,
      })
    : byTransition(build, {
        start: l10n.t('{0} started in {1}.', name, time),
        stop: l10n.t('{0} stopped in {1}.', name, time),
        delete: l10n.t('{0} was deleted in {1}.', name, time),
        other,
      });
};

const canceled = (build: Build): string =>
  byTransition(build, {
    start: l10n.t('start canceled'),
    stop: l10n.t('stop canceled'),
    delete: l10n.t('delete canceled'),
    other: l10n.t('canceled'),
  });

const canceledSentence = (name: string, build: Build): string =>
  byTransition(build, {
    start: l10n.t('The start of {0} was canceled.', name),
    stop: l10n.t('The stop of {0} was canceled.', name),
    delete: l10n.t('The deletion of {0} was canceled.', name),
    other: l10n.t('The build of {0} was canceled.', name),
  });

const failed = (build: Build): string =>
  byTransition(build, {
    start: l10n.t('start failed'),
    stop: l10n.t('stop failed'),
    delete: l10n.t('delete failed'),
    other: l10n.t('failed'),
  });

const failedSentence = (name: string, build: Build): string => {
  const reason = withFullStop(firstLine(build.job.error ?? '', 300));
  return reason === ''
    ? byTransition(build, {
        start: l10n.t('{0} failed to start.', name),
        stop: l10n.t('{0} failed to stop.', name),
        delete: l10n.t("{0} couldn't be deleted.", name),
        other: l10n.t('The build of {0} failed.', name),
      })
    : byTransition(build, {
        start: l10n.t('{0} failed to start: {1}', name, reason),
        stop: l10n.t('{0} failed to stop: {1}', name, reason),
        delete: l10n.t("{0} couldn't be deleted: {1}", name, reason),
        other: l10n.t('The build of {0} failed: {1}', name, reason),
      });
};

/**
 * How long the job ran, or all from the first job to the last. What V0 builds although it was cancelled in the queue begins
 * after its end (contract 2.10).
 */
export const timeOf = (first: Build, { job: last } = first): string | undefined => {
  const { job } = first;
  const from = job.started_at ?? job.created_at;
  return from === undefined || last.completed_at === undefined || from > last.completed_at
    ? undefined
    : length(between(from, last.completed_at));
};

/** In tenths below one second, so that it never reads 0 s. */
const length = (took: Milliseconds): string =>
  took < 1000 ? l10n.t('{0} s', (took / 1000).toFixed(1)) : duration(took);
