// Output channels. The panel draws only the lines in sight, so all of a channel's text is taken by copying it.
import type { Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import type { PageGlobals } from './pageElement.ts';
import { paletteOf } from './palette.ts';
import { quickInputOf } from './quickInput.ts';

export interface Output {
  /** Opens the panel on that channel and returns everything in it. */
  read(channel: string): Promise<string>;
  /** Opens the panel on that channel. */
  show(channel: string): Promise<void>;
  /** Everything in the channel that the panel shows now, or undefined while no output is open. */
  readOpen(): Promise<string | undefined>;
  /** The name of the channel that the panel shows, or undefined while no output is open. */
  openChannel(): Promise<string | undefined>;
  /** The channels there are to choose from. */
  channels(): Promise<string[]>;
}

export function outputOf(page: Page): Output {
  const panel = page
    .locator('.part.panel .output-view:visible, .part.panel [id="workbench.panel.output"]:visible')
    .first();

  const read = async () => {
    if (!(await panel.count())) return undefined;
    await panel.locator('.monaco-editor').first().click();
    await page.evaluate(() => (globalThis as unknown as PageGlobals).navigator.clipboard.writeText(''));
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('ControlOrMeta+C');
    // Selects nothing, and follows what comes.
    await page.keyboard.press('ControlOrMeta+End');
    return page.evaluate(() => (globalThis as unknown as PageGlobals).navigator.clipboard.readText());
  };

  return {
    async show(channel) {
      await paletteOf(page).command('Output: Show Output Channels...');
      await quickInputOf(page).type(channel);
      await quickInputOf(page).pick(channel);
      await panel.locator('.monaco-editor .view-lines').first().waitFor();
      await eventually(`the channel ${channel}`, async () => (await this.openChannel()) === channel);
    },
    async read(channel) {
      if ((await this.openChannel()) !== channel) await this.show(channel);
      return (await read()) ?? '';
    },
    readOpen: read,
    async openChannel() {
      const picker = page.locator('.part.panel .title select:visible').first();
      return (await picker.locator('option:checked').allTextContents())[0];
    },
    async channels() {
      await paletteOf(page).command('Output: Show Output Channels...');
      const names = (await quickInputOf(page).rows()).map((row) => row.label);
      await page.keyboard.press('Escape');
      return names;
    },
  };
}
