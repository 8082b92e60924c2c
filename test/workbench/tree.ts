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
  /** The names of the inline buttons of a row. */
  inlineActions(label: string | RegExp): Promise<string[]>;
  clickInlineAction(label: string | RegExp, action: string): Promise<void>;
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
      // Doesn't wait for a message that is hidden meanwhile.
      return (await message.allInnerTexts())[0]?.trim() ?? '';
    },
    async welcome() {
      // At one moment: a welcome may give way to another one at any time.
      const [shown] = await sideBar.locator('.welcome-view-content:visible').evaluateAll((elements: PageElement[]) =>
        elements.map((element) => ({
          text: element.innerText.trim(),
          buttons: [...element.querySelectorAll('.monaco-button')].map((button) => button.innerText.trim()),
        })),
      );
      return shown ?? { text: '', buttons: [] };
    },
    async clickWelcomeButton(name) {
      await sideBar.locator('.welcome-view-content .monaco-button', { hasText: exactly(name) }).click();
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
    async tooltip(wanted) {
      const row = await locate(wanted);
      await page.mouse.move(0, 0);
      await row.locator('.label-name').hover(atItsBeginning);
      const hover = page.locator('.workbench-hover-container .monaco-hover:visible, .workbench-hover:visible').first();
      return eventually(`the tooltip of ${String(wanted)}`, async () => {
        const text = (await hover.allInnerTexts())[0]?.trim();
        // What stands there until the extension has answered.
        return text === '' || text === 'Loading...' ? undefined : text;
      });
    },
  };
}

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')}\\s*$`);
}
