/**
 * Text from a server is live in more places than one expects (house, invariant 10): `[x](command:…)` in a message runs a
 * command, `$(zap)` in a quick pick or the status bar becomes a picture, a bidirectional override turns a sentence
 * around. Whatever a server, a file or an error said passes through here before VS Code draws it.
 */

/** Longer texts belong in a log; a message or a row of this length is already hard to read. */
const LONGEST = 1_000;

// Not drawn, or drawn as something else: C0 and C1 controls, soft hyphen, bidirectional marks, embeddings and isolates,
// zero-width spaces and joiners of words, byte order mark, interlinear marks, tags. U+200D and U+200C stay: emoji and
// scripts need them.
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const LINE_BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** `text` as one line that is nothing but text, for messages, progress, quick picks, the status bar and labels. */
export function plain(text: string): string {
  // Cut first, so that a huge text costs nothing; lone surrogates would be drawn as boxes or break an encoder.
  const bounded = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return bounded
    .replace(LINE_BREAKS, ' ')
    .replace(INVISIBLE, '')
    .replace(LONE_SURROGATE, '\ufffd')
    .replaceAll('](', '] (')
    .replaceAll('$(', '$ (');
}

/** `text` as plain text inside Markdown: no link, no emphasis, no HTML, no icon, no address that becomes a link. */
export function markdownText(text: string): string {
  return plain(text).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
