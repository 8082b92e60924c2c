import * as vscode from 'vscode';
import { resolveDisplayLocale, type DisplayLocaleSources } from '../model/displayLocale.ts';
import type { DisplayLocale } from '../model/times.ts';
import { readSettings } from './settings.ts';

let latest: { readonly sources: string; readonly displayLocale: DisplayLocale } | undefined;

/**
 * How this person reads times, read anew each time because settings change and people travel. The same sources give the
 * same result: `Intl` is asked when one of them changes.
 */
export function readDisplayLocale(): DisplayLocale {
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
