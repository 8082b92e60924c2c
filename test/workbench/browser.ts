// The browser that shows VS Code. Headless, with a clipboard, and without traffic of its own.
import { chromium, type Browser, type Page } from 'playwright-core';
import { ensureChromium } from '../../scripts/lib/chromium.mjs';

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/**
 * Spinners and progress bars go on while VS Code's motion is reduced, and each of their frames is painted by the
 * processor here: a fifth of what a file of scenes computes. Nothing waits for an animation to end.
 */
const withoutAnimations = `document.addEventListener('DOMContentLoaded', () => {
  const style = document.createElement('style');
  style.textContent = '*, ::before, ::after { animation: none !important; transition: none !important }';
  document.head.append(style);
});`;

export async function openPage(viewport: Viewport): Promise<{ page: Page; browser: Browser }> {
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: [
      // Root may not use the sandbox, and containers have a small /dev/shm.
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  // VS Code in the browser keeps secrets in the context's local storage: they last until it is closed.
  const context = await browser.newContext({
    viewport,
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
    // The server would compress 20 MB for each window, only for the loopback.
    extraHTTPHeaders: { 'Accept-Encoding': 'identity' },
  });
  // The functions that run inside the page were compiled with a helper that names functions; there it has to do nothing.
  await context.addInitScript('globalThis.__name = (named) => named');
  await context.addInitScript(withoutAnimations);
  context.setDefaultTimeout(30_000);
  return { page: await context.newPage(), browser };
}
