/**
 * Text from a server, made to hold nothing but what can be read. What VS Code takes for links, icons and Markdown is
 * `host/escape.ts`' matter: it knows where the text goes.
 */

// Escape sequences as terminals know them: CSI (colours), OSC and its like up to their end mark (titles, links), and
// the two-character ones. A sequence that the server cut off (contract 3.3: at 1024 characters) ends with the text.
const ANSI =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*(?:[@-~]|$)|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|\u001b[ -/]*(?:[0-~]|$)/g;

// C0 without tab and line feed, DEL and C1; all that Unicode calls ignorable, and so has neither width nor meaning of its
// own: bidirectional marks, embeddings, overrides and isolates, fillers, tags, the byte order mark.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufff9-\ufffb\p{DI}]/gu;
// Joiners and variation selectors, where scripts and emoji need them: behind what is not Latin, and in keycaps. Behind
// Latin letters, or first, they would only make two names look like one.
const NEEDED = /^[^\0-\xa8\xaa-\xad\xaf-\u024f](?:[\u200c-\u200d]|[\ufe0e-\ufe0f])|\ufe0f\u20e3/;
const ifNeeded = (mark: string, at: number, whole: string): string =>
  at > 0 && NEEDED.test(whole.slice(at - 1, at + 2)) ? mark : '';
/** No script puts more than a few marks on a letter; more are drawn over the lines above and below. */
const PILED_MARKS = /(\p{M}{6})\p{M}+/gu;

const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
const BREAKS_AND_TABS = new RegExp(`(?:\\t|${LINE_BREAK.source})+`, 'g');
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * A Coder token is a ten-character id and a 22-character secret (contract 1.1), an agent's is a UUID, known as one by the
 * word before it. What else stands right before or behind it, as in `%22TOKEN`, is no reason to show it.
 */
const TOKEN = /[\da-z]{10}-[\da-z]{22}|(?<=token\W{1,9})[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;
/** What every token has and few texts have. */
const MAY_BE_TOKEN = /-[\da-z]{12}/i;

/** Whether `text` is what looks like a token, and nothing else. */
export const isToken = (text: string): boolean => text !== '' && text.replace(TOKEN, '') === '';

/** `text` with everything masked that looks like a token: a server may repeat the one that it was sent. */
export const withoutTokens = (text: string): string => (MAY_BE_TOKEN.test(text) ? text.replace(TOKEN, '•••') : text);

/**
 * The same for what a template prints, such as image tags with a hash: those are shown. They have no capital, and one
 * random token in 30 million has none.
 */
const withoutRandomTokens = (text: string): string =>
  MAY_BE_TOKEN.test(text) ? text.replace(TOKEN, (found) => (/[A-Z]|-.*-/.test(found) ? '•••' : found)) : text;

const readable = (text: string): string => text.replace(UNSEEN, ifNeeded).replace(LONE_SURROGATE, '\ufffd');

/** `text` on one line, each run of line breaks and tabs a space, without control and bidirectional characters. */
export const readableLine = (text: string): string =>
  readable(text.replace(BREAKS_AND_TABS, ' ')).replace(PILED_MARKS, '$1');

/** Nearly all lines of a log are of this kind, and they come by the thousand. */
const ONE_PLAIN_LINE = /^[\t -~]*$/;

/** The lines of `text`, each without escape sequences, control and bidirectional characters, and tokens. Tabs stay. */
export const plainLines = (text: string): string[] =>
  (ONE_PLAIN_LINE.test(text) ? [text] : text.replace(ANSI, '').split(LINE_BREAK).map(readable)).map(
    withoutRandomTokens,
  );

/** Nearly all names are of this kind, and rows are made by the thousand. */
const PLAIN_ALREADY = /^[!-~]+(?: [!-~]+)*$/;

/** `text` on one line of at most `longest` characters, for a label or a sentence. */
export const plainLine = (text: string, longest = 200): string => {
  if (text.length <= longest && PLAIN_ALREADY.test(text)) return text;
  // What is cut off anyway is not worth cleaning: a huge text must cost nothing.
  const line = plainLines(text.slice(0, longest * 8 + 1000))
    .join(' ')
    // The blank of Braille, too.
    .replace(/[\s\u2800]+/g, ' ')
    .replace(PILED_MARKS, '$1')
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
