import type { DisplayLocale } from './times.ts';

/** Unvalidated inputs for locale, hour format, and time zone. */
export interface DisplayLocaleSources {
  /** Setting `timeFormat`. */
  readonly timeFormat: 'auto' | '12h' | '24h';
  /** Setting `timeZone`: `auto` or an IANA name. */
  readonly timeZone: string;
  /** VS Code's language, such as `en` or `pt-br`. */
  readonly language: string;
  /** The sentences are in VS Code's language; otherwise they are English. */
  readonly isTranslated: boolean;
  /** Where the extension host runs. `local`: on the user's own computer. */
  readonly host: 'local' | 'remote' | 'web';
  /** What `Intl` calls the zone of the host. */
  readonly hostTimeZone: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Resolves locale, hour format, and time zone: from the settings, else from the system if the extension runs on the user's
 * computer, else from VS Code's language. Values that `Intl` rejects are skipped; the last resorts are UTC and English. A
 * time zone that may not be the user's is shown with each time.
 */
export const resolveDisplayLocale = (sources: DisplayLocaleSources): DisplayLocale => {
  const { timeFormat, language, isTranslated, host, hostTimeZone, environment } = sources;
  const typedLocale = validLocale(language) ?? 'en';
  const cycles = { '12h': 'h12', '24h': 'h23' } as const;
  const chosenZone = validZone(sources.timeZone);
  const ofHost = validZone(hostTimeZone);
  return {
    locale: isTranslated ? typedLocale : 'en',
    typedLocale,
    timeZone: chosenZone ?? ofHost ?? 'UTC',
    hourCycle:
      timeFormat === 'auto'
        ? usualCycle((host === 'local' ? systemLocale(environment) : undefined) ?? typedLocale)
        : cycles[timeFormat],
    showsZone: chosenZone === undefined && (host !== 'local' || ofHost === undefined),
  };
};

/** The locale in which the system writes times, by POSIX's order: the first that is set decides. */
const systemLocale = (environment: DisplayLocaleSources['environment']): string | undefined => {
  const set = [environment.LC_ALL, environment.LC_TIME, environment.LANG].find((value) => (value ?? '') !== '') ?? '';
  // `de_DE.UTF-8@euro`; `C` and `POSIX` name no locale.
  const name = set.replace(/[.@].*$/, '').replaceAll('_', '-');
  return /^(?:c|posix)$/i.test(name) ? undefined : validLocale(name);
};

const usualCycle = (locale: string): DisplayLocale['hourCycle'] => {
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
  return hourCycle === 'h11' || hourCycle === 'h12' ? 'h12' : 'h23';
};

/** The canonical locale, if `Intl` supports its language; for others `Intl` would silently use the host's. */
const validLocale = (name: string): string | undefined =>
  orNothing(() => Intl.DateTimeFormat.supportedLocalesOf(name)[0]);

/** The zone if `Intl` accepts it; `undefined` for `auto`, too. */
export const validZone = (name: string | undefined): string | undefined =>
  name === undefined
    ? undefined
    : orNothing(
        () => new Intl.DateTimeFormat('en', { timeZone: name.trim() }).resolvedOptions().timeZone && name.trim(),
      );

const orNothing = (read: () => string | undefined): string | undefined => {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
