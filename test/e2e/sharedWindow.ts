// One VS Code for several files of scenes, one after the other: a start computes for 11 seconds, more than the scenes of
// most files. A `.test.ts` file names the `.scenes.ts` files that share one; each signs in to a deployment of its own.
import { after } from 'node:test';
import type { Deployment } from '../deployment/index.ts';
import { tidy } from '../workbench/tidy.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { signIn, signOut } from './actions.ts';
import { openPackaged } from './scenario.ts';

export interface FirstWindow {
  /** Who is signed in by the environment, where the window is opened by this. */
  readonly environment?: Deployment;
  /** Whether a stop that comes is warned of: a notice that comes between what most scenes do. False by default. */
  readonly hasWarnings?: boolean;
}

let opened: Promise<Workbench> | undefined;
let hasWarnings = false;
after(async () => {
  await (await opened?.catch(() => undefined))?.close();
});

/**
 * The window of this process, with the side bar open. Nobody is signed in, but by the environment in its first file: rows of
 * the deployment before would be taken for those of the next one, as long as they are drawn.
 */
export async function sharedWindow(first: FirstWindow = {}): Promise<Workbench> {
  if (opened === undefined) {
    hasWarnings = first.hasWarnings ?? false;
    opened = open(first.environment);
    return opened;
  }
  const workbench = await opened;
  try {
    await tidy(workbench);
    if (!(await workbench.tree.welcome()).buttons.includes('Sign In')) await signOut(workbench);
    return workbench;
  } catch (error) {
    // One that nothing can be done with would fail all that follows.
    console.error(`VS Code is started again: ${String(error)}`);
    opened = workbench.close().then(() => open());
    return opened;
  }
}

/** That window, signed in to `coder`. */
export async function sharedWindowSignedInTo(coder: Deployment): Promise<Workbench> {
  const workbench = await sharedWindow();
  await signIn(workbench, coder.url);
  return workbench;
}

async function open(environment?: Deployment): Promise<Workbench> {
  const workbench = await openPackaged(environment, {
    settings: {
      ...(!hasWarnings && { 'coderWorkspaces.deadline.warnBefore': [] }),
      // However a person has files saved, a text that is an answer stays as it is.
      'files.autoSave': 'off',
      'files.trimTrailingWhitespace': true,
      'files.insertFinalNewline': true,
    },
  });
  await workbench.openSideBar();
  return workbench;
}
