import type { DisplayLocale } from './times.ts';

/**
 * Typed text and the words it may be made of, made alike: without case, accents, widths and punctuation, with ASCII
 * digits. A point, comma or colon stays between digits, a hyphen next to one.
 */
export const fold = (text: string): string =>
  text
    .replace(/(\d*)\s*(?:½|1\/2(?= ?h))/gi, (_, whole: string) => `${whole || '0'}.5`)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=^|\s)[.,](?=\d)/g, '0.')
    .replace(/(?!\d)\p{Nd}/gu, digit)
    .replaceAll('ı', 'i')
    .replaceAll('ł', 'l')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    // `2026-11-25T18:30`.
    .replace(/(?<=\d)t(?=\d)/g, ' ')
    .replace(/(?<!\d)[.,:]|[.,:](?!\d)|(?<!\d)-(?!\d)|[^\p{L}\p{N}.,:+-]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();

/** Languages in which times may be typed; the last one is VS Code's. */
export const typedLanguages = ({ locale, typedLocale }: DisplayLocale): readonly string[] => [
  ...new Set(['en', locale, typedLocale]),
];

/** Any script's decimal digit as ASCII: Unicode keeps each set of ten together, beginning with its zero. */
const digit = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  for (let value = 0; value <= 9; value++) {
    const zero = String.fromCodePoint(code - value);
    const before = code - value - 1;
    if (/\p{Nd}/u.test(zero) && (before < 0 || !/\p{Nd}/u.test(String.fromCodePoint(before)))) return String(value);
  }
  return character;
};

/** A piece of folded text: a word that is known, with what it means, or anything up to the next space. */
export interface Piece<Meaning> {
  readonly text: string;
  readonly meaning?: Meaning;
}

/** Takes folded text to pieces. Of the words that fit, the longest counts; Chinese, Japanese and Korean need no spaces. */
export const pieces = <Meaning>(text: string, words: ReadonlyMap<string, Meaning>): Piece<Meaning>[] => {
  const found: Piece<Meaning>[] = [];
  for (let rest = text.trimStart(); rest !== '';) {
    const word = longestWord(rest, words);
    const piece = word ?? /^\S+/.exec(rest)?.[0] ?? rest;
    const meaning = word === undefined ? undefined : words.get(word);
    found.push(meaning === undefined ? { text: piece } : { text: piece, meaning });
    rest = rest.slice(piece.length).trimStart();
  }
  return found;
};

const longestWord = (text: string, words: ReadonlyMap<string, unknown>): string | undefined => {
  let longest: string | undefined;
  for (const word of words.keys()) {
    if (word.length > (longest?.length ?? 0) && text.startsWith(word) && endsWord(text, word)) longest = word;
  }
  return longest;
};

/** Whether `word`, with which `text` begins, ends there: it is not the beginning of a longer one. */
const endsWord = (text: string, word: string): boolean =>
  !/^\p{L}/u.test(text.slice(word.length)) || /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]$/u.test(word);
