import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseClock } from '../../src/model/clockInput.ts';
import type { DisplayLocale } from '../../src/model/times.ts';
import { at, localized, NOW, PLACE } from './model-fixture.ts';

const parsed = (input: string, displayLocale: DisplayLocale = PLACE, now = NOW): string => {
  const result = parseClock(input, now, displayLocale);
  return typeof result === 'string' ? result : new Date(result).toISOString();
};

test('a clock time is read as people type it', () => {
  for (const input of [
    '18:30',
    '18.30',
    '18h30',
    '1830',
    ' 18:30 ',
    '6:30 pm',
    '6:30pm',
    '6.30 PM',
    '6:30 p.m.',
    '１８：３０',
  ]) {
    assert.equal(parsed(input), '2026-11-25T18:30:00.000Z', input);
  }
});

test('a time that has passed today is tomorrow’s', () => {
  assert.equal(parsed('9'), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('15:40'), '2026-11-26T15:40:00.000Z');
  assert.equal(parsed('12 am'), '2026-11-26T00:00:00.000Z');
  assert.equal(parsed('24:00'), '2026-11-26T00:00:00.000Z');
});

test('a day may stand in front or behind', () => {
  assert.equal(parsed('tomorrow 9'), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('9:30 tomorrow'), '2026-11-26T09:30:00.000Z');
  assert.equal(parsed('today 18:30'), '2026-11-25T18:30:00.000Z');
  assert.equal(parsed('fri 8:15'), '2026-11-27T08:15:00.000Z');
  assert.equal(parsed('Tuesday 8am'), '2026-12-01T08:00:00.000Z');
});

test('the weekday of today means today while the time is ahead, else next week', () => {
  assert.equal(parsed('wed 18:00'), '2026-11-25T18:00:00.000Z');
  assert.equal(parsed('wed 9:00'), '2026-12-02T09:00:00.000Z');
});

test('the reader’s own language is understood beside English', () => {
  const german = localized('de');
  assert.equal(parsed('morgen 9', german), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('Freitag 8.15', german), '2026-11-27T08:15:00.000Z');
  assert.equal(parsed('tomorrow 9', german), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('demain 9', localized('fr')), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('١٨:٣٠', localized('ar')), '2026-11-25T18:30:00.000Z');
});

test('a time today that has passed is refused and says so', () => {
  assert.equal(parsed('today 9'), '09:00 has already passed.');
});

test('what is no time is refused with an example', () => {
  for (const input of [
    '',
    'soon',
    '25:00',
    '24:30',
    '18:60',
    '0 pm',
    '13 pm',
    '18:30:15:1',
    'tomorrow',
    '-5',
    '1e3',
    '99999',
  ]) {
    assert.match(parsed(input), /isn't a time\. Enter one such as 18:30/, input);
  }
});

test('the time is that of the reader’s zone', () => {
  assert.equal(parsed('18:30', { ...PLACE, timeZone: 'America/New_York' }), '2026-11-25T23:30:00.000Z');
  assert.equal(parsed('18:30', { ...PLACE, timeZone: 'Asia/Kolkata' }), '2026-11-26T13:00:00.000Z');
});

const PARIS: DisplayLocale = { ...PLACE, timeZone: 'Europe/Paris' };

test('nine tomorrow is nine by the clock, also when clocks change overnight', () => {
  assert.equal(parsed('tomorrow 9', PARIS, at('2026-03-28T12:00:00Z')), '2026-03-29T07:00:00.000Z');
  assert.equal(parsed('tomorrow 9', PARIS, at('2026-10-24T12:00:00Z')), '2026-10-25T08:00:00.000Z');
});

test('a time that clocks skip becomes the one an hour later', () => {
  assert.equal(parsed('tomorrow 2:30', PARIS, at('2026-03-28T12:00:00Z')), '2026-03-29T01:30:00.000Z');
});

test('a time that comes twice is the next one ahead', () => {
  assert.equal(parsed('2:30', PARIS, at('2026-10-25T00:00:00Z')), '2026-10-25T00:30:00.000Z');
  assert.equal(parsed('2:30', PARIS, at('2026-10-25T00:45:00Z')), '2026-10-25T01:30:00.000Z');
});

/** Typed on Wednesday, 25 November 2026, 15:40 UTC. */
const understood = (cases: Readonly<Record<string, string>>, displayLocale: DisplayLocale = PLACE): void => {
  for (const [input, at] of Object.entries(cases)) {
    assert.equal(parsed(input, displayLocale), new Date(`${at}Z`).toISOString(), input);
  }
};

test('words around a time and words for a time are understood', () => {
  understood({
    'at 18:30': '2026-11-25T18:30',
    'until 6:30pm': '2026-11-25T18:30',
    'tomorrow at 9': '2026-11-26T09:00',
    'at 9 tomorrow': '2026-11-26T09:00',
    'at 9 in the evening': '2026-11-25T21:00',
    "9 o'clock": '2026-11-26T09:00',
    noon: '2026-11-26T12:00',
    '12 noon': '2026-11-26T12:00',
    'tomorrow noon': '2026-11-26T12:00',
    midnight: '2026-11-26T00:00',
    'Friday midnight': '2026-11-28T00:00',
    '6 p.m.': '2026-11-25T18:00',
    '6 p. m.': '2026-11-25T18:00',
    '6p': '2026-11-25T18:00',
    '1830 hrs': '2026-11-25T18:30',
    '18:30:00': '2026-11-25T18:30',
    'thurs 9am': '2026-11-26T09:00',
    'tues 9': '2026-12-01T09:00',
  });
});

test('a day may be a date', () => {
  understood({
    '3 Dec, 18:30': '2026-12-03T18:30',
    'Dec 3, 18:30': '2026-12-03T18:30',
    'december 3 at 9am': '2026-12-03T09:00',
    'Dec 3 9': '2026-12-03T09:00',
    'Thu, Dec 3, 18:30': '2026-12-03T18:30',
    '2026-12-03 18:30': '2026-12-03T18:30',
    '2026-12-03T18:30': '2026-12-03T18:30',
    'Nov 20 9:00': '2027-11-20T09:00',
  });
  assert.match(parsed('Fri, Dec 3, 18:30'), /isn't a time/);
  assert.match(parsed('Feb 30 9:00'), /isn't a time/);
});

test('times as they are written elsewhere are understood in any language of VS Code', () => {
  for (const locale of ['en', 'de', 'fr', 'ja', 'ko', 'zh-cn']) {
    understood(
      {
        '18h30': '2026-11-25T18:30',
        '18 h 30': '2026-11-25T18:30',
        '18h': '2026-11-25T18:00',
        'à 18h': '2026-11-25T18:00',
        'à 2h': '2026-11-26T02:00',
        '18:30 Uhr': '2026-11-25T18:30',
        '18.30 Uhr': '2026-11-25T18:30',
        'um 18 Uhr': '2026-11-25T18:00',
        '18 Uhr 30': '2026-11-25T18:30',
        'a las 18:30': '2026-11-25T18:30',
        '18.30 h': '2026-11-25T18:30',
        'alle 18:30': '2026-11-25T18:30',
        'v 18:30': '2026-11-25T18:30',
        'o 18:30': '2026-11-25T18:30',
        'в 18:30': '2026-11-25T18:30',
        'saat 18.30': '2026-11-25T18:30',
        '18:30’da': '2026-11-25T18:30',
        '18時30分': '2026-11-25T18:30',
        '18時半': '2026-11-25T18:30',
        '18时30分': '2026-11-25T18:30',
        '18点': '2026-11-25T18:00',
        '18點半': '2026-11-25T18:30',
        '18시 30분': '2026-11-25T18:30',
        minuit: '2026-11-26T00:00',
        Mittag: '2026-11-26T12:00',
        正午: '2026-11-26T12:00',
      },
      localized(locale),
    );
  }
});

test('what the extension shows in another language, and what people type in it, is understood', () => {
  const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    cs: {
      'pá 9:00': '2026-11-27T09:00',
      'v pátek v 9': '2026-11-27T09:00',
      've středu 18:00': '2026-11-25T18:00',
      'zitra 9': '2026-11-26T09:00',
      '27. 11. 9:05': '2026-11-27T09:05',
    },
    de: {
      'Fr., 09:00': '2026-11-27T09:00',
      'am Freitag um 18 Uhr': '2026-11-27T18:00',
      'am Freitag um 12': '2026-11-27T12:00',
      '18:00 am Freitag': '2026-11-27T18:00',
      'Do 9': '2026-11-26T09:00',
      'übermorgen um 9': '2026-11-27T09:00',
      '9 Uhr abends': '2026-11-25T21:00',
      '27. Nov., 9:05': '2026-11-27T09:05',
      'heute Mitternacht': '2026-11-26T00:00',
    },
    es: {
      'vie, 9:00': '2026-11-27T09:00',
      'mañana a las 9': '2026-11-26T09:00',
      '9 de la mañana': '2026-11-26T09:00',
      '6:30 p. m.': '2026-11-25T18:30',
      '27 de noviembre a las 9:00': '2026-11-27T09:00',
    },
    fr: {
      'ven. 09:00': '2026-11-27T09:00',
      'demain à 9h': '2026-11-26T09:00',
      'jusqu’à 18h30': '2026-11-25T18:30',
      'mar. 9:00': '2026-12-01T09:00',
      'Mar 3 9:00': '2027-03-03T09:00',
    },
    it: { 'ven 09:00': '2026-11-27T09:00', 'domani alle 9': '2026-11-26T09:00', mezzanotte: '2026-11-26T00:00' },
    ja: {
      '9:00 (金)': '2026-11-27T09:00',
      '明日 9:00': '2026-11-26T09:00',
      明日の9時: '2026-11-26T09:00',
      午後6時30分: '2026-11-25T18:30',
      '午後0:05': '2026-11-26T12:05',
      '11月27日 9:05': '2026-11-27T09:05',
    },
    ko: { '(금) 09:00': '2026-11-27T09:00', '내일 오전 9시': '2026-11-26T09:00', '오후 6시 30분': '2026-11-25T18:30' },
    pl: {
      'pt., 09:00': '2026-11-27T09:00',
      'jutro o 9': '2026-11-26T09:00',
      'w środę o 18:00': '2026-11-25T18:00',
      polnoc: '2026-11-26T00:00',
    },
    'pt-br': {
      'sex., 09:00': '2026-11-27T09:00',
      'sexta às 9h': '2026-11-27T09:00',
      'amanhã às 9h': '2026-11-26T09:00',
      'meia-noite': '2026-11-26T00:00',
      '27 de nov., 9:05': '2026-11-27T09:05',
    },
    ru: {
      'пт 09:00': '2026-11-27T09:00',
      'в пятницу в 9': '2026-11-27T09:00',
      'завтра в 9 утра': '2026-11-26T09:00',
      'в 9 вечера': '2026-11-25T21:00',
    },
    tr: {
      'Cum 09:00': '2026-11-27T09:00',
      'pazar 9': '2026-11-29T09:00',
      'pazartesi 9': '2026-11-30T09:00',
      'yarın saat 9': '2026-11-26T09:00',
      'CUMARTESİ 09:00': '2026-11-28T09:00',
      öğlen: '2026-11-26T12:00',
    },
    'zh-cn': { '周五09:00': '2026-11-27T09:00', 明天上午9点: '2026-11-26T09:00', 晚上9点: '2026-11-25T21:00' },
    'zh-tw': { '週五上午9:00': '2026-11-27T09:00', '明天 9:00': '2026-11-26T09:00' },
  };
  for (const [language, typed] of Object.entries(cases)) {
    understood(typed, localized(language));
    // As long as there is no translation, sentences are English, and people type in their language all the same.
    understood(typed, localized('en', { typedLocale: language }));
  }
});

test('a length of time is that long from now', () => {
  understood({
    '2h': '2026-11-25T17:40',
    '2 h': '2026-11-25T17:40',
    '2hrs': '2026-11-25T17:40',
    '+90m': '2026-11-25T17:10',
    '+ 90 min': '2026-11-25T17:10',
    '1 h 30': '2026-11-25T17:10',
    '1h30': '2026-11-25T17:10',
    '1h30m': '2026-11-25T17:10',
    '+1:30': '2026-11-25T17:10',
    'in 2 hours': '2026-11-25T17:40',
    '2 hours from now': '2026-11-25T17:40',
    'for another 2 hours': '2026-11-25T17:40',
    '90 minutes': '2026-11-25T17:10',
    '1.5 h': '2026-11-25T17:10',
    '1,5h': '2026-11-25T17:10',
    '1½ h': '2026-11-25T17:10',
    '1 hour and 30 minutes': '2026-11-25T17:10',
    'an hour': '2026-11-25T16:40',
    'half an hour': '2026-11-25T16:10',
    '2 days': '2026-11-27T15:40',
    '1d 2h': '2026-11-26T17:40',
  });
  understood(
    { 'in 2 Stunden': '2026-11-25T17:40', '2 Std.': '2026-11-25T17:40', 'in 3 Tagen': '2026-11-28T15:40' },
    localized('de'),
  );
  understood(
    { 'dans 2 heures': '2026-11-25T17:40', '2 heures': '2026-11-25T17:40', '1 heure 30': '2026-11-25T17:10' },
    localized('fr'),
  );
  understood(
    { '2時間30分後': '2026-11-25T18:10', '2時間': '2026-11-25T17:40', '2時': '2026-11-26T02:00' },
    localized('ja'),
  );
  understood({ '2시간 후': '2026-11-25T17:40', '2시': '2026-11-26T02:00' }, localized('ko'));
  understood({ 'через 2 часа': '2026-11-25T17:40' }, localized('ru'));
});

test('“h” is an hour of the day with minutes from 6 on and alone from 13 on, otherwise a length', () => {
  understood({
    '5h30': '2026-11-25T21:10',
    '6h30': '2026-11-26T06:30',
    '9 h 30': '2026-11-26T09:30',
    '18h30': '2026-11-25T18:30',
    '12h': '2026-11-26T03:40',
    '13h': '2026-11-26T13:00',
    '23h': '2026-11-25T23:00',
    '24h': '2026-11-26T15:40',
    // As the extension shows lengths.
    '18 h': '2026-11-26T09:40',
    '18 h 30 min': '2026-11-26T10:10',
    '+18h30': '2026-11-26T10:10',
    'in 18h': '2026-11-26T09:40',
    // As nothing but a time of day is written.
    'at 2h': '2026-11-26T02:00',
    'tomorrow 2h': '2026-11-26T02:00',
  });
});

test('a day is understood in the case that stands after “until”', () => {
  const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    cs: {
      'do pátku 18:00': '2026-11-27T18:00',
      'do čtvrtka 9:00': '2026-11-26T09:00',
      'do středy 9:00': '2026-12-02T09:00',
      'do zítřka 9:00': '2026-11-26T09:00',
    },
    fr: { 'jusqu’au 27 novembre 18h': '2026-11-27T18:00' },
    pl: {
      'do piątku 18:00': '2026-11-27T18:00',
      'do poniedziałku o 9': '2026-11-30T09:00',
      'do niedzieli 9:00': '2026-11-29T09:00',
      'do środy 9:00': '2026-12-02T09:00',
    },
    ru: {
      'до пятницы 18:00': '2026-11-27T18:00',
      'до четверга 9:00': '2026-11-26T09:00',
      'до воскресенья 9:00': '2026-11-29T09:00',
    },
    tr: {
      'Cumaya kadar 18:00': '2026-11-27T18:00',
      'perşembeye kadar 9:00': '2026-11-26T09:00',
      'pazara kadar 9:00': '2026-11-29T09:00',
      'Salıya kadar 9:00': '2026-12-01T09:00',
      'cuma gününe kadar 18:00': '2026-11-27T18:00',
      'yarına kadar 9:00': '2026-11-26T09:00',
    },
  };
  for (const [language, typed] of Object.entries(cases)) understood(typed, localized('en', { typedLocale: language }));
});

test('hours and minutes with a point between them are a time of day before any language’s word for hours', () => {
  for (const [language, input] of [
    ['en', '18.30 hrs'],
    ['cs', '18.30 hod.'],
    ['es', '18.30 hs'],
    ['es', '18.30 horas'],
    ['it', '18.30 ore'],
    ['pl', '18.30 godz.'],
    ['tr', '18.30 saat'],
    ['ru', '18.30 ч'],
    ['ru', '18 ч 30'],
    ['ru', '18ч30'],
    ['ru', 'до 18.30 часов'],
  ] as const) {
    understood({ [input]: '2026-11-25T18:30' }, localized('en', { typedLocale: language }));
  }
  understood({ '18ч': '2026-11-25T18:00', 'к 18 часам': '2026-11-25T18:00' }, localized('ru'));
  understood({ '1.5 hrs': '2026-11-25T17:10', '10.5 hours': '2026-11-26T02:10', '30.00 min': '2026-11-25T16:10' });
});

test('a length of time of more than a year is refused with the limit', () => {
  for (const input of ['400d', '400 days', '+2 years']) {
    assert.equal(parsed(input), 'Enter at most 365 days.', input);
  }
});

test('what may mean two things is refused instead of being taken for one of them', () => {
  for (const input of [
    '9:00-10:00',
    '18:30-19:30',
    '18:30+01:00',
    '18:30 +2h',
    '18:30 + 2h',
    '1,000 h',
    '8 hours a day',
    '30 min 1 h',
    '1.000 min',
    '+1.000 h',
  ]) {
    assert.match(parsed(input), /isn't a time/, input);
  }
  understood({
    '2026-11-27T18:30:00+01:00': '2026-11-27T17:30',
    '2026-11-27 18:30:00.5-05:00': '2026-11-27T23:30',
    '18:30, in 2 h 50 min': '2026-11-25T18:30',
  });
});

test('a length of time that is no such thing is refused', () => {
  for (const input of [
    'h',
    '+',
    '+2',
    'in',
    'in 2',
    '-2h',
    '2 parsecs',
    '9000 h',
    '2h 3h tomorrow',
    '1.2.3 h',
    '9'.repeat(500),
  ]) {
    assert.match(parsed(input), /isn't a time/, input);
  }
});

test('a zone that is typed counts; without one it is the zone that is shown', () => {
  const shownZone: DisplayLocale = { ...PARIS, showsZone: true };
  understood(
    {
      '18:30': '2026-11-25T17:30',
      '18:30 GMT+1': '2026-11-25T17:30',
      '18:30 UTC': '2026-11-25T18:30',
      '18:30 UTC-05:00': '2026-11-25T23:30',
      'tomorrow 9 GMT+5:30': '2026-11-26T03:30',
    },
    shownZone,
  );
  understood(
    { '18:30 EST': '2026-11-25T23:30', '18:30 EDT': '2026-11-25T22:30' },
    { ...PLACE, timeZone: 'America/New_York' },
  );
});

test('where a time comes twice, the zone that is shown says which', () => {
  const newYork: DisplayLocale = { ...PLACE, timeZone: 'America/New_York', showsZone: true };
  const evening = at('2026-10-31T22:00:00Z');
  assert.equal(parsed('1:30 EDT', newYork, evening), '2026-11-01T05:30:00.000Z');
  assert.equal(parsed('1:30 EST', newYork, evening), '2026-11-01T06:30:00.000Z');
});

test('a day with a part of it, and words that stand for a day, are understood', () => {
  understood({
    'tomorrow morning at 9': '2026-11-26T09:00',
    'tonight at 9': '2026-11-25T21:00',
    'this evening at 7': '2026-11-25T19:00',
    'tmrw 9am': '2026-11-26T09:00',
    'the day after tomorrow at 9': '2026-11-27T09:00',
  });
  const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    cs: { 'o půlnoci': '2026-11-26T00:00', 'v úterý v 9': '2026-12-01T09:00' },
    de: { 'morgen früh um 9': '2026-11-26T09:00', 'heute Abend 8 Uhr': '2026-11-25T20:00' },
    es: { 'mañana por la tarde a las 6': '2026-11-26T18:00', 'al mediodía': '2026-11-26T12:00' },
    fr: { 'demain soir à 8h': '2026-11-26T20:00', 'ce soir 20h': '2026-11-25T20:00' },
    hu: {
      'holnap 9-kor': '2026-11-26T09:00',
      '18:30-ig': '2026-11-25T18:30',
      '18 óráig': '2026-11-25T18:00',
      'pénteken 9-kor': '2026-11-27T09:00',
      délben: '2026-11-26T12:00',
    },
    it: { 'stasera alle 8': '2026-11-25T20:00', 'domani mattina alle 9': '2026-11-26T09:00' },
    ja: { あした9時: '2026-11-26T09:00', 今夜8時: '2026-11-25T20:00', 金曜9時: '2026-11-27T09:00' },
    pl: { 'dziś o 18:30': '2026-11-25T18:30', 'w południe': '2026-11-26T12:00', 'o północy': '2026-11-26T00:00' },
    'pt-br': { 'amanhã de manhã às 9': '2026-11-26T09:00', 'ao meio-dia': '2026-11-26T12:00' },
    ru: { 'сегодня вечером в 8': '2026-11-25T20:00', 'на 18:00': '2026-11-25T18:00' },
    tr: { "18:30'a kadar": '2026-11-25T18:30', 'bu akşam 8': '2026-11-25T20:00', 'cuma günü 9': '2026-11-27T09:00' },
    'zh-cn': { 明早9点: '2026-11-26T09:00', 今晚8点: '2026-11-25T20:00', 礼拜五9点: '2026-11-27T09:00' },
  };
  for (const [language, typed] of Object.entries(cases)) understood(typed, localized('en', { typedLocale: language }));
});

test('a date may have its year, an ordinal, a short month, or numbers as VS Code’s language writes them', () => {
  understood({
    'Nov 27, 2026, 9:00 AM': '2026-11-27T09:00',
    'Friday, November 27, 2026 at 9:00 AM': '2026-11-27T09:00',
    'Nov 27th at 9': '2026-11-27T09:00',
    'Sept 30 9:00': '2027-09-30T09:00',
    '12/3 9:00': '2026-12-03T09:00',
    '2026-12-03T18:30:00.000Z': '2026-12-03T18:30',
    '2026-12-03T18:30:00+05:30': '2026-12-03T13:00',
  });
  assert.match(parsed('Nov 27, 2027, 9:00'), /isn't a time/);
  const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    de: { '3.12., 09:00': '2026-12-03T09:00', '03.12.2026 9:00': '2026-12-03T09:00' },
    fr: { '3/12 9h': '2026-12-03T09:00', '1er décembre à 9h': '2026-12-01T09:00' },
    ja: { '12/3 9:00': '2026-12-03T09:00', '12月3日の9時': '2026-12-03T09:00' },
    ru: { '3.12.2026 9:00': '2026-12-03T09:00', '3 дек 9:00': '2026-12-03T09:00' },
    'zh-cn': { '12月3号9点': '2026-12-03T09:00', '2026年12月3日 9:00': '2026-12-03T09:00' },
  };
  for (const [language, typed] of Object.entries(cases)) understood(typed, localized('en', { typedLocale: language }));
});

test('a length of time may be in words, and no unit of one is taken for an hour of the day', () => {
  understood({ '.5h': '2026-11-25T16:10', 'an hour and a half': '2026-11-25T17:10' });
  const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    cs: { '2 hod': '2026-11-25T17:40', 'za hodinu': '2026-11-25T16:40', '18 hod': '2026-11-25T18:00' },
    de: { 'in einer Stunde': '2026-11-25T16:40', 'noch 2 Stunden': '2026-11-25T17:40' },
    es: { 'en 2 horas': '2026-11-25T17:40', 'una hora y media': '2026-11-25T17:10' },
    fr: {
      'dans une heure': '2026-11-25T16:40',
      'encore 2h': '2026-11-25T17:40',
      'une heure et demie': '2026-11-25T17:10',
    },
    hu: { 'egy óra múlva': '2026-11-25T16:40' },
    it: { "un'ora": '2026-11-25T16:40', 'fra 2 ore': '2026-11-25T17:40' },
    ja: { '1時間半': '2026-11-25T17:10', 一時間: '2026-11-25T16:40' },
    ko: { '1시간 반': '2026-11-25T17:10', '2시간 더': '2026-11-25T17:40' },
    pl: { 'za godzinę': '2026-11-25T16:40', 'na 2 godziny': '2026-11-25T17:40' },
    'pt-br': { 'daqui a 2 horas': '2026-11-25T17:40', 'mais 2 horas': '2026-11-25T17:40' },
    ru: { 'через час': '2026-11-25T16:40', 'ещё 2 часа': '2026-11-25T17:40' },
    tr: { 'bir saat': '2026-11-25T16:40', '2 saat daha': '2026-11-25T17:40' },
    'zh-cn': { '2个小时': '2026-11-25T17:40', 半小时: '2026-11-25T16:10', 一个小时: '2026-11-25T16:40' },
  };
  for (const [language, typed] of Object.entries(cases)) understood(typed, localized('en', { typedLocale: language }));
});

test('twelve in the evening is midnight, and an hour goes with the part of the day that is nearest to it', () => {
  const noon = at('2026-11-25T09:00:00Z');
  const here = (locale: string, input: string): string =>
    parsed(input, { ...PLACE, locale, typedLocale: locale }, noon);
  for (const [locale, input] of [
    ['en', 'tonight at 12'],
    ['en', '12 at night'],
    ['de', 'heute Abend um 12'],
    ['de', '12 Uhr nachts'],
    ['es', 'las 12 de la noche'],
    ['ja', '今夜12時'],
    ['ko', '밤 12시'],
    ['zh-cn', '晚上12点'],
  ] as const) {
    assert.equal(here(locale, input), '2026-11-26T00:00:00.000Z', input);
  }
  for (const [locale, input] of [
    ['en', '2 at night'],
    ['de', '2 Uhr nachts'],
    ['ko', '새벽 2시'],
  ] as const) {
    assert.equal(here(locale, input), '2026-11-26T02:00:00.000Z', input);
  }
  assert.equal(here('de', '11 Uhr nachts'), '2026-11-25T23:00:00.000Z');
  assert.equal(here('en', 'tomorrow night at 12'), '2026-11-27T00:00:00.000Z', 'the end of the day that is named');
  assert.equal(here('en', '12:30 in the afternoon'), '2026-11-25T12:30:00.000Z');
  assert.equal(here('zh-cn', '中午12:30'), '2026-11-25T12:30:00.000Z');
  assert.equal(here('ko', '오전 12:30'), '2026-11-26T00:30:00.000Z');
});

test('three digits with their half of the day, and numbers of hours in words, are understood in VS Code’s languages', () => {
  const here = (locale: string, input: string): string => parsed(input, { ...PLACE, locale, typedLocale: locale });
  assert.equal(here('en', '630pm'), '2026-11-25T18:30:00.000Z');
  assert.match(here('en', '630'), /isn't a time/);
  for (const [locale, input] of [
    ['en', 'two hours'],
    ['de', 'in zwei Stunden'],
    ['fr', 'deux heures'],
    ['ko', '두 시간 후'],
    ['zh-cn', '两个小时后'],
  ] as const) {
    assert.equal(here(locale, input), here('en', '2 hours'), input);
  }
  for (const [locale, input] of [
    ['de', 'anderthalb Stunden'],
    ['tr', 'bir buçuk saat'],
    ['pl', 'półtorej godziny'],
    ['zh-cn', '一个半小时'],
  ] as const) {
    assert.equal(here(locale, input), here('en', '1.5 hours'), input);
  }
  for (const [locale, input] of [
    ['en', 'a half hour'],
    ['de', 'eine halbe Stunde'],
    ['fr', 'une demi-heure'],
  ] as const) {
    assert.equal(here(locale, input), here('en', '30 min'), input);
  }
  for (const [locale, input] of [
    ['it', "mezz'ora"],
    ['ru', 'полчаса'],
    ['ru', 'через полчаса'],
    ['cs', 'za půlhodinu'],
  ] as const) {
    assert.equal(here(locale, input), here('en', '30 min'), input);
  }
  for (const [locale, input] of [
    ['en', 'three hours'],
    ['de', 'in drei Stunden'],
    ['fr', 'trois heures'],
    ['pl', 'trzy godziny'],
    ['ru', 'через три часа'],
    ['tr', 'üç saat'],
    ['ko', '세 시간'],
    ['ja', '三時間'],
    ['zh-cn', '三个钟头'],
  ] as const) {
    assert.equal(here(locale, input), here('en', '3 hours'), input);
  }
  for (const [locale, input] of [
    ['en', 'four hours'],
    ['it', 'quattro ore'],
    ['cs', 'čtyři hodiny'],
    ['zh-tw', '四個小時後'],
  ] as const) {
    assert.equal(here(locale, input), here('en', '4 hours'), input);
  }
  for (const [locale, input] of [
    ['en', 'two and a half hours'],
    ['en', '2 and a half hours'],
    ['en', '2 1/2 hours'],
    ['de', 'zweieinhalb Stunden'],
    ['de', 'zwei und eine halbe Stunde'],
    ['fr', 'deux heures et demie'],
    ['pl', 'dwie i pół godziny'],
    ['cs', 'dvě a půl hodiny'],
    ['ru', 'два с половиной часа'],
    ['tr', 'iki buçuk saat'],
    ['zh-cn', '两个半小时'],
    ['zh-tw', '兩個半小時後'],
  ] as const) {
    assert.equal(here(locale, input), here('en', '2.5 hours'), input);
  }
  assert.equal(here('en', '1/2 hour'), here('en', '30 min'));
  assert.equal(here('en', '1/2 9:00'), '2027-01-02T09:00:00.000Z', 'a date all the same');
  assert.equal(here('zh-cn', '周天9点'), '2026-11-29T09:00:00.000Z');
  assert.equal(here('zh-cn', '晚8点'), '2026-11-25T20:00:00.000Z');
  for (const [locale, input] of [
    ['zh-cn', '12月3日下午6点'],
    ['zh-tw', '12月3號下午6點'],
  ] as const) {
    assert.equal(here(locale, input), '2026-12-03T18:00:00.000Z', input);
  }
});

test('a date whose numbers are parted by dots begins with its day, one with slashes is as VS Code’s language writes it', () => {
  const here = (locale: string, input: string): string => parsed(input, { ...PLACE, locale, typedLocale: locale });
  for (const locale of ['en', 'en-GB', 'de', 'cs']) {
    assert.equal(here(locale, '3.12. 18:30'), '2026-12-03T18:30:00.000Z', locale);
    assert.equal(here(locale, '3.12.2026 18:30'), '2026-12-03T18:30:00.000Z', locale);
  }
  assert.equal(here('en', '12/3 18:30'), '2026-12-03T18:30:00.000Z');
  assert.equal(here('fr', '3/12 18:30'), '2026-12-03T18:30:00.000Z');
});
