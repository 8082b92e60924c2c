/** A part of a written log: the lines from `line` to `end`, both counted from 0 and included. */
export interface LogPart {
  readonly line: number;
  readonly end: number;
  readonly title: string;
  /** Its duration as written; '' if there is none. */
  readonly took: string;
}

/** A stage heading or a line added by the extension; provisioner output is indented and never matches. */
const HEAD = /^(?:\d\d:\d\d:\d\d )?(?:▸ (.*?)(?: {2,}(\S.*))?|──── (.*) ────)$/;

/** The consecutive parts of a log written by `buildLog.ts`. */
export const logParts = (text: string): LogPart[] => {
  const parts: LogPart[] = [];
  let line = -1;
  for (const each of text.trimEnd().split('\n')) {
    line += 1;
    const match = HEAD.exec(each);
    const before = parts.at(-1);
    if (match !== null) parts.push({ line, end: line, title: match[1] ?? match[3] ?? '', took: match[2] ?? '' });
    else if (before !== undefined) parts[parts.length - 1] = { ...before, end: line };
  }
  return parts;
};

const ERROR = /^(?:\d\d:\d\d:\d\d )? {2}(?:error |(?:[╷│] )?Error: )/m;

/** The line of the first error, counted from 0. */
export const firstErrorLine = (text: string): number | undefined => {
  const at = text.search(ERROR);
  return at === -1 ? undefined : text.slice(0, at).split('\n').length - 1;
};
