// A server on loopback with TLS: `/read` answers like a narrow read of nothing, `/bytes` how much has passed.
import { readFileSync } from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { startRelay } from './relay.ts';

const certificate = (name: string): string =>
  readFileSync(new URL(`../contract/certificates/${name}`, import.meta.url), 'utf8');

const server = https.createServer(
  { cert: certificate('loopback.pem'), key: certificate('loopback.key') },
  ({ url }, response) => {
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('x-coder-build-version', 'v2.36.0+a300a06');
    response.end(url === '/bytes' ? String(relay.traffic().httpBytes) : '{"workspaces":[],"count":200}\n');
  },
);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const relay = await startRelay((server.address() as AddressInfo).port, 0);
process.on('disconnect', () => process.exit());
process.send?.(`https://127.0.0.1:${relay.port}`);
