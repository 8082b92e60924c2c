import { readableLine } from '../api/plainText.ts';

/**
 * Text from a server is live in more places than one expects (rule 8 of src/README.md): `[x](command:…)` in a message runs a
 * command, `$(zap)` in a quick pick or the status bar becomes a picture, a bidirectional override turns a sentence
 * around. Whatever a server, a file or an error said passes through here before VS Code draws it.
 */

/** Longer texts belong in a log; a message or a row of this length is already hard to read. */
const LONGEST = 1_000;

/** Fast path: most texts are printable ASCII, middle dots, and ellipses. */
const HARMLESS_CHARACTERS = /^[ -~\u00b7\u2026]*$/;

const LETTER = '\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}';
const WORD = `[${LETTER}][${LETTER}\u200c\u200d]*`;
const BETWEEN = '[-\\s\\d\'’"._]+';
/**
 * Words that are written from right to left, with what is between them. Without isolates around them (UAX #9, X5c), numbers
 * and punctuation behind them, which are not theirs, would be drawn on their other side.
 */
const RIGHT_TO_LEFT = new RegExp(`${WORD}(?:${BETWEEN}${WORD})*(?:${BETWEEN}$)?`, 'gu');

const isHarmless = (text: string): boolean =>
  text.length <= LONGEST && HARMLESS_CHARACTERS.test(text) && !text.includes('](') && !text.includes('$(');

/** `text` as one line that is nothing but text, for messages, progress, quick picks, the status bar and labels. */
export function plain(text: string): string {
  if (isHarmless(text)) return text;
  // Cut first, so that a huge text costs nothing.
  const bounded = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return readableLine(bounded).replaceAll('](', '] (').replaceAll('$(', '$ (').replace(RIGHT_TO_LEFT, '\u2068$&\u2069');
}

/** The same in front of a link of ours, which would begin at a bracket that is left open. */
export const plainBeforeLink = (text: string): string => plain(text).replace(/\[(?=[^\]]*$)/g, '(');

/**
 * `text` as plain text inside Markdown: no link, no emphasis, no HTML, no icon, no address that becomes a link. It keeps
 * its indentation, which must not make code of it: inside of code a backslash is a backslash.
 */
export function markdownText(text: string): string {
  return plain(text)
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
    .replace(/^\s+/, (spaces) => '\u00a0'.repeat(spaces.length));
}
