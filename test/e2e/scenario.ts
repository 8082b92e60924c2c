// What each file of scenarios begins with.
import { test } from 'node:test';
import type { Deployment } from '../deployment/index.ts';
import { drawnExtensions } from '../workbench/builtInExtensions.ts';
import { screenshotOnFailure } from '../workbench/screenshotOnFailure.ts';
import { packageUnderTest } from '../workbench/vsix.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../workbench/workbench.ts';

/** VS Code with the package under test, signed in to `deployment` by the environment where one is given. */
export async function openPackaged(
  deployment?: Deployment,
  options: Pick<WorkbenchOptions, 'settings'> = {},
): Promise<Workbench> {
  const env = deployment && { CODER_URL: deployment.url, CODER_SESSION_TOKEN: deployment.token };
  return openWorkbench({
    ...(await packageUnderTest()),
    builtInExtensions: drawnExtensions,
    ...(env && { env }),
    ...options,
  });
}

/** `scenario(title, screenshot, body)`: a test in that workbench, which leaves a screenshot of that name when it fails. */
export const scenariosIn =
  (workbench: () => Workbench) =>
  (title: string, screenshot: string, body: () => Promise<void>): void =>
    void test(title, screenshotOnFailure(workbench, screenshot, body));
