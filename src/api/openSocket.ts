import type { Calls } from './calls.ts';
import type { Socket, SocketRequest } from './socket.ts';

/** Begins to connect; loads ws first, which most windows never need. @throws the signal's reason, when aborted already */
export async function openSocket(calls: Calls, request: SocketRequest, signal: AbortSignal): Promise<Socket> {
  const { Socket } = await import('./socket.ts');
  return new Socket(calls, request, signal);
}
