/** Answers of Coder nest some 15 levels. */
const MOST_LEVELS = 100;
/** A text of this length is parsed within 20 ms, however deep it is. */
const HARMLESS_LENGTH = 100_000;

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
/** The bit in which a brace differs from its bracket is set. */
export const BRACE_BIT = 0x20;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;

const isTooDeep = (text: string): boolean => {
  let levels = 0;
  let isInString = false;
  for (let at = 0; at < text.length && levels <= MOST_LEVELS; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isInString = !isInString;
    else if (isInString) at += code === BACKSLASH ? 1 : 0;
    else if ((code | BRACE_BIT) === OPEN) levels += 1;
    else if ((code | BRACE_BIT) === CLOSE) levels -= 1;
  }
  return levels > MOST_LEVELS;
};

/** `undefined`, which JSON cannot be, for text that is no JSON, or nests deeper than any answer: millions of levels take seconds. */
export const parseJson = (text: string): unknown => {
  try {
    return text.length > HARMLESS_LENGTH && isTooDeep(text) ? undefined : JSON.parse(text);
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
