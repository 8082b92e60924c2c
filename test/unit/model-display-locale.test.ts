import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { autostartText } from '../../src/model/autostart.ts';
import { resolveDisplayLocale, type DisplayLocaleSources } from '../../src/model/displayLocale.ts';
import { absoluteAndRelative, clockTime, logTime, type DisplayLocale } from '../../src/model/times.ts';
import { at, NOW } from './model-fixture.ts';
import { propertyRuns } from '../propertyRuns.ts';

const resolved = (sources: Partial<DisplayLocaleSources> = {}): DisplayLocale =>
  resolveDisplayLocale({
    timeFormat: 'auto',
    timeZone: 'auto',
    language: 'en',
    isTranslated: false,
    host: 'local',
    hostTimeZone: 'Europe/Paris',
    environment: {},
    ...sources,
  });
const EVENING = at('2026-11-25T18:30:00Z');
const shown = (sources: Partial<DisplayLocaleSources>): string =>
  clockTime(EVENING, NOW, resolved(sources)).replaceAll('\u202f', ' ');

test('a zone that Intl does not take becomes UTC, and times say so', () => {
  for (const hostTimeZone of ['', 'Etc/Unknown', 'Europe/Nowhere', undefined]) {
    assert.equal(resolved({ hostTimeZone }).timeZone, 'UTC', hostTimeZone);
    assert.equal(shown({ hostTimeZone, timeFormat: '24h' }), '18:30 UTC', hostTimeZone);
  }
});

test('a language that Intl does not take becomes English', () => {
  for (const language of ['', 'en_US', 'C', 'qps-ploc', 'x-pirate', 'xx']) {
    const { locale, typedLocale } = resolved({ language, isTranslated: true });
    assert.deepEqual([locale, typedLocale], ['en', 'en'], language);
    assert.equal(shown({ language, isTranslated: true }), '7:30 PM', language);
  }
});

test('whatever the settings, the system and VS Code say, times can be shown', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('', 'C', 'en_US', 'de_DE.UTF-8', 'Etc/Unknown', 'UTC', 'auto', '🕰'),
  );
  const sources = fc.record({
    timeFormat: fc.constantFrom('auto' as const, '12h' as const, '24h' as const),
    timeZone: word,
    language: word,
    isTranslated: fc.boolean(),
    host: fc.constantFrom('local' as const, 'remote' as const, 'web' as const),
    hostTimeZone: fc.option(word, { nil: undefined }),
    environment: fc.dictionary(fc.constantFrom('LC_ALL', 'LC_TIME', 'LANG'), word),
  });
  fc.assert(
    fc.property(sources, (each) => {
      const displayLocale = resolveDisplayLocale(each);
      assert.match(absoluteAndRelative(EVENING, NOW, displayLocale), /\d/);
      assert.match(logTime(EVENING, displayLocale), /\d/);
      assert.match(autostartText('CRON_TZ=UTC 30 9 * * 1-5', displayLocale), /9:30/);
    }),
    propertyRuns(100),
  );
});

test('in a browser or a remote host, times name their zone, for it may not be the reader’s', () => {
  assert.equal(shown({ host: 'web', hostTimeZone: 'UTC', timeFormat: '24h' }), '18:30 UTC');
  assert.equal(shown({ host: 'remote', hostTimeZone: 'Europe/Paris', timeFormat: '24h' }), '19:30 GMT+1');
  assert.equal(shown({ host: 'local', hostTimeZone: 'Europe/Paris', timeFormat: '24h' }), '19:30');
  const { timeZone, showsZone } = resolved({ host: 'web', hostTimeZone: 'UTC' });
  assert.equal(logTime(EVENING, { timeZone, showsZone }), '2026-11-25 18:30:00 UTC');
});

test('the zone of the setting is the reader’s own, wherever the extension runs; an unknown one counts as auto', () => {
  for (const host of ['local', 'remote', 'web'] as const) {
    assert.equal(shown({ host, timeZone: 'Asia/Tokyo', timeFormat: '24h' }), '03:30');
  }
  assert.equal(shown({ timeZone: 'Asia/Nowhere', timeFormat: '24h' }), '19:30');
  assert.equal(shown({ host: 'web', timeZone: ' ', timeFormat: '24h' }), '19:30 GMT+1');
});

test('the time format follows the system where the person sits at it, else the language of VS Code', () => {
  const cases: [Partial<DisplayLocaleSources>, string][] = [
    [{}, '7:30 PM'],
    [{ language: 'de' }, '19:30'],
    [{ environment: { LANG: 'de_DE.UTF-8' } }, '19:30'],
    [{ environment: { LANG: 'en_GB' } }, '19:30'],
    [{ language: 'de', environment: { LANG: 'en_US.UTF-8' } }, '7:30 PM'],
    [{ environment: { LC_TIME: 'fr_FR@euro', LANG: 'en_US.UTF-8' } }, '19:30'],
    [{ environment: { LC_ALL: 'en_US.UTF-8', LC_TIME: 'fr_FR', LANG: 'de_DE' } }, '7:30 PM'],
    [{ environment: { LC_ALL: '', LC_TIME: 'fr_FR' } }, '19:30'],
    // Nobody's habit: the language decides.
    [{ language: 'de', environment: { LC_ALL: 'C.UTF-8', LANG: 'en_US' } }, '19:30'],
    [{ environment: { LANG: 'POSIX' } }, '7:30 PM'],
    [{ environment: { LANG: 'nonsense_XX' } }, '7:30 PM'],
    [{ timeFormat: '24h', environment: { LANG: 'en_US.UTF-8' } }, '19:30'],
    [{ timeFormat: '12h', environment: { LANG: 'de_DE.UTF-8' } }, '7:30 PM'],
  ];
  for (const [sources, text] of cases) assert.equal(shown(sources), text, JSON.stringify(sources));
  for (const host of ['remote', 'web'] as const) {
    assert.equal(shown({ host, environment: { LANG: 'de_DE.UTF-8' }, timeZone: 'Europe/Paris' }), '7:30 PM', host);
  }
});

test('weekdays and relative times are in the language of the sentences; without a translation, in English', () => {
  const monday = at('2026-11-23T09:00:00Z');
  const french = { language: 'fr', timeZone: 'UTC' };
  assert.equal(absoluteAndRelative(monday, NOW, resolved(french)), 'Mon 09:00, 2 days ago');
  assert.equal(autostartText('CRON_TZ=UTC 30 9 * * 1', resolved(french)), 'Mon 09:30 (UTC)');
  assert.match(
    absoluteAndRelative(monday, NOW, resolved({ ...french, isTranslated: true })),
    /^lun\. 09:00, il y a 2 jours$/,
  );
});

test('an autostart names its own zone once, also where times name theirs', () => {
  const displayLocale = resolved({ host: 'web', timeFormat: '24h' });
  assert.equal(autostartText('CRON_TZ=Asia/Tokyo 0 8 * * *', displayLocale), 'every day 08:00 (Asia/Tokyo)');
});
