// A window as it is before the first scene: nothing asks, no toast, no editor, no panel.
import type { Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import { shortcut, type Shortcut } from './shortcuts.ts';
import type { Workbench } from './workbench.ts';

/** Closes what scenes have left open, also those that failed. */
export async function tidy(workbench: Workbench): Promise<void> {
  const { notifications, page, quickInput } = workbench;
  await eventually('nothing to wait for an answer', async () => {
    const dialog = await notifications.dialog();
    const away = dialog?.buttons.find((button) => /^(Discard|Discard Changes|Don't Save)$/.test(button));
    if (away !== undefined) await notifications.pressInDialog(away);
    else if (dialog !== undefined || (await quickInput.isOpen())) await page.keyboard.press('Escape');
    else return true;
    return false;
  });
  await notifications.dismissAll();
  await untilGone(page, '.part.editor .tab', 'closeEditors');
  await untilGone(page, '.part.panel:visible', 'closePanel');
}

/** A key may be lost: it is pressed until what it closes is gone. */
async function untilGone(page: Page, selector: string, key: Shortcut): Promise<void> {
  const isThere = async () => (await page.locator(selector).count()) > 0;
  await eventually(
    `${key} to close ${selector}`,
    async () => {
      if (!(await isThere())) return true;
      await page.keyboard.press(shortcut(key));
      return !(await isThere());
    },
    { intervalMs: 500 },
  );
}
