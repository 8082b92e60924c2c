// Quick picks and input boxes: the widget at the top of the window.
import type { Page } from 'playwright-core';
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
  /** Goes by arrow keys to the row with that label, presses Enter, and waits until the widget closes or reads otherwise. */
  pick(label: string | RegExp, patience?: Patience): Promise<void>;
  /** Goes to the row with that label, and ticks it. */
  tick(label: string): Promise<void>;
  /** Enter. Where it is refused, nothing may change: what comes next is for the caller to wait for. */
  accept(): Promise<void>;
  cancel(): Promise<void>;
}

/** What the widget shows at one moment. */
interface Shown {
  readonly title: string;
  readonly placeholder: string;
  readonly value: string;
  readonly message: string;
  readonly isPassword: boolean;
  readonly rows: QuickInputRow[];
}

export function quickInputOf(page: Page): QuickInput {
  const widget = page.locator('.quick-input-widget:visible');
  const box = widget.locator('.quick-input-box input');

  /** Undefined while no widget is open. */
  const shown = async (): Promise<Shown | undefined> => {
    const [open] = await widget.evaluateAll((elements: PageElement[]) =>
      elements.map((element) => {
        // A row's elements are used again for other rows, and hidden with their old text where these have none.
        const textOf = (found: PageElement | null) =>
          found && found.getBoundingClientRect().height > 0
            ? (found.textContent ?? '').replace(/\u00a0/g, ' ').trim()
            : '';
        const input = element.querySelector('.quick-input-box input');
        return {
          title: textOf(element.querySelector('.quick-input-title')),
          placeholder: input?.getAttribute('placeholder') ?? '',
          value: input?.value ?? '',
          message: textOf(element.querySelector('.quick-input-message')),
          isPassword: input?.getAttribute('type') === 'password',
          rows: [...element.querySelectorAll('.quick-input-list .monaco-list-row')]
            .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
            .filter((row) => row.querySelector('.label-name') !== null)
            .map((row) => {
              const checkbox = row.querySelector('[role=checkbox]');
              return {
                label: textOf(row.querySelector('.quick-input-list-row .label-name')),
                description: textOf(row.querySelector('.quick-input-list-row .label-description')),
                detail: textOf(row.querySelector('.quick-input-list-label-meta')),
                focused: row.classList.contains('focused'),
                checked: checkbox ? checkbox.getAttribute('aria-checked') === 'true' : undefined,
              };
            }),
        };
      }),
    );
    return open;
  };

  /** Presses Enter and waits for an answer: the widget closes, or reads otherwise. What is typed next is meant for that. */
  const enter = async (): Promise<void> => {
    const before = JSON.stringify(await shown());
    await box.press('Enter');
    await eventually('an answer to Enter', async () => JSON.stringify(await shown()) !== before, { intervalMs: 30 });
  };

  const goTo = async (label: string | RegExp, patience?: Patience): Promise<void> => {
    const isIt = (row: QuickInputRow) => (typeof label === 'string' ? row.label === label : label.test(row.label));
    let seen: string[] = [];
    let polls = 0;
    try {
      await eventually(
        `a row ${String(label)}`,
        async () => {
          const all = (await shown())?.rows ?? [];
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
    isOpen: async () => (await widget.count()) > 0,
    title: async () => (await shown())?.title ?? '',
    placeholder: async () => (await shown())?.placeholder ?? '',
    value: async () => (await shown())?.value ?? '',
    message: async () => (await shown())?.message ?? '',
    isPassword: async () => (await shown())?.isPassword ?? false,
    rows: async () => (await shown())?.rows ?? [],
    async waitFor(what, patience) {
      await eventually(
        `a quick input ${String(what)}`,
        async () => {
          const now = await shown();
          return now !== undefined && [now.title, now.placeholder, now.message].some((text) => what.test(text));
        },
        patience,
      );
    },
    async waitUntilClosed(patience) {
      await eventually('the quick input to close', async () => (await widget.count()) === 0, patience);
    },
    async type(text) {
      await box.fill(text);
    },
    async pick(label, patience) {
      await goTo(label, patience);
      await enter();
    },
    async tick(label) {
      await goTo(label);
      // An arrow key hands the focus to the rows, where the space bar ticks.
      if (await widget.locator('.quick-input-box input:focus').count()) {
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowUp');
      }
      await page.keyboard.press('Space');
      await eventually(
        `${label} to be ticked`,
        async () => (await shown())?.rows.find((row) => row.label === label)?.checked,
      );
    },
    accept: () => box.press('Enter'),
    async cancel() {
      await page.keyboard.press('Escape');
    },
  };
}
