import * as vscode from 'vscode';
import { resolveDisplayLocale, type DisplayLocaleSources } from '../model/displayLocale.ts';
import type { DisplayLocale } from '../model/times.ts';
import { readSettings } from './settings.ts';

/**
 * How this person reads times, read anew each time because settings change and people travel; but only once it is
 * wanted: the first use of `Intl` takes ten milliseconds, which activation has not.
 */
export function readDisplayLocale(): DisplayLocale {
  let read: DisplayLocale | undefined;
  const resolved = (): DisplayLocale => (read ??= resolve());
  return {
    get locale() {
      return resolved().locale;
    },
    get typedLocale() {
      return resolved().typedLocale;
    },
    get timeZone() {
      return resolved().timeZone;
    },
    get hourCycle() {
      return resolved().hourCycle;
    },
    get showsZone() {
      return resolved().showsZone;
    },
  };
}

let latest: { readonly sources: string; readonly displayLocale: DisplayLocale } | undefined;

/** The same sources give the same result: `Intl` is asked when one of them changes. */
function resolve(): DisplayLocale {
  const found = gather();
  const sources = JSON.stringify(found);
  if (latest?.sources !== sources) latest = { sources, displayLocale: resolveDisplayLocale(found) };
  return latest.displayLocale;
}

function gather(): DisplayLocaleSources {
  const { timeFormat, timeZone } = readSettings();
  const { LC_ALL, LC_TIME, LANG } = process.env;
  return {
    timeFormat,
    timeZone,
    language: vscode.env.language,
    isTranslated: vscode.l10n.bundle !== undefined,
    host: hostKind(),
    hostTimeZone: hostTimeZone(),
    environment: { LC_ALL, LC_TIME, LANG },
  };
}

/** Where this extension runs: a browser's host is a server, a remote window has two hosts. */
export function hostKind(): 'local' | 'remote' | 'web' {
  if (vscode.env.uiKind === vscode.UIKind.Web) return 'web';
  const kind = vscode.extensions.getExtension(EXTENSION_ID)?.extensionKind;
  return vscode.env.remoteName !== undefined && kind === vscode.ExtensionKind.Workspace ? 'remote' : 'local';
}

const EXTENSION_ID = 'coder-workspaces.coder-workspaces';

/** Nobody changes zones within a minute, and asking takes a third of a millisecond. */
const ZONE_HOLDS_MS = 60_000;
let zone: { readonly name: string | undefined; readonly readAtMs: number } | undefined;

function hostTimeZone(): string | undefined {
  const nowMs = performance.now();
  if (zone === undefined || nowMs - zone.readAtMs > ZONE_HOLDS_MS) {
    zone = { name: Intl.DateTimeFormat().resolvedOptions().timeZone, readAtMs: nowMs };
  }
  return zone.name;
}
