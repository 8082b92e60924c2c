// The package under test: the one that the run has made (CODER_TEST_VSIX), else a fresh one, for whoever runs a test
// by itself.
import { packageExtension } from '../../scripts/lib/vsix.mjs';

export async function extensionVsix(): Promise<string> {
  return process.env.CODER_TEST_VSIX ?? (await packageExtension());
}
