import type { EpochMs } from '../units.ts';
import { field, required, type Schema } from './schema.ts';

/**
 * Building blocks for what a deployment of any age may send (contract 7 and 9.2). A missing key, `null` and a value of
 * the wrong type are all "nothing"; only what identifies a thing is required, so that one odd field never loses a row.
 *
 * They are plain transforms rather than `catch(optional(…))`: deployments of each age lack many keys of the other, and
 * building an error for every absent key would cost more than the rest of the decoding.
 */
/** What identifies a row: a string with something in it. */
export const id = <T extends string>() =>
  required((value) => (typeof value === 'string' && value !== '' ? (value as T) : undefined));

// Without these a reply is not the documented one at all.
export const requiredText = required((value) => (typeof value === 'string' ? value : undefined));
export const requiredNumber = required((value) => (isNumber(value) ? value : undefined));
export const anything = field((value) => value);

/** A reference to something else that may be absent; the nil UUID means none (contract 7.3). */
export const reference = <T extends string>() =>
  field((value): T | undefined =>
    typeof value === 'string' && value !== '' && value !== NIL_UUID ? (value as T) : undefined,
  );
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

export const text = field((value) => (typeof value === 'string' ? value : ''));
export const optionalText = field((value) => (typeof value === 'string' && value !== '' ? value : undefined));

export const flag = field((value) => value === true);
export const optionalFlag = field((value) => (typeof value === 'boolean' ? value : undefined));

export const optionalNumber = field((value) => (isNumber(value) ? value : undefined));
export const numberOr = (fallback: number) => field((value) => (isNumber(value) ? value : fallback));
export const count = numberOr(0);

/** A number of the unit `T`; what is not a finite number is `undefined`. */
export const optionalQuantity = <T extends number>() =>
  field((value): T | undefined => (isNumber(value) ? (value as T) : undefined));
export const quantity = <T extends number>() => field((value): T => (isNumber(value) ? value : 0) as T);

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

// RFC 3339 with 0 to 9 fractional digits (contract 7.5). Without it Date.parse would read "1" as a year.
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** A moment; the zero time, any year before 1970 and what is no time at all are `undefined` (contract 7.1). */
export const optionalTime = field((value): EpochMs | undefined => {
  if (typeof value !== 'string' || !RFC3339.test(value)) return undefined;
  const at = Date.parse(value);
  return at >= 0 ? (at as EpochMs) : undefined;
});

/** Go sends an empty list as `[]`, as `null` or not at all (contract 7.4); a row that cannot be read is left out. */
export const list = <T>(row: Schema<T>) =>
  field((value) => (Array.isArray(value) ? value.map(row.tryParse).filter((each) => each !== undefined) : []));

export const texts = field((value) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []));

/** A part that may be absent; one that cannot be read counts as absent. */
export const optionalPart = <T>(part: Schema<T>) => field(part.tryParse);

/**
 * A word from a set that grows with each release (contract 7.9). Known words are listed for the compiler; any other word
 * comes through as it came, and what is not a word is `unknown`.
 */
export const openWord = <Known extends string>() =>
  field((value) => (typeof value === 'string' && value !== '' ? value : 'unknown') as Known | Unlisted);
/** Any other string, without swallowing the listed ones in the type. */
export type Unlisted = string & Record<never, never>;

export const textMap = field((value): ReadonlyMap<string, string> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
});
