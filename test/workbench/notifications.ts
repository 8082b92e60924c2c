// Toasts, progress in the notification area, and modal dialogs.
import type { Locator, Page } from 'playwright-core';
import { eventually, type Patience } from './eventually.ts';
import type { PageElement } from './pageElement.ts';

export interface Notification {
  readonly message: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly buttons: string[];
  /** Links in the message. */
  readonly links: string[];
  readonly inProgress: boolean;
}

export interface Dialog {
  readonly message: string;
  readonly detail: string;
  readonly buttons: string[];
}

export interface Notifications {
  /** Those in sight, newest first. */
  toasts(): Promise<Notification[]>;
  /** Waits for a toast whose message matches. */
  waitFor(message: RegExp, patience?: Patience): Promise<Notification>;
  /** Presses a button of the toast whose message matches. */
  press(message: RegExp, button: string): Promise<void>;
  dismissAll(): Promise<void>;
  /** The modal dialog, or undefined. */
  dialog(): Promise<Dialog | undefined>;
  waitForDialog(message: RegExp, patience?: Patience): Promise<Dialog>;
  pressInDialog(button: string): Promise<void>;
}

export function notificationsOf(page: Page): Notifications {
  const items = page.locator(
    ':is(.notifications-toasts, .notifications-center) .monaco-list-row:has(> .notification-list-item):visible',
  );
  const dialogs = page.locator('.monaco-dialog-box:visible');

  const toasts = (): Promise<Notification[]> =>
    items.evaluateAll((elements: PageElement[]) =>
      elements.map((item) => {
        const icon = item.querySelector('.notification-list-item-icon')?.className ?? '';
        const message = item.querySelector('.notification-list-item-message');
        const textsOf = (selector: string) =>
          [...item.querySelectorAll(selector)].map((found) => (found.textContent ?? '').trim());
        const progress = item.querySelector('.monaco-progress-container');
        return {
          message: (message?.textContent ?? '').trim(),
          severity: icon.includes('codicon-error') ? 'error' : icon.includes('codicon-warning') ? 'warning' : 'info',
          buttons: textsOf('.notification-list-item-buttons-container .monaco-button:not(.monaco-dropdown-button)'),
          links: textsOf('.notification-list-item-message a'),
          inProgress: progress?.classList.contains('active') ?? false,
        };
      }),
    );

  const toast = async (message: RegExp): Promise<Locator> => {
    await waitFor(message);
    return items.filter({ has: page.locator('.notification-list-item-message', { hasText: message }) }).first();
  };

  const waitFor = async (message: RegExp, patience?: Patience): Promise<Notification> => {
    let seen: Notification[] = [];
    return eventually(
      `a notification ${String(message)}`,
      async () => {
        seen = await toasts();
        return seen.find((one) => message.test(one.message));
      },
      patience,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; seen: ${JSON.stringify(seen.map((one) => one.message))}`, { cause: error });
    });
  };

  const dialog = async (): Promise<Dialog | undefined> => {
    if (!(await dialogs.count())) return undefined;
    return dialogs.first().evaluate((box: PageElement) => {
      const textOf = (selector: string) => (box.querySelector(selector)?.textContent ?? '').trim();
      return {
        message: textOf('.dialog-message-text'),
        detail: textOf('.dialog-message-detail'),
        buttons: [...box.querySelectorAll('.dialog-buttons .monaco-button')].map((one) =>
          (one.textContent ?? '').trim(),
        ),
      };
    });
  };

  return {
    toasts,
    waitFor,
    dialog,
    async press(message, button) {
      // A press closes the notification. One above it that goes meanwhile moves the button away from the mouse.
      await eventually(`“${button}” to be pressed`, async () => {
        const shown = await (
          await toast(message)
        )
          .locator('.monaco-button', { hasText: button })
          .first()
          .elementHandle();
        await shown.click({ timeout: 5_000 });
        await shown.waitForElementState('hidden', { timeout: 5_000 });
        return true;
      });
    },
    async dismissAll() {
      await eventually('all toasts to close', async () => {
        const first = items.first();
        if (!(await first.count())) return true;
        await first.hover({ timeout: 1_000 });
        await first.locator('.codicon-notifications-clear').click({ timeout: 1_000 });
        return false;
      });
    },
    async waitForDialog(message, patience) {
      let seen: Dialog | undefined;
      return eventually(
        `a dialog ${String(message)}`,
        async () => {
          seen = await dialog();
          return seen !== undefined && message.test(seen.message) ? seen : undefined;
        },
        patience,
      ).catch(async (error: unknown) => {
        const told = (await toasts()).map((one) => one.message);
        const others = JSON.stringify({ dialog: seen?.message, notifications: told });
        throw new Error(`${String(error)}; seen: ${others}`, { cause: error });
      });
    },
    async pressInDialog(button) {
      await dialogs.locator('.dialog-buttons .monaco-button', { hasText: button }).first().click();
    },
  };
}
