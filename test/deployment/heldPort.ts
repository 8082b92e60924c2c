// A port that is kept while nobody listens there. Free, it could be given to a deployment of another test, which would answer
// in place of the one that is down: it refuses a token that it doesn't know, and whoever is signed in is signed out.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

let peer: Promise<Server> | undefined;

/** Where the connections that keep ports lead to; it doesn't keep the process. */
const listeningPeer = (): Promise<Server> =>
  (peer ??= new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.unref().on('error', () => socket.destroy()));
    server.unref().once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  }));

/**
 * Keeps `port` by a connection that comes from it: whoever connects to it is refused, and the system gives it to nobody who
 * asks for any port. Resolves to what ends that, also where the port couldn't be kept.
 */
export async function holdPort(port: number): Promise<() => void> {
  const to = (await listeningPeer()).address() as AddressInfo;
  const socket: Socket = connect({ host: '127.0.0.1', port: to.port, localAddress: '127.0.0.1', localPort: port });
  socket.unref();
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
    socket.once('error', () => resolve());
  });
  socket.on('error', () => socket.destroy());
  // Reset, so that the port doesn't wait for late packets.
  return () => void socket.resetAndDestroy();
}
