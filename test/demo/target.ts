// The deployment that the demo shows: the local one, or the one that CODER_URL names.
import { startDeployment } from '../deployment/index.ts';

export interface Target {
  /** For a person. */
  readonly description: string;
  readonly url: string;
  /** Undefined when CODER_URL came without CODER_SESSION_TOKEN: then the extension asks. */
  readonly token: string | undefined;
  readonly close: () => Promise<void>;
}

export async function openTarget(age: 'v0' | 'v2'): Promise<Target> {
  const { CODER_URL: url, CODER_SESSION_TOKEN: token } = process.env;
  if (url) {
    return {
      description: `Coder at ${url}`,
      url,
      token: token === '' ? undefined : token,
      close: () => Promise.resolve(),
    };
  }
  const deployment = await startDeployment({ age, seed: true, danaActsEveryMs: 45_000 });
  return {
    description: `a local Coder deployment in memory (age ${age}) at ${deployment.url}`,
    url: deployment.url,
    token: deployment.token,
    close: () => deployment.close(),
  };
}

/** What VS Code gets to know of it: through its environment, where no other user and no process list sees it. */
export function environmentOf(target: Target): Record<string, string> {
  return { CODER_URL: target.url, ...(target.token === undefined ? {} : { CODER_SESSION_TOKEN: target.token }) };
}

/** The names of one's own workspaces, as the server tells them. */
export async function workspaceNames(target: Target, token: string): Promise<string[]> {
  const response = await fetch(new URL('api/v2/workspaces?q=owner%3Ame', target.url.replace(/\/?$/, '/')), {
    headers: { 'Coder-Session-Token': token, Accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
  }).catch((error: unknown) => {
    throw new Error(`No Coder answers at ${target.url}.`, { cause: error });
  });
  if (!response.ok) throw new Error(`Coder at ${target.url} refused the list of workspaces (${response.status}).`);
  const { workspaces } = (await response.json()) as { workspaces: { name: string }[] | null };
  return (workspaces ?? []).map(({ name }) => name);
}
