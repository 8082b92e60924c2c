import assert from 'node:assert/strict';
import * as http from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { Tunnel } from '../conformance/tunnel.ts';

interface Far {
  readonly url: string;
  readonly hosts: (string | undefined)[];
}

/** A server that notes for whom it was asked, and holds back the answer to `/held`. */
const withFar = async (use: (far: Far) => Promise<void>): Promise<void> => {
  const hosts: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    hosts.push(request.headers.host);
    if (request.url !== '/held') response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    await use({ url: `http://localhost:${address.port}`, hosts });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
};

const ask = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
  });

test('Whoever is asked through a tunnel is asked by their own name', () =>
  withFar(async ({ url, hosts }) => {
    const tunnel = await Tunnel.to(parseDeploymentUrl(url));
    try {
      assert.equal(await ask(`${tunnel.origin}/`), 'ok');
      assert.deepEqual(hosts, [new URL(url).host]);
    } finally {
      await tunnel.close();
    }
  }));

test('A cut ends what is open, and lets through what comes later', () =>
  withFar(async ({ url }) => {
    const tunnel = await Tunnel.to(parseDeploymentUrl(url));
    try {
      const held = ask(`${tunnel.origin}/held`);
      const lost = assert.rejects(held, { code: 'ECONNRESET' });
      for (let look = 0; tunnel.connections === 0 && look < 500; look += 1) await sleep(5);
      tunnel.cut();
      await lost;
      assert.equal(await ask(`${tunnel.origin}/`), 'ok');
    } finally {
      await tunnel.close();
    }
  }));
