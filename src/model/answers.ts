import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import { readList } from './parameterRules.ts';
import type { FieldOption, FormField } from './parameters.ts';

// How a parameter's value is shown and changed. An unchanged value is sent exactly as it was given: by the
// template, or by an earlier answer. `given` is that value, absent where there is none.

/**
 * How a parameter is asked for: `one` of several values, `some` of them, a list by its `entries`, a text in an editor
 * (`lines`), in a box of one line (`line`), or, where it is masked and may have several lines, there or from the clipboard.
 */
export type Manner = 'one' | 'some' | 'entries' | 'lines' | 'line' | 'maskedLines';

export const mannerOf = (field: FormField, given: string | undefined): Manner => {
  if (field.picksMany) return 'some';
  if (field.options.length > 0 || field.type === 'bool') return 'one';
  if (field.type === 'list') return 'entries';
  if (field.secret) return field.multiline ? 'maskedLines' : 'line';
  return field.type === 'string' && (field.multiline || needsEditor(given ?? '')) ? 'lines' : 'line';
};

/** An earlier answer, or else the template's default; never prefilled for ephemeral parameters. */
export const givenValue = (field: FormField, answer: string | undefined): string | undefined =>
  answer ?? (field.ephemeral ? undefined : field.defaultValue);

/** Whether a single-line input box can't show the value, or too little of it. */
export const needsEditor = (text: string): boolean => /[\r\n]/.test(text) || text.length > MOST_IN_A_BOX;
const MOST_IN_A_BOX = 200;

/** The text as a single-line input box shows it: without line breaks. */
export const inOneLine = (text: string): string => text.replace(/[\r\n]/g, '');

/** The value for the text of an input box. */
export const typedAnswer = (field: Pick<FormField, 'type'>, given: string | undefined, typed: string): string => {
  if (given !== undefined && (typed === given || typed === inOneLine(given))) return given;
  return field.type === 'number' ? typed.trim() : typed;
};

/** Validation message for the text of an input box. An unchanged value is left to the server. */
export const typedProblem = (field: FormField, given: string | undefined, typed: string): string | undefined => {
  const value = typedAnswer(field, given, typed);
  return value === given ? undefined : field.validate(value);
};

/** The value for an edited text, with line breaks as `\n`, whatever the editor uses. */
export const editedAnswer = (given: string | undefined, edited: string): string =>
  given?.includes('\r\n') === true ? edited : edited.replaceAll('\r\n', '\n');

/** The entries of a list; none, where it is no list. */
export const entriesOf = (given: string | undefined): readonly string[] => readList(given ?? '') ?? [];

/** The value of a list with these entries. */
export const entriesAnswer = (given: string | undefined, entries: readonly string[]): string => {
  const before = entriesOf(given);
  const isUnchanged = entries.length === before.length && entries.every((entry, index) => entry === before[index]);
  return isUnchanged ? (given ?? '') : JSON.stringify(entries);
};

/** The value of a list of which `picked` were ticked: what was there stays in its order, what is new follows. */
export const pickedAnswer = (given: string | undefined, picked: readonly string[]): string => {
  const kept = entriesOf(given).filter((entry) => picked.includes(entry));
  return entriesAnswer(given, [...kept, ...picked.filter((entry) => !kept.includes(entry))]);
};

/** The template's options, plus the given values that aren't among them. */
export const choicesOf = (field: FormField, given: string | undefined): readonly FieldOption[] => {
  const offered = field.options.length > 0 ? field.options : YES_AND_NO();
  const values = field.picksMany ? entriesOf(given) : given === undefined ? [] : [given];
  const others = new Set(values.filter((value) => !offered.some((option) => option.value === value)));
  return [
    ...offered,
    ...[...others].map((value) => ({
      label: field.secret && value !== '' ? MASK : shownText(value) || l10n.t('empty'),
      value,
      description: value === '' ? '' : l10n.t('Not one of the options.'),
    })),
  ];
};

const YES_AND_NO = (): readonly FieldOption[] => [
  { label: l10n.t('Yes'), value: 'true', description: '' },
  { label: l10n.t('No'), value: 'false', description: '' },
];

/** Whether the template fills in an empty answer: V0 always does (contract 2.1), V2 unless the answer is a text. */
export const emptyIsDefault = ({ type, destination }: FormField): boolean =>
  type !== 'string' || destination !== undefined;

/** An answer on one line, for the summary. */
export const shownAnswer = (field: FormField, value: string | undefined): string => {
  const option = field.options.find((each) => each.value === value);
  if (option !== undefined) return option.label;
  if (value === undefined || (value === '' && emptyIsDefault(field))) {
    const usual = field.defaultValue ?? '';
    return usual === '' ? l10n.t('empty') : l10n.t('{0} (default)', shownAnswer(field, usual));
  }
  if (value === '') return l10n.t('empty');
  if (field.secret) return MASK;
  if (field.type === 'list') {
    const entries = readList(value);
    if (entries?.length === 0) return l10n.t('empty');
    if (entries !== undefined) return entries.map((entry) => shownEntry(field, entry)).join(', ');
  }
  if (field.type === 'bool') return YES_AND_NO().find((each) => each.value === value)?.label ?? shownText(value);
  return shownText(value);
};

/** One entry of a list; in quotes where it could be taken for several, or for none. */
const shownEntry = (field: FormField, entry: string): string => {
  const label = field.options.find((option) => option.value === entry)?.label ?? shownText(entry);
  return label.trim() === '' || label.includes(',') ? `“${label}”` : label;
};

/** A text shortened to one line; in quotes what is made of nothing but spaces. */
export const shownText = (text: string): string => {
  const lines = text.trim().split(/\r\n|\r|\n/);
  const first = plainLine(lines[0] ?? '', 80) || (text && '“ ”');
  return lines.length > 1 ? l10n.t('{0} … ({1} lines)', first, lines.length) : first;
};

export const MASK = '•••';
