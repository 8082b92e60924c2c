// The command palette, by keyboard.
import type { Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import { quickInputOf } from './quickInput.ts';

export interface Palette {
  command(title: string): Promise<void>;
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
  };
}
