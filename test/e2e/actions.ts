// User actions at the keyboard, in terms of this extension.
import type { Page } from 'playwright-core';
import { eventually, type Patience } from '../workbench/eventually.ts';
import type { PageElement, PageGlobals } from '../workbench/pageElement.ts';
import { shortcut } from '../workbench/shortcuts.ts';
import type { TreeRow } from '../workbench/tree.ts';
import type { Workbench } from '../workbench/workbench.ts';

/** The title of a command in the palette. */
export const command = (verb: string): string => `Coder Workspaces: ${verb}`;

/** VS Code's own command for the view; the palette has it under the container's name. */
export const focusOnView = 'Focus on Coder Workspaces View';

/** Signs in to the deployment at `url`: the address is typed, the token taken from the page that opens. */
export async function signIn(workbench: Workbench, url: string): Promise<void> {
  await workbench.command(command('Sign In'));
  await enterAddress(workbench, url);
  const token = await tokenOfThePage(workbench, () => workbench.quickInput.accept());
  await enterToken(workbench, token);
  await workbench.quickInput.waitUntilClosed();
}

/** Types an address into the box of *Sign In*; it is not sent off yet. */
export async function enterAddress(workbench: Workbench, url: string): Promise<void> {
  const { quickInput } = workbench;
  await quickInput.waitFor(/Sign In: Deployment/);
  if ((await quickInput.placeholder()) === 'Select a deployment') {
    await quickInput.pick('Another address…');
    await quickInput.waitFor(/coder\.example\.com/);
  }
  await quickInput.type(url);
}

export async function enterToken(workbench: Workbench, token: string): Promise<void> {
  await workbench.quickInput.waitFor(/Sign In: Token/);
  await workbench.quickInput.type(token);
  await workbench.quickInput.accept();
}

/** Does what opens Coder's page with the token, in a tab of its own, and reads the token there. */
export async function tokenOfThePage(workbench: Workbench, open: () => Promise<void>): Promise<string> {
  const tab = await tabOpenedBy(workbench, open);
  const token = await tab.locator('#token').textContent();
  await tab.close();
  return token ?? '';
}

/** The browser's tab that `open` leads to, loaded. */
export async function tabOpenedBy(workbench: Workbench, open: () => Promise<void>): Promise<Page> {
  const [tab] = await Promise.all([workbench.page.context().waitForEvent('page'), open()]);
  await tab.waitForLoadState();
  return tab;
}

export async function signOut(workbench: Workbench): Promise<void> {
  await workbench.command(command('Sign Out'));
  await eventually('the welcome', async () => (await workbench.tree.welcome()).buttons.includes('Sign In'));
}

/** Waits for the row `label` whose description matches. */
export async function rowThatReads(
  workbench: Workbench,
  label: string,
  description: RegExp,
  patience?: Patience,
): Promise<TreeRow> {
  let seen: string | undefined;
  return eventually(
    `${label} to read ${String(description)}`,
    async () => {
      const row = await workbench.tree.row(label);
      seen = row?.description;
      return row !== undefined && description.test(row.description) ? row : undefined;
    },
    patience,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; it reads: ${seen ?? 'nothing, for there is no such row'}`, { cause: error });
  });
}

/** Goes to a row by the arrow keys. */
export async function goToRow(workbench: Workbench, label: string): Promise<void> {
  const { page } = workbench;
  const focusedList = page.locator('.part.sidebar .tree-explorer-viewlet-tree-view .monaco-list:focus-within');
  /** Undefined while the rows don't have the focus. */
  const whereItIs = async () => {
    const [place] = await focusedList.evaluateAll((lists: PageElement[]) =>
      lists.map((list) => {
        const row = list.querySelector('.monaco-list-row.focused');
        return {
          index: row?.getAttribute('data-index') ?? '',
          name: row?.querySelector('.label-name')?.textContent ?? '',
        };
      }),
    );
    return place;
  };
  await page.keyboard.press('Escape');
  let last: string | undefined;
  let waited = Infinity;
  let stuck = 0;
  await eventually(
    `the row ${label} under the arrow keys`,
    async () => {
      const place = await whereItIs();
      if (place?.name === label) return true;
      // A key takes a moment to be drawn, or is lost; what closes late may take the focus again.
      if (place?.index === last && ++waited < 15) return false;
      if (place === undefined) await page.keyboard.press(shortcut('focusView'));
      else {
        // If nothing moves, these were all rows: once more from the first.
        const isStuckAgain = place.index === last && ++stuck % 2 === 0;
        await page.keyboard.press(last === undefined || isStuckAgain ? 'Home' : 'ArrowDown');
      }
      last = place?.index;
      waited = 0;
      return false;
    },
    { intervalMs: 30 },
  );
}

/** Presses a key on a row, without the pointer. */
export async function pressOnRow(workbench: Workbench, label: string, key: string): Promise<void> {
  await goToRow(workbench, label);
  await workbench.page.keyboard.press(key);
}

/** Opens a row's menu by its key and chooses by the arrow keys. */
export async function chooseOnRow(workbench: Workbench, label: string, item: string): Promise<void> {
  const { page } = workbench;
  const menu = page.locator('.monaco-menu .action-item');
  const focused = page.locator('.monaco-menu .action-item.focused .action-label');
  await pressOnRow(workbench, label, 'Shift+F10');
  await menu.first().waitFor();
  await eventually(
    `${item} in the menu of ${label}`,
    async () => {
      if ((await focused.allTextContents()).at(-1)?.trim() === item) return true;
      await page.keyboard.press('ArrowDown');
      return false;
    },
    { intervalMs: 50 },
  );
  await page.keyboard.press('Enter');
  await menu.first().waitFor({ state: 'hidden' });
}

/** Answers a modal question by its first button, which has the focus. */
export async function confirm(workbench: Workbench, question: RegExp, button: string): Promise<void> {
  const dialog = await workbench.notifications.waitForDialog(question);
  if (!dialog.buttons.includes(button))
    throw new Error(`The dialog has no ${button}, but ${dialog.buttons.join(', ')}`);
  const focused = workbench.page.locator('.monaco-dialog-box .monaco-button:focus');
  await eventually(`the focus on ${button}`, async () => {
    if ((await focused.allTextContents()).at(-1)?.trim() === button) return true;
    await workbench.page.keyboard.press('Tab');
    return false;
  });
  await workbench.page.keyboard.press('Enter');
}

/** Waits until the Output panel shows `channel` and its text satisfies `isEnough`; gives the text. */
export async function logThat(
  workbench: Workbench,
  channel: string | RegExp,
  isEnough: (text: string) => boolean,
  patience?: Patience,
): Promise<string> {
  const isIt = (open: string) => (typeof channel === 'string' ? open === channel : channel.test(open));
  await eventually(`the channel ${String(channel)}`, async () => {
    const open = await workbench.output.openChannel();
    return open !== undefined && isIt(open);
  });
  return eventually(
    `enough in ${String(channel)}`,
    async () => {
      const text = await workbench.output.readOpen();
      return text !== undefined && isEnough(text) ? text : undefined;
    },
    { intervalMs: 400, ...patience },
  );
}

/** The name of the tab in front, the number of the line in which the cursor is, counted from 1. */
export async function openEditor({ page }: Workbench): Promise<{ readonly tab: string; readonly line: number }> {
  const tab = page.locator('.part.editor .tab.active').first();
  const [name = ''] = await tab.evaluateAll((tabs: PageElement[]) =>
    tabs.map((one) => one.getAttribute('data-resource-name') ?? ''),
  );
  const [position = ''] = await page.locator('[id="status.editor.selection"]').allTextContents();
  return { tab: name, line: Number(/Ln (\d+)/.exec(position)?.[1] ?? 0) };
}

/** Waits until the editor with that tab is in front; gives all of its text, by copying it. */
export async function documentNamed(workbench: Workbench, tab: string): Promise<string> {
  const { page } = workbench;
  await eventually(`the document ${tab}`, async () => (await openEditor(workbench)).tab === tab);
  return eventually(`the text of ${tab}`, async () => {
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('ControlOrMeta+C');
    const text = await page.evaluate(() => (globalThis as unknown as PageGlobals).navigator.clipboard.readText());
    return text.endsWith('\n') ? text : undefined;
  });
}
