// A real VS Code in a real browser, as a person sees it: the extension is installed, toasts and dialogs show.
//
//   const workbench = await openWorkbench({ vsix, env: { CODER_URL: url, CODER_SESSION_TOKEN: token } });
//   await workbench.openSideBar();
//   await workbench.command('Coder Workspaces: Create Workspace');
//   await workbench.quickInput.pick('dev');
//   await workbench.close();
//
// What is read is a snapshot of now; wait for it with `eventually('a row for api', () => …)`. What acts (`command`,
// `pick`, `accept`, `press…`) waits by itself for what it acts on. Nothing here knows Coder, except where the view is.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { resultsDir } from '../../scripts/lib/paths.mjs';
import { openPage, type Viewport } from './browser.ts';
import { startCodeServer, type CodeServer, type CodeServerOptions } from './codeServer.ts';
import { eventually } from './eventually.ts';
import { notificationsOf, type Notifications } from './notifications.ts';
import { outputOf, type Output } from './output.ts';
import { paletteOf } from './palette.ts';
import { quickInputOf, type QuickInput } from './quickInput.ts';
import { keybindings } from './shortcuts.ts';
import { statusBarOf, type StatusItem } from './statusBar.ts';
import { treeOf, type Tree } from './tree.ts';

/** `id` is the word in settings.json, `label` the one in the list, `className` the window's. */
const themes = {
  dark: { id: 'Dark Modern', label: 'Dark Modern', className: 'vs-dark' },
  light: { id: 'Light Modern', label: 'Light Modern', className: 'vs' },
  highContrast: { id: 'Default High Contrast', label: 'Dark High Contrast', className: 'hc-black' },
} as const;
export type Theme = keyof typeof themes;

export interface WorkbenchOptions extends Omit<CodeServerOptions, 'vsixes' | 'smokeTestDriver'> {
  /** The extension under test, where `extensionsFrom` doesn't have it. */
  readonly vsix?: string | undefined;
  /** Installed besides. */
  readonly otherVsixes?: readonly string[];
  readonly theme?: Theme;
  readonly viewport?: Viewport;
  /** The folder that is open, an absolute path; none by default. */
  readonly folder?: string;
}

export interface Workbench {
  readonly page: Page;
  readonly server: CodeServer;
  /** Runs a command from the palette by the whole title, e.g. `Coder Workspaces: Sign In`. */
  command(title: string): Promise<void>;
  /** Opens the view container in the side bar, if it is not open. */
  openSideBar(): Promise<void>;
  /** The number on the activity bar's icon, and what a screen reader says of it. */
  activityBadge(): Promise<{ label: string; count: string | undefined }>;
  readonly tree: Tree;
  /** `id` as the extension gives it, e.g. `coderWorkspaces.deadline`; undefined while hidden. */
  statusItem(id: string): Promise<StatusItem | undefined>;
  clickStatusItem(id: string): Promise<void>;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly output: Output;
  setTheme(theme: Theme): Promise<void>;
  /** Loads the page again, as *Developer: Reload Window* does; the extension starts anew. */
  reload(): Promise<void>;
  /** Saves `test-results/screenshots/<name>.png` and returns its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const {
    vsix,
    otherVsixes = [],
    theme = 'dark',
    viewport = { width: 1280, height: 800 },
    folder,
    settings,
    ...rest
  } = options;
  const server = await startCodeServer({
    ...rest,
    vsixes: [...(vsix === undefined ? [] : [vsix]), ...otherVsixes],
    settings: { 'workbench.colorTheme': themes[theme].id, ...settings },
    keybindings,
  });
  try {
    const { page, browser } = await openPage(viewport);
    await page.goto(
      folder === undefined ? `${server.url}/?ew=true` : `${server.url}/?folder=${encodeURIComponent(folder)}`,
    );
    await isUsable(page);
    const palette = paletteOf(page);
    const quickInput = quickInputOf(page);
    return {
      page,
      server,
      ...palette,
      ...activityBarOf(page),
      ...statusBarOf(page),
      tree: treeOf(page),
      quickInput,
      notifications: notificationsOf(page),
      output: outputOf(page),
      async setTheme(next) {
        await palette.command('Preferences: Color Theme');
        await quickInput.type(themes[next].label);
        await quickInput.pick(themes[next].label);
        await page.locator(`.monaco-workbench.${themes[next].className}`).waitFor();
      },
      async reload() {
        await page.reload();
        await isUsable(page);
      },
      async screenshot(name) {
        const file = path.join(resultsDir, 'screenshots', `${name}.png`);
        await mkdir(path.dirname(file), { recursive: true });
        await page.screenshot({ path: file });
        return file;
      },
      async close() {
        await browser.close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Several start at once, each for 11 seconds of a processor; on a busy machine that takes minutes. */
const startsWithin = { timeout: 150_000 };

async function isUsable(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.statusbar').waitFor(startsWithin);
  // The server's extensions are known to the page once their container is in the activity bar.
  await activityIcon(page).waitFor(startsWithin);
}

function activityIcon(page: Page) {
  return page.locator('.activitybar .action-item:has([aria-label^="Coder Workspaces"])').first();
}

function activityBarOf(page: Page): Pick<Workbench, 'openSideBar' | 'activityBadge'> {
  return {
    async openSideBar() {
      await eventually(
        'the side bar of Coder Workspaces',
        async () => {
          const icon = activityIcon(page);
          // A click on the icon of the open container would close it.
          if ((await icon.getAttribute('class'))?.split(' ').includes('checked')) return true;
          await icon.click();
          return false;
        },
        { intervalMs: 500 },
      );
    },
    async activityBadge() {
      const icon = activityIcon(page);
      const badge = icon.locator('.badge-content');
      return {
        label: (await icon.locator('[aria-label]').first().getAttribute('aria-label')) ?? '',
        count: (await badge.count()) > 0 ? ((await badge.first().textContent()) ?? undefined) : undefined,
      };
    },
  };
}
