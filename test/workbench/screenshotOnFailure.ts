// A test that fails in a workbench leaves a screenshot of it, and nothing that the next one would trip over.
import { tidy } from './tidy.ts';
import type { Workbench } from './workbench.ts';

/**
 * Wraps the body of a test: `test('…', screenshotOnFailure(() => workbench, 'create', async () => { … }))`.
 * When it throws, `test-results/screenshots/failed-<name>.png` shows the workbench at that moment.
 */
export function screenshotOnFailure(
  workbench: () => Workbench,
  name: string,
  body: () => Promise<void>,
): () => Promise<void> {
  return async () => {
    try {
      await body();
    } catch (error) {
      const file = await workbench()
        .screenshot(`failed-${name}`)
        .catch(() => undefined);
      if (file !== undefined) console.error(`What it looked like: ${file}`);
      await tidy(workbench()).catch(() => undefined);
      throw error;
    }
  };
}
