import * as l10n from '@vscode/l10n';
import { parseJson } from '../api/json.ts';
import { matchesPattern } from '../api/patternMatch.ts';
import { plainLine } from '../api/plainText.ts';
import type { FieldRules } from './parameters.ts';

/**
 * Validation message for a parameter's value, or `undefined` (contract 4.2). Rules that can't be checked here are left to the
 * server.
 */
export const parameterProblem = (rules: FieldRules, value: string, previous?: string): string | undefined => {
  if (value === '' || (rules.type === 'list' && value === '[]')) {
    return rules.required && !rules.choices.includes(value) ? l10n.t('Enter a value.') : undefined;
  }
  return (
    typeProblem(rules, value) ??
    choiceProblem(rules, value) ??
    patternProblem(rules, value) ??
    rangeProblem(rules, value, previous)
  );
};

const typeProblem = ({ type }: FieldRules, value: string): string | undefined => {
  switch (type) {
    case 'number':
      return readNumber(value) === undefined ? l10n.t('Enter a number, such as 2 or 0.5.') : undefined;
    case 'bool':
      return value === 'true' || value === 'false' ? undefined : l10n.t('Enter true or false.');
    case 'list':
      return readList(value) === undefined ? l10n.t('Enter a list of values.') : undefined;
    case 'string':
      return undefined;
  }
};

const choiceProblem = ({ type, choices }: FieldRules, value: string): string | undefined => {
  // A list may be offered whole, or by its elements.
  if (choices.length === 0 || choices.includes(value)) return undefined;
  const values = type === 'list' ? (readList(value) ?? []) : [value];
  const odd = values.find((each) => !choices.includes(each));
  return odd === undefined ? undefined : l10n.t("“{0}” isn't one of the options.", plainLine(odd, 80));
};

const patternProblem = ({ type, pattern, patternMessage }: FieldRules, value: string): string | undefined => {
  if (type !== 'string' || pattern === undefined) return undefined;
  const isJudged = value.length <= LONGEST_MATCHED && !READ_DIFFERENTLY.test(value);
  if (!isJudged || matches(pattern, value) !== false) return undefined;
  return plainLine(patternMessage, 300) || l10n.t('The value must match the pattern {0}.', plainLine(pattern, 100));
};

const rangeProblem = (rules: FieldRules, value: string, previous: string | undefined): string | undefined => {
  const number = rules.type === 'number' ? readNumber(value) : undefined;
  if (number === undefined) return undefined;
  const { min, max, monotonic } = rules;
  const own = plainLine(rules.patternMessage, 300);
  if ((min !== undefined && number < min) || (max !== undefined && number > max))
    return withBounds(own, rules, value) || outOfRange(min, max);
  const before = previous === undefined ? undefined : readNumber(previous);
  if (before === undefined) return undefined;
  if (monotonic === 'increasing' && number < before)
    return l10n.t('This value can only increase. Enter {0} or more.', before);
  if (monotonic === 'decreasing' && number > before)
    return l10n.t('This value can only decrease. Enter {0} or less.', before);
  return undefined;
};

/** The template's sentence; the server fills in these three words. */
const withBounds = (sentence: string, { min, max }: FieldRules, value: string): string =>
  sentence
    .replaceAll('{min}', String(min ?? ''))
    .replaceAll('{max}', String(max ?? ''))
    .replaceAll('{value}', () => plainLine(value, 40));

/** What numbers are allowed, where the template limits them. */
export const rangeOf = ({ type, min, max }: FieldRules): string | undefined =>
  type === 'number' && (min ?? max) !== undefined ? outOfRange(min, max) : undefined;

const outOfRange = (min: number | undefined, max: number | undefined): string => {
  if (min !== undefined && max !== undefined) return l10n.t('Enter a number from {0} to {1}.', min, max);
  return min === undefined ? l10n.t('Enter {0} or less.', max ?? '') : l10n.t('Enter {0} or more.', min);
};

const readNumber = (value: string): number | undefined => {
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
};

/** A list's value is a JSON array of strings. */
export const readList = (value: string): string[] | undefined => {
  const list = parseJson(value);
  return Array.isArray(list) && list.every((each) => typeof each === 'string') ? list : undefined;
};

/** Longer texts are left to the server: unlike RE2, JavaScript may need more than linear time. */
const LONGEST_MATCHED = 200;

/** Characters that are white space, or the end of a line, to JavaScript only: `.` and `\S` are others in RE2. */
const READ_DIFFERENTLY = /(?![\t\n\f ])\s/;

/**
 * Whether `value` matches a template's RE2 pattern; `undefined` if JavaScript would read that differently. The `u` flag
 * rejects what only RE2 has (`\z`, `[[:alpha:]]`, `(?P<name>…)`).
 */
const matches = (pattern: string, value: string): boolean | undefined => {
  const ignoresCase = pattern.startsWith('(?i)');
  return matchesPattern(ignoresCase ? pattern.slice(4) : pattern, ignoresCase ? 'iu' : 'u', value);
};
