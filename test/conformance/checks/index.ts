import type { Check } from '../check.ts';
import { account } from './account.ts';
import { builds } from './builds.ts';
import { cancel } from './cancel.ts';
import { create } from './create.ts';
import { extend } from './extend.ts';
import { extras } from './extras.ts';
import { identity } from './identity.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { outcome } from './outcome.ts';
import { read } from './read.ts';
import { rename } from './rename.ts';
import { schedule } from './schedule.ts';
import { sharing } from './sharing.ts';
import { templates } from './templates.ts';
import { verbs } from './verbs.ts';
import { watch } from './watch.ts';

const inGroups: readonly Check[] = [
  ...account,
  ...identity,
  ...templates,
  ...create,
  ...read,
  ...list,
  ...rename,
  ...schedule,
  ...extend,
  ...builds,
  ...verbs,
  ...outcome,
  ...watch,
  ...extras,
  ...sharing,
  ...logs,
  ...cancel,
];

/** A deployment may have one worker only: what holds one comes after whatever needs one. */
export const allChecks: readonly Check[] = [
  ...inGroups.filter((check) => check.holdsWorker !== true),
  ...inGroups.filter((check) => check.holdsWorker === true),
];

/** Those whose operation or name contains `text`. */
export const checksAbout = (text: string | undefined): readonly Check[] => {
  if (text === undefined) return allChecks;
  const wanted = text.toLowerCase();
  return allChecks.filter(({ operation, name }) => `${operation}: ${name}`.toLowerCase().includes(wanted));
};
