import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autostartText } from '../../src/model/autostart.ts';
import { localized, PLACE } from './model-fixture.ts';

/** With the usual spaces: Unicode's data have thin ones in ranges. */
const shown = (schedule: string, place = PLACE): string => autostartText(schedule, place).replace(/\s/g, ' ');

test('a schedule is told in words with its zone', () => {
  const cases: [string, string][] = [
    ['CRON_TZ=Europe/Paris 30 9 * * 1-5', 'Mon – Fri 09:30 (Europe/Paris)'],
    ['CRON_TZ=UTC 0 8 * * 0,5,6', 'Fri – Sun 08:00 (UTC)'],
    ['CRON_TZ=UTC 0 8 * * 1,2,4,5,6', 'Mon, Tue, Thu – Sat 08:00 (UTC)'],
    ['CRON_TZ=UTC 0 8 * * 0,6', 'Sat, Sun 08:00 (UTC)'],
    ['0 7 * * *', 'every day 07:00 (UTC)'],
    ['CRON_TZ=UTC 5 23 * * 0-6', 'every day 23:05 (UTC)'],
    ['CRON_TZ=US/Central 0 8 * * mon,Wed,sun', 'Mon, Wed, Sun 08:00 (US/Central)'],
    ['CRON_TZ=UTC 0 8 * * 0', 'Sun 08:00 (UTC)'],
  ];
  for (const [schedule, words] of cases) assert.equal(shown(schedule), words);
});

test('weekdays and times are those of the reader’s language', () => {
  assert.match(autostartText('30 9 * * 1,6', localized('de')), /^Mo, Sa 0?9:30 \(UTC\)$/);
  assert.match(shown('30 9 * * 1-5', localized('de')), /^Mo ?– ?Fr 0?9:30 \(UTC\)$/);
  assert.match(shown('30 9 * * 1-5', localized('ja')), /^月 ?～ ?金 0?9:30 \(UTC\)$/);
});

test('a schedule of another shape is shown as it is', () => {
  for (const schedule of [
    '*/5 9 * * 1-5',
    '0 9,17 * * *',
    '0 25 * * *',
    '0 9 * * 5-1',
    '0 9 * * 8',
    '0 9 * * ,',
    '@daily',
    '',
  ]) {
    assert.equal(autostartText(schedule, PLACE), schedule);
  }
});
