import * as https from 'node:https';
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';
import { LinkedController } from './abort.ts';
import type { DeploymentUrl } from './address.ts';

const WITHIN_MS = 5000;

/**
 * Who issued the certificate of a host that is not trusted: the authority that would have to be installed. Node tells
 * only that the chain failed, so one request without a token is sent past that check, for the certificate alone.
 */
export const issuerOf = (url: DeploymentUrl, signal: AbortSignal): Promise<string | undefined> =>
  new Promise((resolve) => {
    const stop = new LinkedController(signal, WITHIN_MS);
    const end = (name?: string): void => {
      stop.release();
      resolve(name);
    };
    const request = https.request({
      host: url.hostname,
      port: url.port,
      path: '/healthz',
      rejectUnauthorized: false,
      signal: stop.signal,
    });
    request.on('response', (answer) => {
      const { socket } = answer;
      end(socket instanceof TLSSocket ? nameOf(socket.getPeerCertificate(true)) : undefined);
      answer.destroy();
    });
    request.on('error', () => end());
    request.end();
  });

const nameOf = (leaf: DetailedPeerCertificate): string | undefined => {
  let top = leaf;
  // The chain as sent; a root is its own issuer. Its length is the server's to choose, so it is bounded.
  for (let depth = 0; depth < 10; depth += 1) {
    const next = (top as Partial<DetailedPeerCertificate>).issuerCertificate;
    if (next === undefined || next.fingerprint256 === top.fingerprint256) break;
    top = next;
  }
  const issuer: Record<string, string | string[] | undefined> = { ...top.issuer };
  const name = issuer.CN ?? issuer.O;
  return Array.isArray(name) ? name[0] : name;
};
