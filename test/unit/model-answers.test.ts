import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { RichParameter } from '../../src/api/schemas/templateVersions.ts';
import {
  choicesOf,
  editedAnswer,
  entriesAnswer,
  entriesOf,
  givenValue,
  inOneLine,
  mannerOf,
  pickedAnswer,
  shownAnswer,
  typedAnswer,
  typedProblem,
} from '../../src/model/answers.ts';
import { fieldsFromRich, type FormField } from '../../src/model/parameters.ts';

const rich = (changes: object): FormField => {
  const [field] = fieldsFromRich([RichParameter.parse({ name: 'p', type: 'string', mutable: true, ...changes })]);
  assert.ok(field !== undefined);
  return field;
};
const option = (value: string, name = '') => ({ name, value, description: '', icon: '' });

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', ',', ' ', '\n', '\r\n', '\r', '"', '[', ']', '0', '.', '\t', '\u2028', '“') }),
  fc.array(fc.string()).map((list) => JSON.stringify(list)),
  fc.array(fc.string({ unit: fc.constantFrom('a', ',', '\n', '"') })).map((list) => JSON.stringify(list, undefined, 1)),
  fc.constantFrom('', '[]', '[""]', 'true', 'True', '1', ' 2 ', '2.0', '1e3', '["Doe, Jane","plain"]', 'null', '[1]'),
);
const anyField = fc
  .record({
    type: fc.constantFrom('string', 'number', 'bool', 'list(string)'),
    form_type: fc.constantFrom('', 'input', 'textarea', 'tag-select', 'multi-select', 'slider'),
    required: fc.boolean(),
    options: fc.array(
      anyText.map((value) => option(value)),
      { maxLength: 4 },
    ),
    validation_regex: fc.constantFrom(undefined, '^x$'),
    validation_min: fc.constantFrom(undefined, 5),
    masked: fc.boolean(),
  })
  .map(({ masked, ...parameter }): FormField => ({ ...rich(parameter), secret: masked }));

/** What comes of a given value that is shown to a person who accepts it as it is. */
const acceptUntouched = (field: FormField, given: string): string => {
  switch (mannerOf(field, given)) {
    case 'one': {
      const active = choicesOf(field, given).find((choice) => choice.value === given);
      return active?.value ?? assert.fail('it is not among the rows');
    }
    case 'some': {
      const offered = choicesOf(field, given).map((choice) => choice.value);
      // A quick pick gives the ticked rows in the order of its rows.
      return pickedAnswer(
        given,
        [...new Set(offered)].filter((value) => entriesOf(given).includes(value)),
      );
    }
    case 'entries':
      return entriesAnswer(given, entriesOf(given));
    case 'lines':
      return editedAnswer(given, given);
    case 'line':
    case 'maskedLines': {
      const shown = inOneLine(given);
      assert.equal(typedProblem(field, given, shown), undefined);
      return typedAnswer(field, given, shown);
    }
  }
};

describe('an answer that was not touched', () => {
  test('any value of any parameter, shown and accepted as it is, is the same value to the letter', () => {
    fc.assert(
      fc.property(anyField, anyText, (field, given) => {
        assert.equal(acceptUntouched(field, given), given);
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });

  test('at a glance it is one line without control characters, and never a masked one', () => {
    fc.assert(
      fc.property(anyField, anyText, (field, given) => {
        const shown = shownAnswer({ ...field, options: [] }, given);
        assert.doesNotMatch(shown, /[\n\r\u0000-\u001f]/);
        if (field.secret && given.trim().length > 8) assert.ok(!shown.includes(given.trim()));
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  test('a list with a comma in an entry is not split, and is told apart from one of more entries', () => {
    const field = rich({ type: 'list(string)' });
    const given = '["Doe, Jane","plain"]';
    assert.equal(mannerOf(field, given), 'entries');
    assert.deepEqual(entriesOf(given), ['Doe, Jane', 'plain']);
    assert.equal(entriesAnswer(given, ['Doe, Jane', 'plain']), given);
    assert.equal(shownAnswer(field, given), '“Doe, Jane”, plain');
  });

  test('a text of several lines keeps them, and goes to an editor unless it is masked', () => {
    const given = 'one\r\ntwo\n';
    assert.equal(mannerOf(rich({}), given), 'lines');
    assert.equal(mannerOf(rich({ form_type: 'textarea' }), undefined), 'lines');
    assert.equal(mannerOf(rich({}), 'x'.repeat(300)), 'lines');
    assert.equal(mannerOf({ ...rich({}), secret: true }, given), 'line');
    assert.equal(mannerOf({ ...rich({ form_type: 'textarea' }), secret: true }, given), 'maskedLines');
    assert.equal(typedAnswer({ type: 'string' }, given, 'onetwo'), given);
    assert.equal(shownAnswer(rich({}), given), 'one … (2 lines)');
  });

  test('what holds for one start only is never filled in, an earlier answer comes before the default', () => {
    assert.equal(givenValue(rich({ default_value: 'x', ephemeral: true }), undefined), undefined);
    assert.equal(givenValue(rich({ default_value: 'x' }), undefined), 'x');
    assert.equal(givenValue(rich({ default_value: 'x' }), ''), '');
  });
});

describe('an answer that was changed', () => {
  test('the entries of a list are what is sent, whatever is in them', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyText), (given, entries) => {
        const sent = entriesAnswer(given, entries);
        if (sent !== given) assert.deepEqual(JSON.parse(sent), entries);
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });

  test('of a list what stays ticked keeps its place, and what is new follows', () => {
    assert.equal(pickedAnswer('["us","eu"]', ['eu', 'us']), '["us","eu"]');
    assert.equal(pickedAnswer('["us","eu"]', ['asia', 'eu']), '["eu","asia"]');
    assert.equal(pickedAnswer('["us"]', []), '[]');
    assert.equal(pickedAnswer(undefined, []), '');
    const field = rich({ type: 'list(string)', options: [option('eu')] });
    assert.deepEqual(
      choicesOf(field, '["eu","us"]').map(({ value, description }) => [value, description]),
      [
        ['eu', ''],
        ['us', 'Not one of the options.'],
      ],
    );
  });

  test('an edited text has the template’s line breaks: \\n, or \\r\\n where they were given so', () => {
    assert.equal(editedAnswer('a\nb', 'a\r\nb\r\nc'), 'a\nb\nc');
    assert.equal(editedAnswer(undefined, 'a\r\nb'), 'a\nb');
    assert.equal(editedAnswer('a\r\nb', 'a\r\nb\r\nc'), 'a\r\nb\r\nc');
  });

  test('a number is trimmed and judged', () => {
    const field = rich({ type: 'number', default_value: ' 2' });
    assert.equal(typedAnswer(field, ' 2', ' 2'), ' 2');
    assert.equal(typedProblem(field, ' 2', ' 2'), undefined);
    assert.equal(typedAnswer(field, ' 2', ' 3 '), '3');
    assert.equal(typedProblem(field, ' 2', 'x'), 'Enter a number, such as 2 or 0.5.');
  });

  test('a cleared number shows the default that will be used', () => {
    const field = rich({ type: 'number', default_value: '2' });
    assert.equal(shownAnswer(field, ''), '2 (default)');
    assert.equal(shownAnswer(field, undefined), '2 (default)');
    assert.equal(shownAnswer(field, '3'), '3');
    assert.equal(shownAnswer(rich({ type: 'number' }), ''), 'empty');
    assert.equal(shownAnswer(rich({ default_value: 'x' }), ''), 'empty', 'an empty text is an answer');
  });
});

describe('a choice', () => {
  test('an answer of nothing but spaces is told from an empty one', () => {
    for (const blank of [' ', '\u00a0\t', '\u200b', '\n\n']) {
      assert.equal(shownAnswer(rich({}), blank), '“ ”', JSON.stringify(blank));
      assert.equal(shownAnswer(rich({ default_value: blank }), undefined), '“ ” (default)', JSON.stringify(blank));
    }
    assert.equal(shownAnswer(rich({ type: 'list(string)' }), '[" ","a",""]'), '“ ”, a, “”');
    assert.equal(shownAnswer(rich({}), ''), 'empty');
  });

  test('an option whose value is empty has its own label', () => {
    const field = rich({ required: true, options: [option('', 'None'), option('eu', 'Europe')] });
    assert.equal(shownAnswer(field, ''), 'None');
    assert.equal(shownAnswer(field, 'eu'), 'Europe');
    assert.equal(rich({ options: [option('')] }).options[0]?.label, 'empty');
  });

  test('yes and no are said only of true and false', () => {
    const field = rich({ type: 'bool' });
    assert.deepEqual(
      ['true', 'false', '1'].map((value) => shownAnswer(field, value)),
      ['Yes', 'No', '1'],
    );
    assert.deepEqual(
      choicesOf(field, '1').map(({ value }) => value),
      ['true', 'false', '1'],
    );
  });
});
