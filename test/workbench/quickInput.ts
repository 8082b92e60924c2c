// Quick picks and input boxes: the widget at the top of the window.
import type { Locator, Page } from 'playwright-core';
import { eventually, type Patience } from './eventually.ts';
import type { PageElement } from './pageElement.ts';

export interface QuickInputRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly focused: boolean;
  readonly checked: boolean | undefined;
}

export interface QuickInput {
  isOpen(): Promise<boolean>;
  /** With the step, e.g. `Create Workspace (2/4)`. */
  title(): Promise<string>;
  placeholder(): Promise<string>;
  value(): Promise<string>;
  /** The line below the box: a prompt, or the refusal of what was typed. */
  message(): Promise<string>;
  isPassword(): Promise<boolean>;
  /** The rows in sight, separators left out. */
  rows(): Promise<QuickInputRow[]>;
  /** Waits until a widget is open whose title, placeholder or message matches. */
  waitFor(what: RegExp, patience?: Patience): Promise<void>;
  waitUntilClosed(patience?: Patience): Promise<void>;
  /** Replaces what stands in the box. */
  type(text: string): Promise<void>;
  /** Goes by arrow keys to the row with that label, and presses Enter. */
  pick(label: string | RegExp, patience?: Patience): Promise<void>;
  /** Goes to the row with that label, and ticks it. */
  tick(label: string): Promise<void>;
  /** Enter. */
  accept(): Promise<void>;
  cancel(): Promise<void>;
}

export function quickInputOf(page: Page): QuickInput {
  const widget = page.locator('.quick-input-widget:visible');
  const box = widget.locator('.quick-input-box input');
  const textOf = async (locator: Locator) =>
    (await locator.count()) ? ((await locator.first().innerText()) || '').trim() : '';

  const rows = async (): Promise<QuickInputRow[]> => {
    if (!(await widget.count())) return [];
    return widget.evaluate((element: PageElement) => {
      // A row's elements are used again for other rows, and hidden with their old text where these have none.
      const shown = (found: PageElement | null) =>
        found && found.getBoundingClientRect().height > 0
          ? (found.textContent ?? '').replace(/\u00a0/g, ' ').trim()
          : '';
      return [...element.querySelectorAll('.quick-input-list .monaco-list-row')]
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .filter((row) => row.querySelector('.label-name') !== null)
        .map((row) => {
          const checkbox = row.querySelector('[role=checkbox]');
          return {
            label: shown(row.querySelector('.quick-input-list-row .label-name')),
            description: shown(row.querySelector('.quick-input-list-row .label-description')),
            detail: shown(row.querySelector('.quick-input-list-label-meta')),
            focused: row.classList.contains('focused'),
            checked: checkbox ? checkbox.getAttribute('aria-checked') === 'true' : undefined,
          };
        });
    });
  };

  const goTo = async (label: string | RegExp, patience?: Patience): Promise<void> => {
    const isIt = (row: QuickInputRow) => (typeof label === 'string' ? row.label === label : label.test(row.label));
    let seen: string[] = [];
    let polls = 0;
    try {
      await eventually(
        `a row ${String(label)}`,
        async () => {
          const all = await rows();
          seen = all.map((row) => row.label);
          const target = all.findIndex(isIt);
          if (target < 0) {
            // Perhaps it is about to come, perhaps it is out of sight; round and round finds it in either case.
            polls += 1;
            if (all.length > 0 && polls % 10 === 0) await box.press(all.at(-1)?.focused ? 'ArrowDown' : 'PageDown');
            return false;
          }
          const focused = all.findIndex((row) => row.focused);
          if (focused === target) return true;
          await box.press(focused < target ? 'ArrowDown' : 'ArrowUp');
          return false;
        },
        { intervalMs: 30, ...patience },
      );
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}; its rows: ${JSON.stringify(seen)}`, {
        cause: error,
      });
    }
  };

  return {
    rows,
    async isOpen() {
      return (await widget.count()) > 0;
    },
    title: () => textOf(widget.locator('.quick-input-title')),
    async placeholder() {
      return (await box.getAttribute('placeholder')) ?? '';
    },
    value: () => box.inputValue(),
    message: () => textOf(widget.locator('.quick-input-message')),
    async isPassword() {
      return (await box.getAttribute('type')) === 'password';
    },
    async waitFor(what, patience) {
      await eventually(
        `a quick input ${String(what)}`,
        async () => {
          if (!(await widget.count())) return false;
          const said = [await this.title(), await this.placeholder(), await this.message()];
          return said.some((text) => what.test(text));
        },
        patience,
      );
    },
    async waitUntilClosed(patience) {
      await eventually('the quick input to close', async () => !(await widget.count()), patience);
    },
    async type(text) {
      await box.fill(text);
    },
    async pick(label, patience) {
      await goTo(label, patience);
      await box.press('Enter');
    },
    async tick(label) {
      await goTo(label);
      // An arrow key hands the focus to the rows, where the space bar ticks.
      if (await widget.locator('.quick-input-box input:focus').count()) {
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowUp');
      }
      await page.keyboard.press('Space');
      await eventually(`${label} to be ticked`, async () => (await rows()).find((row) => row.label === label)?.checked);
    },
    async accept() {
      await box.press('Enter');
    },
    async cancel() {
      await page.keyboard.press('Escape');
    },
  };
}
