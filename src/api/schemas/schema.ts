/** JSON that doesn't have the documented shape. Contains none of the JSON, which may hold secrets. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Decodes JSON to a `T`, and gives that type. */
export interface Schema<T> {
  /** @throws Unreadable */
  readonly parse: (value: unknown) => T;
  /** `undefined`: it can't be decoded. */
  readonly tryParse: (value: unknown) => T | undefined;
  /** An object in which this can't be decoded can't be decoded either. */
  readonly isRequired: boolean;
}

export type Output<S> = S extends Schema<infer T> ? T : never;

const schema = <T>(tryParse: Schema<T>['tryParse'], isRequired: boolean): Schema<T> => ({
  tryParse,
  isRequired,
  parse: (value) => {
    const decoded = tryParse(value);
    if (decoded === undefined) throw new Unreadable();
    return decoded;
  },
});

/** What `read` makes of a value of any type, `undefined` for a missing key. */
export const field = <T>(read: (value: unknown) => T): Schema<T> => schema(read, false);

/** The same; where `read` gives `undefined`, the object that has this key can't be decoded. */
export const required = <T>(read: (value: unknown) => T | undefined): Schema<T> => schema(read, true);

/** An object with these keys; others are dropped. */
export const object = <Shape extends Readonly<Record<string, Schema<unknown>>>>(shape: Shape) => {
  const parts = Object.entries(shape);
  const empty = Object.fromEntries(parts.map(([key]) => [key, undefined]));
  return required((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    // A copy that has all keys: one that gets them one by one, V8 holds as a hash table half as large again.
    const decoded: Record<string, unknown> = { ...empty };
    for (const [key, { tryParse, isRequired }] of parts) {
      const part = (decoded[key] = tryParse((value as Readonly<Record<string, unknown>>)[key]));
      if (part === undefined && isRequired) return undefined;
    }
    return decoded as { [Key in keyof Shape]: Output<Shape[Key]> };
  });
};
