// A machine proves which one it is and gets its agent's token (contract 6). Called without a user's token, so that a
// refusal says nothing about the session. All three, both ages, throw ApiError `unauthorized` (the document is not
// accepted), `notFound` (no agent has that instance id), `invalid` (a field is missing, or the workspace was rebuilt),
// `conflict` (V2: several agents, name one).
import type { Calls } from './calls.ts';
import * as operations from './operations.ts';
import { SessionToken } from './schemas/tokens.ts';
import type { Secret } from './secret.ts';

/** V2: which agent is meant, where several share the machine. */
export interface IdentityOptions {
  readonly agentName?: string;
}

/**
 * `POST /workspaceagents/aws-instance-identity` → 200, both ages (contract 6): document and signature exactly as the
 * metadata service gave them.
 */
export const aws = (
  calls: Calls,
  { document, signature }: { readonly document: string; readonly signature: string },
  options: IdentityOptions,
  signal: AbortSignal,
): Promise<Secret> => exchange(calls, 'aws', { document, signature }, options, signal);

/**
 * `POST /workspaceagents/azure-instance-identity` → 200, both ages (contract 6): the attested document, unchanged.
 */
export const azure = (
  calls: Calls,
  { encoding, signature }: { readonly encoding: string; readonly signature: string },
  options: IdentityOptions,
  signal: AbortSignal,
): Promise<Secret> => exchange(calls, 'azure', { encoding, signature }, options, signal);

/**
 * `POST /workspaceagents/google-instance-identity` → 200, both ages (contract 6): the identity JWT (`format=full`).
 */
export const google = (
  calls: Calls,
  { jsonWebToken }: { readonly jsonWebToken: string },
  options: IdentityOptions,
  signal: AbortSignal,
): Promise<Secret> => exchange(calls, 'google', { json_web_token: jsonWebToken }, options, signal);

const exchange = async (
  calls: Calls,
  cloud: 'aws' | 'azure' | 'google',
  proof: Readonly<Record<string, string>>,
  { agentName }: IdentityOptions,
  signal: AbortSignal,
): Promise<Secret> => {
  const answer = await calls.write(
    {
      operation: operations.instanceIdentity,
      method: 'POST',
      path: `/workspaceagents/${cloud}-instance-identity`,
      json: { ...proof, agent_name: agentName },
      anonymous: true,
    },
    SessionToken.parse,
    signal,
  );
  return answer.session_token;
};
