import * as net from 'node:net';
import * as tls from 'node:tls';
import type { DeploymentUrl } from '../../src/api/address.ts';

const LONGEST_MS = 10 * 60_000;

/**
 * A way to the deployment that can be cut: a port on loopback whose connections are passed on byte by byte, only with the
 * deployment's own name put back into `Host`, so that a gateway in front of it still knows whom it is for.
 */
export class Tunnel {
  readonly #server: net.Server;
  readonly #open = new Set<net.Socket>();

  private constructor(server: net.Server) {
    this.#server = server;
  }

  static async to(target: DeploymentUrl): Promise<Tunnel> {
    const server = net.createServer();
    const tunnel = new Tunnel(server);
    server.on('connection', (near) => tunnel.#join(near, target));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return tunnel;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** How many connections are up: tells that there is something to cut. */
  get connections(): number {
    return this.#open.size;
  }

  /** Drops what is open, as a network does: without a word. New connections are let through again. */
  cut(): void {
    for (const socket of this.#open) socket.destroy();
    this.#open.clear();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  get #port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  #join(near: net.Socket, target: DeploymentUrl): void {
    const { hostname: host, port } = target;
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    const far = target.secure ? tls.connect({ host, port, ...servername }) : net.connect({ host, port });
    this.#open.add(near);
    const end = () => {
      near.destroy();
      far.destroy();
      this.#open.delete(near);
    };
    for (const socket of [near, far]) {
      socket.setTimeout(LONGEST_MS, end);
      socket.on('error', end);
      socket.on('close', end);
    }
    const own = `127.0.0.1:${this.#port}`;
    near.on('data', (bytes: Buffer) => {
      // Latin-1 keeps every byte as it is; what is no request head does not hold this address.
      far.write(bytes.toString('latin1').replace(`ost: ${own}\r\n`, `ost: ${target.host}\r\n`), 'latin1');
    });
    far.on('data', (bytes: Buffer) => near.write(bytes));
  }
}
