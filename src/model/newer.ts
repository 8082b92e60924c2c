import type { Build } from '../api/schemas/workspaces.ts';

/**
 * Whether `candidate` is an older snapshot than `known` (contract 3.1): a lower number, or the same build less far on.
 *
 * How far a job is, is read from its times and not from its status: V0 calls a job without a heartbeat failed and takes
 * that back later (contract 5.2).
 */
export const isOlderBuild = (candidate: Build, known: Build): boolean => {
  if (candidate.build_number !== known.build_number) return candidate.build_number < known.build_number;
  if (candidate.id !== known.id) return false;
  const moved = (candidate.updated_at ?? 0) - (known.updated_at ?? 0);
  if (progress(candidate) !== progress(known)) return progress(candidate) < progress(known);
  return moved < 0;
};

const progress = ({ job }: Build): number => {
  if (job.completed_at !== undefined) return 3;
  if (job.canceled_at !== undefined) return 2;
  return job.started_at === undefined ? 0 : 1;
};

/** Returns `known` itself if `read` is equal, so that a comparison by identity finds no change. */
export const keepUnchanged = <T>(known: T, read: T): T => (same(known, read) ? known : read);

/** Whether two values of plain data say the same. */
export const same = (one: unknown, other: unknown): boolean => {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every(sameAs(other));
  if (one instanceof Map) return other instanceof Map && same([...one], [...other]);
  if (one instanceof Set)
    return other instanceof Set && one.size === other.size && [...one].every((each) => other.has(each));
  if (Array.isArray(other) || other instanceof Map || other instanceof Set) return false;
  return sameFields(one as Fields, other as Fields);
};

type Fields = Readonly<Record<string, unknown>>;

const sameAs =
  (other: readonly unknown[]) =>
  (item: unknown, index: number): boolean =>
    same(item, other[index]);

/** A key with the value `undefined` counts as absent. */
const sameFields = (one: Fields, other: Fields): boolean => {
  for (const key in one) if (!same(one[key], other[key])) return false;
  for (const key in other) if (other[key] !== undefined && !(key in one)) return false;
  return true;
};
