import type * as z from 'zod/mini';
import { isSliceOver, nextSlice } from './slices.ts';

/** JSON that doesn't have the documented shape. Contains none of the JSON, which may hold secrets. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Decoded rows, and the number of rows that couldn't be decoded. */
export type Rows<T> = readonly T[] & { readonly skippedRows: number };

/** @throws Unreadable */
export const decodeObject =
  <S extends z.ZodMiniType>(schema: S) =>
  (value: unknown): z.output<S> => {
    const result = schema.safeParse(value);
    if (!result.success) throw new Unreadable();
    return result.data;
  };

/** Go's empty list may be `null` (contract 7.4). @throws Unreadable for anything else that is not a list. */
export const decodeRows =
  <S extends z.ZodMiniType>(schema: S) =>
  (value: unknown): Promise<Rows<z.output<S>>> => {
    if (value !== null && value !== undefined && !Array.isArray(value)) throw new Unreadable();
    return decodeEach(schema, (value ?? []) as unknown[]);
  };

/** The rows of an envelope. Without them, `count` tells an empty list from other JSON. @throws Unreadable */
export const rowsOf = (rows: unknown[] | null | undefined, count: number | undefined): unknown[] => {
  if (rows === undefined && count === undefined) throw new Unreadable();
  return rows ?? [];
};

/** Decodes row by row, so that a bad one loses no other, in slices between which the host gets its turn. */
export const decodeEach = async <S extends z.ZodMiniType>(
  schema: S,
  rows: readonly unknown[],
): Promise<Rows<z.output<S>>> => {
  const read: z.output<S>[] = [];
  for (const row of rows) {
    const result = schema.safeParse(row);
    if (result.success) read.push(result.data);
    if (isSliceOver()) await nextSlice();
  }
  return withSkippedRows(read, rows.length - read.length);
};

/** Not enumerable: two lists with the same rows are equal, whatever they left out. */
export const withSkippedRows = <T>(read: T[], skippedRows: number): Rows<T> =>
  Object.defineProperty(read, 'skippedRows', { value: skippedRows }) as unknown as Rows<T>;

/** The values of newline-separated JSON; a line that is none is left out (contract 3.3: several may share a message). */
export const jsonLines = (text: string): unknown[] => {
  const whole = parseJson(text);
  if (whole !== undefined) return [whole];
  return text.split('\n').flatMap((line) => {
    const value = line.trim() === '' ? undefined : parseJson(line);
    return value === undefined ? [] : [value];
  });
};

/** `undefined`, which JSON cannot be, for text that is no JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
