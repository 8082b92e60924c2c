import { Unreadable, type Schema } from './schemas/schema.ts';
import { isSliceOver, nextSlice } from './slices.ts';

/** Decoded rows, and the number of rows that couldn't be decoded. */
export type Rows<T> = readonly T[] & { readonly skippedRows: number };

/** Go's empty list may be `null` (contract 7.4). @throws Unreadable for anything else that is not a list. */
export const decodeRows =
  <T>(row: Schema<T>) =>
  (value: unknown): Promise<Rows<T>> =>
    decodeEach(row, asList(value));

/** The rows of an envelope. Without them, `count` tells an empty list from other JSON. @throws Unreadable */
export const rowsOf = (rows: unknown, count: number | undefined): unknown[] => {
  if (rows === undefined && count === undefined) throw new Unreadable();
  return asList(rows);
};

const asList = (value: unknown): unknown[] => {
  if (value !== null && value !== undefined && !Array.isArray(value)) throw new Unreadable();
  return (value ?? []) as unknown[];
};

/** Decodes row by row, so that a bad one loses no other, in slices between which the host gets its turn. */
export const decodeEach = async <T>(row: Schema<T>, values: readonly unknown[]): Promise<Rows<T>> => {
  const rows: T[] = [];
  for (const value of values) {
    const decoded = row.tryParse(value);
    if (decoded !== undefined) rows.push(decoded);
    if (isSliceOver()) await nextSlice();
  }
  return withSkippedRows(rows, values.length - rows.length);
};

/** `skippedRows` isn't enumerable, so two lists with the same rows are equal, however many rows each skipped. */
export const withSkippedRows = <T>(read: T[], skippedRows: number): Rows<T> =>
  Object.defineProperty(read, 'skippedRows', { value: skippedRows }) as unknown as Rows<T>;
