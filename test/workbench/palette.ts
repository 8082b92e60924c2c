// The command palette, by keyboard.
import type { Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import { quickInputOf } from './quickInput.ts';

export interface Palette {
  command(title: string): Promise<void>;
  commandsLike(text: string): Promise<string[]>;
}

export function paletteOf(page: Page): Palette {
  const quickInput = quickInputOf(page);

  async function search(text: string): Promise<void> {
    await page.keyboard.press('Escape');
    await eventually(
      'the command palette',
      async () => {
        if (await quickInput.isOpen()) return true;
        await page.keyboard.press('F1');
        return false;
      },
      { intervalMs: 500 },
    );
    await quickInput.type(`>${text}`);
  }

  return {
    async command(title) {
      await search(title);
      await quickInput.pick(title);
    },
    async commandsLike(text) {
      await search(text);
      // The list is filtered a moment after typing.
      await page.waitForTimeout(500);
      const titles = (await quickInput.rows()).map((row) => row.label);
      await page.keyboard.press('Escape');
      return titles;
    },
  };
}
