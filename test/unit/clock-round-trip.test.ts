import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { EpochMs, Milliseconds } from '../../src/api/units.ts';
import { parseClock } from '../../src/model/clockInput.ts';
import { absoluteAndRelative, clockTime, duration, logTime, type DisplayLocale } from '../../src/model/times.ts';
import { offsetAt } from '../../src/model/zonedTime.ts';
import { NOW } from './model-fixture.ts';

/** FUZZ_RUNS asks for more, FUZZ_SEED for others. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 60);
const SEED = Number(process.env.FUZZ_SEED ?? 7);

/** VS Code's display languages. */
const LANGUAGES = ['en', 'cs', 'de', 'es', 'fr', 'it', 'ja', 'ko', 'pl', 'pt-br', 'ru', 'tr', 'zh-cn', 'zh-tw'];
const ZONES = Intl.supportedValuesOf('timeZone');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const displayLocales: fc.Arbitrary<DisplayLocale> = fc
  .record({
    typedLocale: fc.constantFrom(...LANGUAGES),
    isTranslated: fc.boolean(),
    timeZone: fc.oneof(
      fc.constantFrom(...ZONES),
      fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Antarctica/Troll'),
    ),
    hourCycle: fc.constantFrom('h12' as const, 'h23' as const),
    showsZone: fc.boolean(),
  })
  .map(({ isTranslated, ...each }) => ({ ...each, locale: isTranslated ? each.typedLocale : 'en' }));

const moments = fc
  .record({
    now: fc.integer({ min: Date.parse('2025-01-01T00:00:00Z'), max: Date.parse('2030-01-01T00:00:00Z') }),
    ahead: fc.oneof(
      fc.integer({ min: 1, max: 26 * 60 }),
      fc.integer({ min: 1, max: 8 * 24 * 60 }),
      fc.integer({ min: 1, max: 330 * 24 * 60 }),
    ),
  })
  .map(({ now, ahead }) => ({
    now: now as EpochMs,
    at: (Math.floor(now / MINUTE) * MINUTE + ahead * MINUTE) as EpochMs,
  }));

const read = (text: string, now: EpochMs, displayLocale: DisplayLocale): EpochMs => {
  const input = parseClock(text, now, displayLocale);
  if (typeof input === 'string') assert.fail(`“${text}” in ${JSON.stringify(displayLocale)}: ${input}`);
  return input;
};

/** Equal, or the other of two moments that are shown alike because the clocks were set back in between. */
const assertSame = (found: EpochMs, at: EpochMs, now: EpochMs, displayLocale: DisplayLocale, text: string): void => {
  const { timeZone, showsZone } = displayLocale;
  const isRepeated = offsetAt(found, timeZone) !== offsetAt(at, timeZone) && Math.abs(found - at) <= 3 * 60 * MINUTE;
  if (
    isRepeated &&
    !showsZone &&
    found < at &&
    clockTime(found, now, displayLocale) === clockTime(at, now, displayLocale)
  ) {
    return;
  }
  assert.equal(
    new Date(found).toISOString(),
    new Date(at).toISOString(),
    `“${text}” in ${JSON.stringify(displayLocale)} at ${new Date(now).toISOString()}`,
  );
};

test('a time that is shown, in any language, zone and hour cycle, is understood when it is typed', () => {
  fc.assert(
    fc.property(displayLocales, moments, (displayLocale, { now, at }) => {
      const text = clockTime(at, now, displayLocale);
      assertSame(read(text, now, displayLocale), at, now, displayLocale, text);
    }),
    { numRuns: 4 * RUNS, seed: SEED },
  );
});

test('so is the whole hint, with the relative time, and the time of a log', () => {
  fc.assert(
    fc.property(displayLocales, moments, (displayLocale, { now, at }) => {
      for (const text of [absoluteAndRelative(at, now, displayLocale), logTime(at, displayLocale)]) {
        assertSame(read(text, now, displayLocale), at, now, displayLocale, text);
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test('a length of time that is shown is that long from now, to the hour from two days on as it is shown', () => {
  const lengths = fc.integer({ min: 1, max: 30 * 24 * 60 }).map((count) => (count * MINUTE) as Milliseconds);
  fc.assert(
    fc.property(displayLocales, lengths, (displayLocale, length) => {
      const precision = length < 2 * DAY ? MINUTE : 60 * MINUTE;
      for (const text of [duration(length), `+${duration(length)}`, `in ${duration(length)}`]) {
        assert.equal(read(text, NOW, displayLocale) - NOW, length - (length % precision), text);
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test('amounts are understood as each language writes them', () => {
  const units = [
    ['minute', MINUTE],
    ['hour', 60 * MINUTE],
    ['day', DAY],
  ] as const;
  for (const locale of LANGUAGES) {
    const displayLocale: DisplayLocale = {
      locale: 'en',
      typedLocale: locale,
      timeZone: 'UTC',
      hourCycle: 'h23',
      showsZone: false,
    };
    for (const [unit, length] of units) {
      for (const count of [1, 2, 5, 22, 90]) {
        const texts = [
          new Intl.RelativeTimeFormat(locale).format(count, unit),
          ...(['long', 'short'] as const).map((unitDisplay) =>
            new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(count),
          ),
        ];
        for (const text of texts)
          assert.equal(read(text, NOW, displayLocale) - NOW, count * length, `${text} (${locale})`);
      }
    }
  }
});

test('any day within a week is understood with its short and its long name', () => {
  for (const locale of LANGUAGES) {
    const displayLocale: DisplayLocale = {
      locale: 'en',
      typedLocale: locale,
      timeZone: 'UTC',
      hourCycle: 'h23',
      showsZone: false,
    };
    for (let ahead = 1; ahead < 7; ahead++) {
      const at = (Date.parse('2026-11-25T09:05:00Z') + ahead * DAY) as EpochMs;
      for (const weekday of ['short', 'long'] as const) {
        const name = new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' }).format(at);
        for (const text of [`${name} 9:05`, `9:05 ${name}`, `${name.toUpperCase()}, 09.05`]) {
          assert.equal(read(text, NOW, displayLocale), at, `${text} (${locale})`);
        }
      }
    }
  }
});

test('whatever is typed, it is a time ahead or a problem to read', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom(
      ...'18:30 9 2h + - . , : h in at tomorrow fri am pm noon UTC GMT+5:30 2026-11-27 Dec 3 明日 時 ½ 99999'.split(
        ' ',
      ),
    ),
  );
  const texts = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(displayLocales, texts, (displayLocale, text) => {
      const input = parseClock(text, NOW, displayLocale);
      if (typeof input === 'string') assert.match(input, /^.+\.$/s, text);
      else assert.ok(input >= NOW && input <= NOW + 368 * DAY, `${text}: ${input}`);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
