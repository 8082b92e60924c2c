import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PeerCertificate } from 'node:tls';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { Transport } from '../../src/api/transport.ts';

/** What is said of a certificate by a connection that Node believes to be to `asked`. */
const refusal = (address: string, asked: string, certificate: Partial<PeerCertificate>): Error | undefined =>
  new Transport({ url: parseDeploymentUrl(address) })
    .tlsOptions()
    .checkServerIdentity?.(asked, certificate as PeerCertificate);

test('a certificate is held against the host of the address, whatever host a proxy makes Node believe in (networking 1)', () => {
  const ofLocalhost = { subject: { CN: 'localhost' }, subjectaltname: 'DNS:localhost' } as Partial<PeerCertificate>;
  const ofAddress = { subject: { CN: 'coder' }, subjectaltname: 'IP Address:10.1.2.3' } as Partial<PeerCertificate>;
  const ofHost = { subject: { CN: 'x' }, subjectaltname: 'DNS:*.example.com' } as Partial<PeerCertificate>;
  assert.ok(refusal('https://10.1.2.3:8443', 'localhost', ofLocalhost) instanceof Error, 'another host’s');
  assert.equal(refusal('https://10.1.2.3:8443', 'localhost', ofAddress), undefined);
  assert.equal(refusal('https://coder.example.com', 'localhost', ofHost), undefined);
  assert.equal(refusal('https://coder.example.com./', 'localhost', ofHost), undefined);
  assert.ok(refusal('https://coder.example.net', 'coder.example.com', ofHost) instanceof Error, 'another domain’s');
});

test('no agent is given and TLS settings are options of the request, for VS Code replaces agents (networking 2.2)', () => {
  const options = new Transport({
    url: parseDeploymentUrl('https://coder.example.com'),
    tls: { ca: 'CA', rejectUnauthorized: false },
  }).tlsOptions();
  assert.deepEqual([options.ca, options.rejectUnauthorized], ['CA', false]);
  assert.ok(!('agent' in options), 'an agent');
});
