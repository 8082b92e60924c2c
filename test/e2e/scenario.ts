// What each file of scenarios begins with.
import { test } from 'node:test';
import type { Deployment } from '../deployment/index.ts';
import { screenshotOnFailure } from '../workbench/screenshotOnFailure.ts';
import { packageUnderTest } from '../workbench/vsix.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../workbench/workbench.ts';

/**
 * Of VS Code's own extensions what is drawn: themes, and the languages of logs and states. The others, for programming
 * languages, Git, debuggers and accounts, computed for 8 seconds in each start, and longer the more was done. The host
 * suite has them all.
 */
const builtInExtensions = ['theme-defaults', 'theme-modern-icons', 'theme-seti', 'json', 'log'];

/** VS Code with the package under test, signed in to `deployment` by the environment where one is given. */
export async function openPackaged(
  deployment?: Deployment,
  options: Pick<WorkbenchOptions, 'settings'> = {},
): Promise<Workbench> {
  const env = deployment && { CODER_URL: deployment.url, CODER_SESSION_TOKEN: deployment.token };
  return openWorkbench({ ...(await packageUnderTest()), builtInExtensions, ...(env && { env }), ...options });
}

/** `scenario(title, screenshot, body)`: a test in that workbench, which leaves a screenshot of that name when it fails. */
export const scenariosIn =
  (workbench: () => Workbench) =>
  (title: string, screenshot: string, body: () => Promise<void>): void =>
    void test(title, screenshotOnFailure(workbench, screenshot, body));
