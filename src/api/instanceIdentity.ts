import type { Calls } from './calls.ts';
import type { IdentityDocument } from './cloudMetadata.ts';
import * as operations from './operations.ts';
import { SessionToken } from './schemas/tokens.ts';
import type { Secret } from './secret.ts';

/**
 * `POST /workspaceagents/{aws,azure,google}-instance-identity` → 200, both ages (contract 6): a machine proves which one it
 * is, with the document exactly as its metadata service gave it, and gets its agent's token. `agentName` (V2): which
 * agent is meant, where several share the machine. Called without a user's token, so that a refusal says nothing about the
 * session.
 * @throws ApiError `unauthorized` (the document is not accepted), `notFound` (no agent has that instance id), `invalid` (a
 *   field is missing, or the workspace was rebuilt), `conflict` (V2: several agents, name one)
 */
export async function exchange(
  calls: Calls,
  { cloud, ...proof }: IdentityDocument,
  agentName: string | undefined,
  signal: AbortSignal,
): Promise<Secret> {
  const answer = await calls.write(
    {
      operation: operations.instanceIdentity,
      method: 'POST',
      path: `/workspaceagents/${cloud}-instance-identity`,
      json: {
        ...('jsonWebToken' in proof ? { json_web_token: proof.jsonWebToken } : proof),
        agent_name: agentName,
      },
      anonymous: true,
    },
    SessionToken.parse,
    signal,
  );
  return answer.session_token;
}
