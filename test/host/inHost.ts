// Runs inside the extension host: mocha over the bundled test files, each event printed for the runner outside.
import type MochaClass from 'mocha';
import * as exported from 'mocha';
import { formatEvent, type HostEvent } from './events.ts';

// By its name, which both hosts know: Node 22 requires an ES module as it is, Node 24 takes its `module.exports`.
const { Mocha } = exported as unknown as { readonly Mocha: typeof MochaClass };

export type LoadTests = () => Promise<unknown>;

/** Resolves when every test passed; the host then ends with code 0. */
export async function runTests(files: readonly LoadTests[]): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 20_000, color: false });
  // Makes `suite`, `test` and the others global, as loading files through mocha would.
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, '', mocha);
  const only = process.env.CODER_TEST_ONLY;
  if (only) mocha.fgrep(only);
  for (const load of files) await load();
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => {
      print({ type: 'pass', title: test.fullTitle(), durationMs: test.duration ?? 0 });
    });
    runner.on('pending', (test) => {
      print({ type: 'skip', title: test.fullTitle() });
    });
    runner.on('fail', (test, error: Error) => {
      print({ type: 'fail', title: test.fullTitle(), error: error.stack ?? error.message });
    });
  });
  print({ type: 'end' });
  if (failures > 0) throw new Error(`${failures} failed`);
}

function print(event: HostEvent): void {
  console.log(formatEvent(event));
}
