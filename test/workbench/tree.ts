// The tree in the side bar.
import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import type { PageElement } from './pageElement.ts';

export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly ariaLabel: string;
  /** 1 at the root. */
  readonly level: number;
  readonly expanded: boolean | undefined;
  readonly selected: boolean;
  /** The codicon, e.g. `vm-running`; empty without one. */
  readonly icon: string;
}

export interface Tree {
  /** The rows in sight, from top to bottom. */
  rows(): Promise<TreeRow[]>;
  /** The first row in sight whose label is `label` (or matches), or undefined. */
  row(label: string | RegExp): Promise<TreeRow | undefined>;
  /** The line above the rows. */
  message(): Promise<string>;
  /** What stands there instead of rows. */
  welcome(): Promise<{ text: string; buttons: string[] }>;
  clickWelcomeButton(name: string): Promise<void>;
  /** Buttons in the head of the view. */
  toolbar(): Promise<string[]>;
  clickToolbar(name: string): Promise<void>;
  select(label: string | RegExp): Promise<void>;
  /** The row's expander, by keyboard. */
  expand(label: string | RegExp): Promise<void>;
  collapse(label: string | RegExp): Promise<void>;
  /** Presses a key while the row is selected, e.g. `Enter`. */
  press(label: string | RegExp, key: string): Promise<void>;
  /** The names of the inline buttons of a row. */
  inlineActions(label: string | RegExp): Promise<string[]>;
  clickInlineAction(label: string | RegExp, action: string): Promise<void>;
  /** The items of the context menu in order, without separators; the menu is closed again. */
  contextMenu(label: string | RegExp): Promise<string[]>;
  /** Opens the context menu and chooses. */
  chooseFromContextMenu(label: string | RegExp, item: string): Promise<void>;
  /** The text that appears when the pointer rests on a row. */
  tooltip(label: string | RegExp): Promise<string>;
}

/** The middle of a long label is out of sight, and to go there would scroll it. */
const atItsBeginning = { position: { x: 4, y: 8 } };

export function treeOf(page: Page): Tree {
  const sideBar = page.locator('.part.sidebar');
  const rowsInSight = sideBar.locator('.tree-explorer-viewlet-tree-view .monaco-list-row');

  const rows = (): Promise<TreeRow[]> =>
    rowsInSight.evaluateAll((elements: PageElement[]) => {
      const clean = (text: string | null | undefined) => (text ?? '').replace(/\u00a0/g, ' ').trim();
      return elements
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => ({
          label: clean(row.querySelector('.label-name')?.textContent),
          description: clean(row.querySelector('.label-description')?.textContent),
          ariaLabel: row.getAttribute('aria-label') ?? '',
          level: Number(row.getAttribute('aria-level')),
          expanded: row.hasAttribute('aria-expanded') ? row.getAttribute('aria-expanded') === 'true' : undefined,
          selected: row.getAttribute('aria-selected') === 'true',
          icon:
            /codicon-([\w-]+)/.exec(row.querySelector('.custom-view-tree-node-item-icon')?.className ?? '')?.[1] ?? '',
        }));
    });

  const isIt = (wanted: string | RegExp) => (row: TreeRow) =>
    typeof wanted === 'string' ? row.label === wanted : wanted.test(row.label);

  /** An element of a list is reused for other rows, so it is looked up by its data anew each time. */
  const locate = (wanted: string | RegExp): Promise<Locator> =>
    eventually(`a tree row ${String(wanted)}`, async () => {
      const found = (await rows()).find(isIt(wanted));
      if (!found) return undefined;
      const sameLabel = rowsInSight.filter({ has: page.locator(`.label-name`, { hasText: exactly(found.label) }) });
      return sameLabel.first();
    });

  /** A view that is alone in its container has its buttons in the head of the side bar. */
  const toolbar = sideBar.locator(
    '.composite.title .title-actions .action-label:visible, .pane-header .actions .action-label:visible',
  );

  const select = async (wanted: string | RegExp): Promise<Locator> => {
    const row = await locate(wanted);
    await row.locator('.label-name').click(atItsBeginning);
    return row;
  };

  const menuItems = page.locator('.monaco-menu .action-item:has(> .action-menu-item)');

  const openMenu = async (wanted: string | RegExp): Promise<string[]> => {
    const row = await locate(wanted);
    await row.locator('.label-name').click({ ...atItsBeginning, button: 'right' });
    await menuItems.first().waitFor();
    return menuItems.evaluateAll((items: PageElement[]) =>
      items
        .map((item) => (item.querySelector('.action-label')?.textContent ?? '').trim())
        .filter((name) => name !== ''),
    );
  };

  const namesOf = async (locator: Locator): Promise<string[]> => {
    const names = await locator.evaluateAll((elements: PageElement[]) =>
      elements.map((element) => element.getAttribute('aria-label') ?? ''),
    );
    return names.filter((name) => name !== '');
  };

  return {
    rows,
    async row(wanted) {
      return (await rows()).find(isIt(wanted));
    },
    async message() {
      const message = sideBar.locator('.tree-explorer-viewlet-tree-view .message:not(.hide)');
      return (await message.count()) ? (await message.first().innerText()).trim() : '';
    },
    async welcome() {
      const welcome = sideBar.locator('.welcome-view-content:visible');
      if (!(await welcome.count())) return { text: '', buttons: [] };
      return {
        text: (await welcome.first().innerText()).trim(),
        buttons: await welcome.first().locator('.monaco-button').allInnerTexts(),
      };
    },
    async clickWelcomeButton(name) {
      await sideBar.locator('.welcome-view-content .monaco-button', { hasText: exactly(name) }).click();
    },
    async toolbar() {
      await sideBar.hover();
      return namesOf(toolbar);
    },
    async clickToolbar(name) {
      await sideBar.hover();
      await toolbar
        .and(page.locator(`[aria-label^=${JSON.stringify(name)}]`))
        .first()
        .click();
    },
    async select(wanted) {
      await select(wanted);
    },
    async expand(wanted) {
      if ((await this.row(wanted))?.expanded === true) return;
      await select(wanted);
      // A click on a row may have expanded it already.
      if ((await this.row(wanted))?.expanded !== true) await page.keyboard.press('ArrowRight');
      await eventually(`${String(wanted)} to be expanded`, async () => (await this.row(wanted))?.expanded);
    },
    async collapse(wanted) {
      if ((await this.row(wanted))?.expanded === false) return;
      await select(wanted);
      if ((await this.row(wanted))?.expanded !== false) await page.keyboard.press('ArrowLeft');
      await eventually(`${String(wanted)} to be collapsed`, async () => (await this.row(wanted))?.expanded === false);
    },
    async press(wanted, key) {
      await select(wanted);
      await page.keyboard.press(key);
    },
    async inlineActions(wanted) {
      const row = await locate(wanted);
      await row.hover();
      return namesOf(row.locator('.actions .action-label'));
    },
    async clickInlineAction(wanted, action) {
      const row = await locate(wanted);
      await row.hover();
      await row
        .locator(`.actions .action-label[aria-label^=${JSON.stringify(action)}]`)
        .first()
        .click();
    },
    async contextMenu(wanted) {
      const names = await openMenu(wanted);
      await page.keyboard.press('Escape');
      return names;
    },
    async chooseFromContextMenu(wanted, item) {
      const names = await openMenu(wanted);
      if (!names.includes(item))
        throw new Error(`The menu of ${String(wanted)} has no ${item}, but ${names.join(', ')}`);
      // A menu takes no click in its first moments, but keys.
      const focused = page.locator('.monaco-menu .action-item.focused .action-label').last();
      await eventually(
        `the menu item ${item}`,
        async () => {
          if ((await focused.count()) && (await focused.textContent())?.trim() === item) return true;
          await page.keyboard.press('ArrowDown');
          return false;
        },
        { intervalMs: 30 },
      );
      await page.keyboard.press('Enter');
    },
    async tooltip(wanted) {
      const row = await locate(wanted);
      await page.mouse.move(0, 0);
      await row.locator('.label-name').hover(atItsBeginning);
      const hover = page.locator('.workbench-hover-container .monaco-hover:visible, .workbench-hover:visible').first();
      await hover.waitFor();
      return (await hover.innerText()).trim();
    },
  };
}

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')}\\s*$`);
}
