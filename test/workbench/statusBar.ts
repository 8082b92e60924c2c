// The status bar, whose items carry the ids that extensions give them.
import type { Page } from 'playwright-core';
import type { PageElement } from './pageElement.ts';

export interface StatusItem {
  /** Without the icon. */
  readonly text: string;
  /** What a screen reader says. */
  readonly ariaLabel: string;
  /** The codicon, e.g. `clock`; empty without one. */
  readonly icon: string;
  readonly background: 'none' | 'warning' | 'error';
}

const publisherAndName = 'coder-workspaces.coder-workspaces';

export function statusBarOf(page: Page) {
  const itemOf = (id: string) => page.locator(`[id="${publisherAndName}.${id}"]`);
  return {
    async statusItem(id: string): Promise<StatusItem | undefined> {
      const [shown] = await itemOf(id).evaluateAll((elements: PageElement[]): StatusItem[] =>
        elements
          .filter((element) => element.getBoundingClientRect().height > 0)
          .map((element) => {
            const label = element.querySelector('.statusbar-item-label');
            const classes = element.className;
            return {
              text: (label?.textContent ?? '').replace(/\u00a0/g, ' ').trim(),
              ariaLabel: label?.getAttribute('aria-label') ?? element.getAttribute('aria-label') ?? '',
              icon: /codicon-([\w-]+)/.exec(label?.querySelector('.codicon')?.className ?? '')?.[1] ?? '',
              background: classes.includes('warning-kind')
                ? 'warning'
                : classes.includes('error-kind')
                  ? 'error'
                  : 'none',
            };
          }),
      );
      return shown;
    },
    async clickStatusItem(id: string): Promise<void> {
      await itemOf(id).locator('.statusbar-item-label').click();
    },
  };
}
