import { setImmediate as nextTurn } from 'node:timers/promises';
import type * as z from 'zod/mini';

/** JSON that is not of the documented shape. Only says so: what it was may hold secrets. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Rows that could be read, and how many could not. */
export type Rows<T> = readonly T[] & { readonly leftOut: number };

/** @throws Unreadable */
export const one =
  <S extends z.ZodMiniType>(schema: S) =>
  (value: unknown): z.output<S> => {
    const result = schema.safeParse(value);
    if (!result.success) throw new Unreadable();
    return result.data;
  };

/** Go's empty list may be `null` (contract 7.4). @throws Unreadable for anything else that is not a list. */
export const many =
  <S extends z.ZodMiniType>(schema: S) =>
  (value: unknown): Promise<Rows<z.output<S>>> => {
    if (value !== null && value !== undefined && !Array.isArray(value)) throw new Unreadable();
    return decodeRows(schema, (value ?? []) as unknown[]);
  };

/** The host may not be blocked for longer than 50 ms; the rest of it wants to work, too. */
export const SLICE_MS = 12;

/** Decodes row by row, so that a bad one loses no other, in slices between which the host gets its turn. */
export const decodeRows = async <S extends z.ZodMiniType>(
  schema: S,
  rows: readonly unknown[],
): Promise<Rows<z.output<S>>> => {
  const read: z.output<S>[] = [];
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const row of rows) {
    const result = schema.safeParse(row);
    if (result.success) read.push(result.data);
    if (performance.now() > sliceEndsAt) {
      await nextTurn();
      sliceEndsAt = performance.now() + SLICE_MS;
    }
  }
  return withLeftOut(read, rows.length - read.length);
};

/** Not enumerable: two lists with the same rows are equal, whatever they left out. */
const withLeftOut = <T>(read: T[], leftOut: number): Rows<T> =>
  Object.defineProperty(read, 'leftOut', { value: leftOut }) as unknown as Rows<T>;
