import * as l10n from '@vscode/l10n';
import { firstLine, plainLine } from '../api/plainText.ts';
import { isSilent } from '../api/buildEnd.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import { withFullStop } from '../api/sentences.ts';
import type { Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import { wasCanceled } from './status.ts';
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
  const took = tookMs(build);
  const time = took === undefined ? undefined : length(took);
  switch (kindOf(build)) {
    case 'succeeded':
      return succeeded(build, time);
    case 'canceled':
      return time === undefined ? canceled(build) : l10n.t('{0} after {1}', canceled(build), time);
    case 'failed':
      return time === undefined ? failed(build) : l10n.t('{0} after {1}', failed(build), time);
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

const succeeded = ({ transition }: Build, time: string | undefined): string => {
  switch (transition) {
    case 'start':
      return time === undefined ? l10n.t('started') : l10n.t('started in {0}', time);
    case 'stop':
      return time === undefined ? l10n.t('stopped') : l10n.t('stopped in {0}', time);
    case 'delete':
      return time === undefined ? l10n.t('deleted') : l10n.t('deleted in {0}', time);
    default:
      return time === undefined ? l10n.t('finished') : l10n.t('finished in {0}', time);
  }
};

const succeededSentence = (name: string, build: Build): string => {
  const took = tookMs(build);
  const time = took === undefined ? undefined : length(took);
  switch (build.transition) {
    case 'start':
      return time === undefined ? l10n.t('{0} started.', name) : l10n.t('{0} started in {1}.', name, time);
    case 'stop':
      return time === undefined ? l10n.t('{0} stopped.', name) : l10n.t('{0} stopped in {1}.', name, time);
    case 'delete':
      return time === undefined ? l10n.t('{0} was deleted.', name) : l10n.t('{0} was deleted in {1}.', name, time);
    default:
      return l10n.t('The build of {0} finished.', name);
  }
};

const canceled = ({ transition }: Build): string => {
  switch (transition) {
    case 'start':
      return l10n.t('start canceled');
    case 'stop':
      return l10n.t('stop canceled');
    case 'delete':
      return l10n.t('delete canceled');
    default:
      return l10n.t('canceled');
  }
};

const canceledSentence = (name: string, { transition }: Build): string => {
  switch (transition) {
    case 'start':
      return l10n.t('The start of {0} was canceled.', name);
    case 'stop':
      return l10n.t('The stop of {0} was canceled.', name);
    case 'delete':
      return l10n.t('The deletion of {0} was canceled.', name);
    default:
      return l10n.t('The build of {0} was canceled.', name);
  }
};

const failed = ({ transition }: Build): string => {
  switch (transition) {
    case 'start':
      return l10n.t('start failed');
    case 'stop':
      return l10n.t('stop failed');
    case 'delete':
      return l10n.t('delete failed');
    default:
      return l10n.t('failed');
  }
};

const failedSentence = (name: string, { transition, job }: Build): string => {
  const error = firstLine(job.error ?? '', 300);
  const reason = error === '' ? undefined : withFullStop(error);
  switch (transition) {
    case 'start':
      return reason === undefined
        ? l10n.t('{0} failed to start.', name)
        : l10n.t('{0} failed to start: {1}', name, reason);
    case 'stop':
      return reason === undefined
        ? l10n.t('{0} failed to stop.', name)
        : l10n.t('{0} failed to stop: {1}', name, reason);
    case 'delete':
      return reason === undefined
        ? l10n.t("{0} couldn't be deleted.", name)
        : l10n.t("{0} couldn't be deleted: {1}", name, reason);
    default:
      return reason === undefined
        ? l10n.t('The build of {0} failed.', name)
        : l10n.t('The build of {0} failed: {1}', name, reason);
  }
};

/** How long the job ran. What V0 builds although it was cancelled in the queue begins after its end (contract 2.10). */
const tookMs = ({ job }: Build): Milliseconds | undefined => {
  const from = job.started_at ?? job.created_at;
  if (from === undefined || job.completed_at === undefined || from > job.completed_at) return undefined;
  return between(from, job.completed_at);
};

/** In tenths below one second, so that it never reads 0 s. */
export const length = (took: Milliseconds): string =>
  took < 1000 ? l10n.t('{0} s', (took / 1000).toFixed(1)) : duration(took);
