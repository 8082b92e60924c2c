/** `undefined`, which JSON cannot be, for text that is no JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The values of newline-separated JSON; a line that is none is left out (contract 3.3: several may share a message). */
export const jsonLines = (text: string): unknown[] => {
  const whole = parseJson(text);
  if (whole !== undefined) return [whole];
  return text
    .split('\n')
    .map(parseJson)
    .filter((value) => value !== undefined);
};

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
