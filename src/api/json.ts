/** `undefined`, which JSON cannot be, for text that is no JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A message with so many lines that are no JSON isn't looked at further: millions fit in one, and each costs an error. */
const MOST_BAD_LINES = 100;

/** The values of newline-separated JSON; a line that is none is left out (contract 3.3: several may share a message). */
export const jsonLines = (text: string): unknown[] => {
  const whole = parseJson(text);
  if (whole !== undefined) return [whole];
  const values: unknown[] = [];
  let bad = 0;
  for (const line of text.split('\n')) {
    const value = parseJson(line);
    if (value !== undefined) values.push(value);
    else if ((bad += 1) > MOST_BAD_LINES) break;
  }
  return values;
};

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
