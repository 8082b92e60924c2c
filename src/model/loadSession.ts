import type { DeploymentUrl } from '../api/address.ts';
import type { Session, SessionOptions } from './session.ts';

/** The session of a deployment with a client of its own. */
export type CreateSession = (url: DeploymentUrl, token: string, options: Omit<SessionOptions, 'client'>) => Session;

/**
 * Gets what only who is signed in needs: the client and the session, with the schemas of all that they read. In two
 * turns of the event loop, so that neither what was asked before (the secret storage) nor the window waits for both.
 */
export async function loadSession(): Promise<CreateSession> {
  await nextTurn();
  const { CoderClient } = await import('../api/client.ts');
  await nextTurn();
  const { Session } = await import('./session.ts');
  return (url, token, options) => new Session({ client: new CoderClient({ url, token }), ...options });
}

const nextTurn = (): Promise<void> => new Promise((resume) => setTimeout(resume));
