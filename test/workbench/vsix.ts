// The package under test: the one that the run has made (CODER_TEST_VSIX), else a fresh one, for whoever runs a test
// by itself.
import { packageExtension } from '../../scripts/lib/vsix.mjs';
import type { WorkbenchOptions } from './workbench.ts';

export async function extensionVsix(): Promise<string> {
  return process.env.CODER_TEST_VSIX ?? (await packageExtension());
}

/** That package as the run has installed it (CODER_TEST_EXTENSIONS, a user data folder), else to be installed. */
export async function packageUnderTest(): Promise<Pick<WorkbenchOptions, 'vsix' | 'extensionsFrom'>> {
  const extensionsFrom = process.env.CODER_TEST_EXTENSIONS;
  return extensionsFrom === undefined ? { vsix: await extensionVsix() } : { extensionsFrom };
}
