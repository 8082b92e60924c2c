// A window as it is before the first scene: nothing asks, no toast, no editor, no panel.
import { eventually } from './eventually.ts';
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
  await workbench.command('View: Close All Editors');
  if (await page.locator('.part.panel').isVisible()) await workbench.command('View: Hide Panel');
}
