import type { WorkspaceEnvironment } from '../model/connectedWorkspace.ts';

/** Sign-in from environment variables; valid for the lifetime of the process and never stored. */
export interface Environment {
  /** `CODER_URL` */
  readonly url: string | undefined;
  /** `CODER_SESSION_TOKEN` */
  readonly token: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

export function readEnvironment(env: Variables): Environment {
  return { url: filled(env.CODER_URL), token: filled(env.CODER_SESSION_TOKEN) };
}

/** What an agent tells the processes in its workspace (contract 9.3); its own token, which is there, too, is not read. */
export function readWorkspaceEnvironment(env: Variables): WorkspaceEnvironment | undefined {
  if (env.CODER !== 'true') return undefined;
  return {
    id: filled(env.CODER_WORKSPACE_ID),
    name: filled(env.CODER_WORKSPACE_NAME),
    ownerName: filled(env.CODER_WORKSPACE_OWNER_NAME),
    hostname: hostOf(filled(env.CODER_AGENT_URL) ?? filled(env.CODER_URL)),
  };
}

const hostOf = (address: string | undefined): string | undefined =>
  address !== undefined && URL.canParse(address) ? new URL(address).hostname.replace(/^\[|\]$|\.$/g, '') : undefined;

const filled = (value: string | undefined): string | undefined => {
  const text = value?.trim() ?? '';
  return text === '' ? undefined : text;
};
