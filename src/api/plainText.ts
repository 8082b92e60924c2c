/**
 * Text from a server, made to hold nothing but what can be read. What VS Code takes for links, icons and Markdown is
 * `host/escape.ts`' matter: it knows where the text goes.
 */

// Escape sequences as terminals know them: CSI (colours), OSC and its like up to their end mark (titles, links), and
// the two-character ones. A sequence that the server cut off (contract 3.3: at 1024 characters) ends with the text.
const ANSI =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*(?:[@-~]|$)|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|\u001b[ -/]*(?:[0-~]|$)/g;

// C0 without tab and line feed, DEL and C1; bidirectional marks, embeddings, overrides and isolates; the byte order mark
// and what else has no width and no meaning of its own. U+200C and U+200D stay: scripts and emoji need them.
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
const BREAKS_AND_TABS = new RegExp(`(?:\\t|${LINE_BREAK.source})+`, 'g');
const LONE_SURROGATE = /\p{Surrogate}/gu;

const readable = (text: string): string => text.replace(UNSEEN, '').replace(LONE_SURROGATE, '\ufffd');

/** `text` on one line, each run of line breaks and tabs a space, without control and bidirectional characters. */
export const readableLine = (text: string): string => readable(text.replace(BREAKS_AND_TABS, ' '));

/** Nearly all lines of a log are of this kind, and they come by the thousand. */
const ONE_PLAIN_LINE = /^[\t -~]*$/;

/** The lines of `text`, each without escape sequences, control and bidirectional characters. Tabs stay. */
export const plainLines = (text: string): string[] =>
  ONE_PLAIN_LINE.test(text) ? [text] : text.replace(ANSI, '').split(LINE_BREAK).map(readable);

/** Nearly all names are of this kind, and rows are made by the thousand. */
const PLAIN_ALREADY = /^[!-~]+(?: [!-~]+)*$/;

/** `text` on one line of at most `longest` characters, for a label or a sentence. */
export const plainLine = (text: string, longest = 200): string => {
  if (text.length <= longest && PLAIN_ALREADY.test(text)) return text;
  // What is cut off anyway is not worth cleaning: a huge text must cost nothing.
  const line = plainLines(text.slice(0, longest * 8 + 1000))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
};

/** The first line that says something. */
export const firstLine = (text: string, longest = 200): string =>
  plainLine(plainLines(text.slice(0, 20_000)).find((line) => line.trim() !== '') ?? '', longest);

/** The texts that say something, in a row. */
export const joined = (texts: readonly (string | undefined)[], separator = ' · '): string =>
  texts.filter((text) => text !== undefined && text !== '').join(separator);

/** Stands for a value that is not to be read. */
export const MASKED = '••••••••';

/** `text` as the name of a file, never a path: what a tab shows of a document. */
export const fileName = (text: string): string =>
  plainLine(text.replace(/[\\/:*?"<>|]+/g, ' '), 60).replace(/^[. ]+/, '') || 'text';
