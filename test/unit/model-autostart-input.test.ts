import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { autostartText } from '../../src/model/autostart.ts';
import { parseAutostart, permittedDays, scheduleProblem, scheduleSentence } from '../../src/model/autostartInput.ts';
import { readCron } from '../../src/model/cron.ts';
import { nextStart, weeklyCron } from '../../src/model/weeklyStart.ts';
import { parseTtl, typedTtl, longestTtl } from '../../src/model/ttlInput.ts';
import { duration, type DisplayLocale } from '../../src/model/times.ts';
import { hours, type EpochMs, type Milliseconds } from '../../src/api/units.ts';
import { parseSchedule, nextOccurrence } from '../deployment/schedule.ts';
import { propertyRuns } from '../propertyRuns.ts';
import { at, localized, NOW, PLACE, workspace } from './model-fixture.ts';

const PARIS = 'Europe/Paris';
const read = (typed: string, zone = PARIS, place: DisplayLocale = PLACE): string | undefined =>
  parseAutostart(typed, zone, NOW, place)?.schedule;

test('days and a time are understood in words', () => {
  const cases: [string, string][] = [
    ['weekdays 9:30', `CRON_TZ=${PARIS} 30 9 * * 1-5`],
    ['9:30', `CRON_TZ=${PARIS} 30 9 * * *`],
    ['every day at 7', `CRON_TZ=${PARIS} 0 7 * * *`],
    ['Mon and Wed 8 am', `CRON_TZ=${PARIS} 0 8 * * 1,3`],
    ['mon,wed,fri 6:15 PM', `CRON_TZ=${PARIS} 15 18 * * 1,3,5`],
    ['Mon-Fri 09:00', `CRON_TZ=${PARIS} 0 9 * * 1-5`],
    ['Friday through Sunday at noon', `CRON_TZ=${PARIS} 0 12 * * 0,5,6`],
    ['weekends 10', `CRON_TZ=${PARIS} 0 10 * * 0,6`],
    ['midnight', `CRON_TZ=${PARIS} 0 0 * * *`],
    ['every weekday 0830', `CRON_TZ=${PARIS} 30 8 * * 1-5`],
    ['wednesday 23:59', `CRON_TZ=${PARIS} 59 23 * * 3`],
  ];
  for (const [typed, schedule] of cases) assert.equal(read(typed), schedule, typed);
});

test('from one day to another is each day between them, in the words of VS Code’s languages', () => {
  for (const [locale, typed] of [
    ['en', 'Monday to Friday at 9'],
    ['de', 'Montag bis Freitag 9 Uhr'],
    ['fr', 'du lundi au vendredi à 9h'],
    ['es', 'de lunes a viernes a las 9'],
    ['it', 'da lunedì a venerdì alle 9'],
    ['pt-br', 'de segunda a sexta às 9'],
    ['cs', 'pondělí až pátek 9'],
    ['cs', 'od pondělí do pátku v 9'],
    ['pl', 'od poniedziałku do piątku o 9'],
    ['ru', 'с понедельника по пятницу в 9:00'],
    ['ja', '月曜日から金曜日の9時'],
    ['ko', '월요일부터 금요일까지 9시'],
    ['zh-cn', '周一到周五9点'],
    ['zh-tw', '週一至週五9點'],
  ] as const) {
    assert.equal(read(typed, PARIS, { ...PLACE, typedLocale: locale }), `CRON_TZ=${PARIS} 0 9 * * 1-5`, typed);
  }
  const spanish = { ...PLACE, typedLocale: 'es' };
  assert.equal(read('lunes a las 9 y viernes', PARIS, spanish), `CRON_TZ=${PARIS} 0 9 * * 1,5`);
  assert.equal(read('Do 9', PARIS, { ...PLACE, typedLocale: 'de' }), `CRON_TZ=${PARIS} 0 9 * * 4`);
});

test('each day, working days and weekends are understood in the words of VS Code’s languages', () => {
  for (const [locale, daily, working, free] of [
    ['en', 'daily 9', 'weekdays at 9', 'weekends 9'],
    ['de', 'täglich 9 Uhr', 'werktags um 9', 'am Wochenende 9'],
    ['fr', 'tous les jours à 9h', 'en semaine à 9h', 'le week-end 9h'],
    ['es', 'todos los días a las 9', 'entre semana 9', 'fines de semana 9'],
    ['it', 'ogni giorno alle 9', 'feriali 9', 'fine settimana 9'],
    ['pt-br', 'todos os dias às 9', 'dias úteis 9h', 'fins de semana 9'],
    ['cs', 'denně 9:00', 've všední dny v 9', 'o víkendu 9'],
    ['pl', 'codziennie 9', 'w dni robocze o 9', 'weekendy 9'],
    ['ru', 'ежедневно 9:00', 'по будням в 9', 'по выходным в 9'],
    ['tr', 'her gün saat 9', 'hafta içi 9', 'hafta sonu 9'],
    ['hu', 'minden nap 9', 'hétköznap 9', 'hétvégén 9'],
    ['ja', '毎日9時', '平日9時', '週末9時'],
    ['ko', '매일 9시', '평일 9시', '주말 9시'],
    ['zh-cn', '每天9点', '工作日9点', '周末9点'],
    ['zh-tw', '每天9點', '平日9點', '週末9點'],
  ] as const) {
    const place = { ...PLACE, typedLocale: locale };
    for (const [typed, days] of [
      [daily, '*'],
      [working, '1-5'],
      [free, '0,6'],
    ] as const) {
      assert.equal(read(typed, PARIS, place), `CRON_TZ=${PARIS} 0 9 * * ${days}`, typed);
    }
  }
  assert.equal(read('on Mondays and Wednesdays at 9'), `CRON_TZ=${PARIS} 0 9 * * 1,3`);
  assert.equal(read('montags 9 Uhr', PARIS, { ...PLACE, typedLocale: 'de' }), `CRON_TZ=${PARIS} 0 9 * * 1`);
});

test('a zone is understood by its name in any case and by its city; otherwise the usual one counts', () => {
  assert.equal(read('weekdays 9:30 america/new_york'), 'CRON_TZ=America/New_York 30 9 * * 1-5');
  assert.equal(read('weekdays 9:30 New York'), 'CRON_TZ=America/New_York 30 9 * * 1-5');
  assert.equal(read('Mon 9 (Asia/Tokyo)'), 'CRON_TZ=Asia/Tokyo 0 9 * * 1');
  assert.equal(read('Sun 9 UTC'), 'CRON_TZ=UTC 0 9 * * 0');
  assert.equal(read('9:00 US/Central', 'US/Central'), 'CRON_TZ=US/Central 0 9 * * *', 'the usual one as it is spelled');
  assert.equal(read('9:00 Europe/Atlantis'), undefined);
  assert.equal(read('9:00 Atlantis'), undefined);
});

test('every so many hours is no time of day, every day at an hour is one', () => {
  for (const [locale, typed] of [
    ['en', 'every 2 hours'],
    ['en', 'weekdays every 2h'],
    ['es', 'cada 2 horas'],
    ['fr', 'toutes les 2 heures'],
    ['it', 'ogni 2 ore'],
    ['ru', 'каждые 2 часа'],
    ['tr', 'her 2 saat'],
  ] as const) {
    assert.equal(read(typed, PARIS, { ...PLACE, typedLocale: locale }), undefined, typed);
  }
  for (const [locale, typed] of [
    ['en', 'every day 9 hours'],
    ['en', 'every 9am'],
    ['fr', 'tous les jours à 9 heures'],
    ['it', 'ogni giorno alle ore 9'],
    ['tr', 'her gün saat 9'],
  ] as const) {
    assert.equal(read(typed, PARIS, { ...PLACE, typedLocale: locale }), `CRON_TZ=${PARIS} 0 9 * * *`, typed);
  }
});

test('cron is sent as it is typed, when it is weekly', () => {
  for (const schedule of [
    '30 9 * * 1-5',
    'CRON_TZ=Asia/Kolkata */20 8-10,14 * * mon,Wed',
    '0 9 * * *',
    '5/20 9 * * 0',
  ]) {
    assert.equal(read(schedule), schedule);
  }
  for (const schedule of [
    '0 9 1 * *',
    '0 9 * 2 *',
    '0 9 * * 7',
    '60 9 * * *',
    '0 24 * * *',
    '0 9 * * 5-1',
    '*/0 9 * * *',
    'CRON_TZ=Local 0 9 * * *',
    'CRON_TZ=+05:30 0 9 * * *',
    '@daily',
  ]) {
    assert.equal(read(schedule), undefined, schedule);
  }
});

test('what is no schedule is none, and a day that comes only once is none either', () => {
  for (const typed of ['', 'weekdays', 'soon', '25:00', '9:75', 'tomorrow 9', 'Mon 9:00 10:00', 'Mon 13 pm x']) {
    assert.equal(read(typed), undefined, typed);
  }
});

const LANGUAGES = ['en', 'cs', 'de', 'es', 'fr', 'it', 'ja', 'ko', 'pl', 'pt-br', 'ru', 'tr', 'zh-cn', 'zh-tw'];
const schedules = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
  hour: fc.integer({ min: 0, max: 23 }),
  minute: fc.integer({ min: 0, max: 59 }),
  zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC'),
});

test('what is shown of a schedule, in any language and hour cycle, is the same schedule when it is typed', () => {
  const places = fc.record({
    language: fc.constantFrom(...LANGUAGES),
    hourCycle: fc.constantFrom('h12' as const, 'h23' as const),
  });
  fc.assert(
    fc.property(schedules, places, ({ days, hour, minute, zone }, { language, hourCycle }) => {
      const schedule = weeklyCron(days, hour, minute, zone);
      const place = localized(language, { hourCycle });
      const words = autostartText(schedule, place);
      assert.notEqual(words, schedule);
      assert.deepEqual(readCron(read(words, zone, place) ?? ''), readCron(schedule), `“${words}” (${language})`);
    }),
    propertyRuns(150),
  );
});

test('whatever is typed, it is a schedule that the server takes or none', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(
      ...'9:30 9 18 mon fri to - , and weekdays am pm noon * 1-5 */5 UTC Europe/Paris New York / CRON_TZ=UTC'.split(
        ' ',
      ),
    ),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 7 }).map((parts) => parts.join(' ')),
      (typed) => {
        const schedule = read(typed);
        if (schedule !== undefined) assert.ok(parseSchedule(schedule), `“${typed}” became ${schedule}`);
      },
    ),
    propertyRuns(200),
  );
});

test('the next start is the one that the deployment reckons', () => {
  const moments = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2027-12-31T00:00:00Z') });
  const zones = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/Bogota', 'Asia/Tokyo');
  fc.assert(
    fc.property(schedules, zones, moments, ({ days, hour, minute }, zone, now) => {
      const schedule = weeklyCron(days, hour, minute, zone);
      const cron = readCron(schedule);
      const twin = parseSchedule(schedule);
      assert.ok(cron && twin, schedule);
      assert.equal(
        nextStart(cron, now as EpochMs),
        nextOccurrence(twin, now),
        `${schedule} at ${new Date(now).toISOString()}`,
      );
    }),
    propertyRuns(100),
  );
});

test('a schedule on no day is one on every day, and neighbouring days are a range', () => {
  assert.equal(weeklyCron([], 9, 0, 'UTC'), 'CRON_TZ=UTC 0 9 * * *');
  assert.equal(weeklyCron([3, 1, 2], 9, 5, PARIS), `CRON_TZ=${PARIS} 5 9 * * 1-3`);
});

test('a time that the clocks skip is no start that day; a time that comes twice is one at its first', () => {
  const cron = readCron('CRON_TZ=Europe/Paris 30 2 * * 0');
  assert.ok(cron);
  assert.equal(nextStart(cron, at('2026-03-28T12:00:00Z')), at('2026-04-05T00:30:00Z'));
  assert.equal(nextStart(cron, at('2026-10-24T12:00:00Z')), at('2026-10-25T00:30:00Z'));
});

test('a schedule in a zone that only the server knows is told without its next start', () => {
  const typed = { schedule: 'CRON_TZ=Mars/Olympus 30 9 * * *', zone: 'Mars/Olympus', minutes: [30], hours: [9] };
  const daily = { ...typed, days: [0, 1, 2, 3, 4, 5, 6] };
  assert.equal(scheduleSentence(daily, daily.days, NOW, PLACE), 'every day 09:30 (Mars/Olympus).');
});

test('the template’s days hold: by the zone of the schedule, and none of them is said to be so', () => {
  const typed = parseAutostart('every day 9:30', PARIS, NOW, PLACE);
  assert.ok(typed);
  const onMondays = permittedDays(['monday']);
  assert.equal(nextStart(typed, NOW, onMondays), at('2026-11-30T08:30:00Z'));
  assert.equal(scheduleProblem(typed, onMondays, PLACE), undefined);
  assert.match(
    scheduleSentence(typed, onMondays, NOW, PLACE),
    /^every day 09:30 \(Europe\/Paris\), but the template permits only Mon\. Next start: Mon 08:30, in 4 days\.$/,
  );
  const weekend = parseAutostart('weekends 9', PARIS, NOW, PLACE);
  assert.ok(weekend);
  assert.equal(
    scheduleProblem(weekend, onMondays, PLACE),
    'This template lets its workspaces start automatically only on Mon.',
  );
  assert.equal(
    scheduleProblem(weekend, [], PLACE),
    "This template doesn't let its workspaces start automatically on any day.",
  );
  assert.equal(permittedDays(undefined).length, 7);
});

test('a time before autostop is read in hours, minutes and days', () => {
  const longest = hours(7 * 24);
  const cases: [string, number][] = [
    ['2h30m', 150],
    ['8 h', 480],
    ['18h', 1080],
    ['1:30', 90],
    ['90 minutes', 90],
    ['1.5 h', 90],
    ['2 days', 2880],
    ['100s', 1],
  ];
  for (const [typed, count] of cases) assert.equal(parseTtl(typed, longest, PLACE), count * 60_000, typed);
  assert.match(String(parseTtl('soon', longest, PLACE)), /^Enter a duration/);
  assert.equal(parseTtl('30 s', longest, PLACE), 'Enter at least 1 minute.');
  for (const typed of ['8 days', '400d', '2 years', '99999d 99999h'])
    assert.equal(parseTtl(typed, longest, PLACE), 'Enter at most 7 days.', typed);
});

test('what is no single length of time is no time before autostop', () => {
  for (const typed of ['8 hours a day', '30 min 1 h', '1,000 h', '8-10 h', '2 h ago']) {
    assert.equal(parseTtl(typed, hours(24 * 30), PLACE), 'Enter a duration such as 8 h or 2h30m.', typed);
  }
});

test('each time before autostop up to the longest is read back as it stands in the box and as it is shown', () => {
  const longest = hours(30 * 24);
  const lengths = fc.integer({ min: 1, max: 30 * 24 * 60 }).map((count) => (count * 60_000) as Milliseconds);
  fc.assert(
    fc.property(lengths, (ttl) => {
      assert.equal(parseTtl(typedTtl(ttl), longest, PLACE), ttl);
      const shown = parseTtl(duration(ttl), longest, PLACE);
      assert.ok(Math.abs(Number(shown) - ttl) < 3_600_000, duration(ttl));
    }),
    propertyRuns(200),
  );
});

test('the longest is that of the age', () => {
  assert.equal(longestTtl(workspace('running')), hours(7 * 24));
  assert.equal(
    longestTtl(workspace('running', { workspace: { health: { healthy: true, failing_agents: [] } } })),
    hours(30 * 24),
  );
});

test('what a box holds is read as a whole or not at all, however hostile', () => {
  const read = (typed: string) => parseAutostart(typed, 'UTC', NOW, PLACE)?.schedule;
  const minutes = Array.from({ length: 60 }, (_, minute) => minute).join();
  assert.equal(read(`${minutes} 9 * * 1,2,3`), `${minutes} 9 * * 1,2,3`, 'a list of all minutes');
  for (const typed of [
    '',
    '   ',
    '@daily',
    '@every 1h',
    '@daily 9:00',
    '../../etc/passwd',
    '9:30%2F..',
    '30 9 1 * *',
    '30 9 * 1 *',
    '30 9 * * 7',
    '60 9 * * *',
    '30 24 * * *',
    '30 9 * * 5-1',
    '*/0 9 * * *',
    '-5 9 * * *',
    '30 9 * *',
    '30 9 * * * *',
    'CRON_TZ=Local 30 9 * * *',
    'CRON_TZ=Mars/Base 30 9 * * *',
    `9:30 ${'Mon '.repeat(200)}`,
    `${'0,'.repeat(300)}0 9 * * 1`,
  ]) {
    assert.equal(read(typed), undefined, typed.slice(0, 60));
  }
  assert.equal(read(`9:30${' '.repeat(300)}Mon`), 'CRON_TZ=UTC 30 9 * * 1', 'nothing at the end is lost');
  assert.equal(parseTtl(`2h${' '.repeat(200)}30m`, hours(30 * 24), PLACE), 150 * 60_000);
  for (const typed of ['', ' ', '-2h', '0', '1e3h', '∞', 'Infinity h', '2 h%2F', '2 h'.repeat(100), '..']) {
    assert.equal(typeof parseTtl(typed, hours(24), PLACE), 'string', typed.slice(0, 40));
  }
});

test('a zone is spelled as servers spell it, and keeps the name that was typed', () => {
  const read = (typed: string) => parseAutostart(typed, 'UTC', NOW, PLACE)?.schedule;
  assert.equal(read('CRON_TZ=europe/paris 30 9 * * MON-FRI'), 'CRON_TZ=Europe/Paris 30 9 * * MON-FRI');
  for (const zone of ['Asia/Kolkata', 'Asia/Calcutta', 'Europe/Kyiv', 'Europe/Kiev']) {
    assert.equal(read(`CRON_TZ=${zone} 30 9 * * 1`), `CRON_TZ=${zone} 30 9 * * 1`);
    assert.equal(read(`Mon 9:30 ${zone}`), `CRON_TZ=${zone} 30 9 * * 1`);
    const found = /CRON_TZ=(\S+)/.exec(read(`Mon 9:30 ${zone.toLowerCase()}`) ?? '')?.[1] ?? '';
    assert.match(found, /^[A-Z]\w+\/[A-Z]\w+$/, 'in small letters it is spelled as servers spell it');
  }
});
