import { $ZodObjectJIT, $ZodTransform, safeParse, type $ZodType } from 'zod/v4/core';

/** JSON that doesn't have the documented shape. Contains none of the JSON, which may hold secrets. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Decodes JSON to a `T`, and gives that type. */
export interface Schema<T> extends $ZodType<T> {
  /** @throws Unreadable */
  readonly parse: (value: unknown) => T;
  /** `undefined`: it can't be decoded. */
  readonly tryParse: (value: unknown) => T | undefined;
}

export type Output<S> = S extends Schema<infer T> ? T : never;

/**
 * An object with these keys; others are dropped. Only zod's core is used: its object compiles itself on first use, and
 * decodes a long list in half the time of `zod/mini`'s. Where code may not be compiled, it works like that one.
 */
export const object = <Shape extends Readonly<Record<string, Schema<unknown>>>>(shape: Shape) =>
  withMethods<{ [Key in keyof Shape]: Output<Shape[Key]> }>(new $ZodObjectJIT({ type: 'object', shape }));

/** What `read` makes of a value of any type, `undefined` for a missing key. */
export const field = <T>(read: (value: unknown) => T): Schema<T> =>
  withMethods<T>(new $ZodTransform({ type: 'transform', transform: read }));

/** The same; where `read` gives `undefined`, the object that has this key can't be decoded. */
export const required = <T>(read: (value: unknown) => T | undefined): Schema<T> =>
  withMethods<T>(
    new $ZodTransform({
      type: 'transform',
      transform: (value, { issues }) => {
        const decoded = read(value);
        if (decoded === undefined) issues.push({ code: 'custom', input: value });
        return decoded;
      },
    }),
  );

const withMethods = <T>(schema: $ZodType): Schema<T> => {
  const tryParse = (value: unknown) => safeParse(schema, value).data as T | undefined;
  const parse = (value: unknown) => {
    const decoded = tryParse(value);
    if (decoded === undefined) throw new Unreadable();
    return decoded;
  };
  return Object.assign(schema as $ZodType<T>, { parse, tryParse });
};
