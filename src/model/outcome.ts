import * as l10n from '@vscode/l10n';
import { firstLine, plainLine } from '../api/plainText.ts';
import { isSilent, type Build } from '../api/schemas/workspaces.ts';
import { withFullStop } from '../api/sentences.ts';
import type { Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import { duration } from './times.ts';

/** How a build ended, or that it has not: "running after 43 s", "start canceled after 5 s", "start failed after 12 s". */
export const outcomeOf = (build: Build): string => {
  const word = outcomeWord(build);
  const took = tookMs(build);
  return took === undefined ? word : l10n.t('{0} after {1}', word, length(took));
};

/** "api-server is running after 43 s." and "api-server: start failed. quota exceeded": a verb's last word. */
export const outcomeSentence = (name: string, build: Build): string => {
  const shown = plainLine(name, 64);
  const took = tookMs(build);
  if (build.job.status === 'succeeded' && took !== undefined) {
    return l10n.t('{0} is {1} after {2}.', shown, outcomeWord(build), length(took));
  }
  const reason = firstLine(build.job.error ?? '', 300);
  return build.job.status === 'failed' && build.job.canceled_at === undefined && reason !== ''
    ? l10n.t('{0}: {1}. {2}', shown, outcomeWord(build), withFullStop(reason))
    : l10n.t('{0}: {1}.', shown, outcomeWord(build));
};

/** In lower case, to stand inside a sentence. */
const outcomeWord = (build: Build): string => {
  if (isSilent(build)) return l10n.t('no word from the provisioner');
  // The usual end of a cancelled running build is `failed` with `canceled_at` (contract 2.10).
  const isOver = build.job.status === 'failed' || build.job.status === 'canceled';
  if (isOver && build.job.canceled_at !== undefined) return canceled(build);
  switch (build.status) {
    case 'running':
      return l10n.t('running');
    case 'stopped':
      return l10n.t('stopped');
    case 'deleted':
      return l10n.t('deleted');
    case 'canceled':
      return canceled(build);
    case 'failed':
      return failed(build);
    default:
      return plainLine(build.status, 32);
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

/** How long the job ran. What V0 builds although it was cancelled in the queue begins after its end (contract 2.10). */
const tookMs = ({ job }: Build): Milliseconds | undefined => {
  const from = job.started_at ?? job.created_at;
  if (from === undefined || job.completed_at === undefined || from > job.completed_at) return undefined;
  return between(from, job.completed_at);
};

/** Tenths under a second: nothing takes 0 s. */
const length = (took: Milliseconds): string =>
  took < 1000 ? l10n.t('{0} s', (took / 1000).toFixed(1)) : duration(took);
