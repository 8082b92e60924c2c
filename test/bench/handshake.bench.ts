// What a narrow read costs over TLS; inside VS Code none of its connections is used twice (src/README.md, Decisions).
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { measureHandshakes, READS } from './handshakes.ts';
import { ms, report } from './measure.ts';

const child = fork(fileURLToPath(new URL('handshakeServer.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
const [url] = (await once(child, 'message')) as [string];
const authority = readFileSync(new URL('../contract/certificates/authority.pem', import.meta.url), 'utf8');
console.log(`Node ${process.version}, the list of certificates that it brings and one more; each read:`);
for (const { what, cpuMs, elapsedMs, bytes, connections, resumed } of await measureHandshakes(
  request,
  url,
  authority,
)) {
  report(`  ${what}`, `${ms(cpuMs)} processor, ${ms(elapsedMs)}, ${bytes} bytes`);
  report('    connections for the reads, resumed', `${connections} of ${READS}, ${resumed}`);
}
child.kill();
