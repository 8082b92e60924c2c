/** A part of a written log: the lines from `line` to `end`, both counted from 0 and included. */
export interface LogPart {
  readonly line: number;
  readonly end: number;
  readonly title: string;
  /** Its duration as written; '' if there is none. */
  readonly took: string;
}

/** A stage heading or a line added by the extension; provisioner output is indented and never matches. */
const HEAD = /^(?:\d\d:\d\d:\d\d )?(?:▸ (.*?)(?: {2,}(\S.*))?|──── (.*) ────)$/gm;

/** The consecutive parts of a log written by `buildLog.ts`. */
export const logParts = (text: string): LogPart[] => {
  const heads: Omit<LogPart, 'end'>[] = [];
  let line = 0;
  let at = 0;
  for (const { index, 1: stage, 2: took = '', 3: ours = '' } of text.matchAll(HEAD)) {
    line += linesIn(text.slice(at, index));
    at = index;
    heads.push({ line, title: stage ?? ours, took });
  }
  const last = linesIn(text.trimEnd());
  return heads.map((head, index) => ({ ...head, end: (heads[index + 1]?.line ?? last + 1) - 1 }));
};

/** How many lines end in `text`. */
export const linesIn = (text: string): number => {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
};
