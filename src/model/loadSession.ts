import type { DeploymentUrl } from '../api/address.ts';
import type { Session, SessionOptions } from './session.ts';

/** Creates a session with its own client. */
export type CreateSession = (url: DeploymentUrl, token: string, options: Omit<SessionOptions, 'client'>) => Session;

/**
 * Loads the client, the session, and their schemas, which are needed only after sign-in. In two turns of the event loop, so
 * that it delays neither pending requests (the secret storage) nor the window for long.
 */
export async function loadSession(): Promise<CreateSession> {
  await nextTurn();
  const { CoderClient } = await import('../api/client.ts');
  await nextTurn();
  const { Session } = await import('./session.ts');
  return (url, token, options) => new Session({ client: new CoderClient({ url, token }), ...options });
}

export const nextTurn = (): Promise<void> => new Promise((resume) => setTimeout(resume));
