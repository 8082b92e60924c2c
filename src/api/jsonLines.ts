/** The values of newline-separated JSON; a line that is none is left out (contract 3.3: several may share a message). */
export const jsonLines = (text: string): unknown[] => {
  const whole = parse(text);
  if (whole !== undefined) return [whole];
  return text.split('\n').flatMap((line) => {
    const value = line.trim() === '' ? undefined : parse(line);
    return value === undefined ? [] : [value];
  });
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
