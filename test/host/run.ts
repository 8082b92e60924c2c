// Runs test/host/*.test.ts inside the extension host of a real VS Code, and prints what they say.
//
//   node --import tsx test/host/run.ts [--desktop | --floor] [--only TEXT] [--age v0|v2] [--verbose] [--summary FILE]
//
// The tests are mocha's (`suite`, `test`) and see the extension from its own host: `import * as vscode from 'vscode'`.
// The extension starts signed in to a seeded local deployment of that age (v2 by default), through CODER_URL and
// CODER_SESSION_TOKEN, and reaches it only as `https://elsewhere.test` by the proxy of `http.proxy`. Both ages are there
// for the tests themselves: CODER_TEST_URL_V0, CODER_TEST_TOKEN_V0, …_V2.
// A test that needs a deployment that misbehaves starts its own inside the host: test/deployment is bundled too.
// `--floor` takes the oldest VS Code that the extension supports; `--only` runs the tests whose whole title has that
// text; `--verbose` prints all that VS Code prints.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startDeployment } from '../deployment/index.ts';
import { runInBrowserHost } from './browserHost.ts';
import { buildExtension, bundleHostTests } from './bundle.ts';
import { startDeploymentProxy } from './deploymentProxy.ts';
import { runInDesktopHost } from './desktopHost.ts';
import { parseEvent, type HostEvent } from './events.ts';
import { watchdog } from './watchdog.ts';

const { values } = parseArgs({
  options: {
    desktop: { type: 'boolean', default: false },
    floor: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    age: { type: 'string', default: 'v2' },
    verbose: { type: 'boolean', default: false },
    summary: { type: 'string' },
  },
});

const counts = { passed: 0, failed: 0 };
let ended = false;

function report(event: HostEvent): void {
  if (event.type === 'pass') {
    counts.passed += 1;
    console.log(`✔ ${event.title} (${event.durationMs} ms)`);
  } else if (event.type === 'fail') {
    counts.failed += 1;
    console.log(`✖ ${event.title}\n${event.error.replace(/^/gm, '    ')}`);
  } else if (event.type === 'skip') {
    console.log(`- ${event.title}`);
  } else {
    ended = true;
  }
}

/** A host that dies, hangs or never begins is a failure too. */
function reportTrouble(text: string): void {
  counts.failed += 1;
  console.log(`✖ ${text}`);
}

async function run(): Promise<void> {
  await buildExtension();
  const testsFile = await bundleHostTests();
  const v0 = await startDeployment({ age: 'v0', seed: true, speed: 5 });
  const v2 = await startDeployment({ age: 'v2', seed: true, speed: 5 });
  const shown = values.age === 'v0' ? v0 : v2;
  const proxy = await startDeploymentProxy(new URL(shown.url));
  const dog = watchdog();
  try {
    const exitCode = await (values.desktop ? runInDesktopHost : runInBrowserHost)({
      release: values.floor ? 'floor' : 'newest',
      testsFile,
      signal: dog.signal,
      env: {
        CODER_URL: proxy.deploymentUrl,
        CODER_SESSION_TOKEN: shown.token,
        NODE_EXTRA_CA_CERTS: proxy.authority,
        CODER_TEST_PROXY: proxy.url,
        CODER_TEST_AGE: shown.age,
        CODER_TEST_URL_V0: v0.url,
        CODER_TEST_TOKEN_V0: v0.token,
        CODER_TEST_URL_V2: v2.url,
        CODER_TEST_TOKEN_V2: v2.token,
        CODER_TEST_ONLY: values.only,
      },
      settings: { 'http.proxy': proxy.url },
      onStart: dog.start,
      onLine: (line) => {
        const event = parseEvent(line);
        if (event === undefined) {
          if (values.verbose) console.log(line);
          return;
        }
        dog.pat();
        report(event);
      },
    });
    if (!ended) reportTrouble(`The host ended with ${exitCode} before its tests did.`);
    else if (exitCode !== 0 && counts.failed === 0) reportTrouble(`The host ended with ${exitCode}.`);
    else if (counts.passed + counts.failed === 0) reportTrouble('No test ran.');
  } finally {
    dog.stop();
    await proxy.close();
    await v0.close();
    await v2.close();
  }
}

await run().catch((error: unknown) => reportTrouble(error instanceof Error ? error.message : String(error)));
console.log(`host: ${counts.passed} passed, ${counts.failed} failed`);
if (values.summary !== undefined) await writeFile(values.summary, JSON.stringify(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
