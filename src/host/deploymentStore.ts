import type { ExtensionContext } from 'vscode';
import type { DeploymentStore, KnownDeployment, StoredSignIn } from '../model/deploymentStore.ts';
import { Secrets } from './secrets.ts';

const KNOWN = 'deployments';
const SIGN_IN = 'signIn:';

/** Addresses in global state, sign-ins in secret storage or, where that fails, in memory. */
export function createDeploymentStore(
  { globalState, secrets }: Pick<ExtensionContext, 'globalState' | 'secrets'>,
  onUnavailable: (error: unknown) => void,
): DeploymentStore {
  const safe = new Secrets(secrets, onUnavailable);
  return {
    known: () => {
      const value = globalState.get<unknown>(KNOWN);
      return Array.isArray(value) ? value.flatMap(readKnown) : [];
    },
    remember: async (known) => {
      await globalState.update(
        KNOWN,
        known.map(({ key, url, username }) => ({ key, url, username })),
      );
    },
    signIn: async (key) => readSignIn(await safe.get(SIGN_IN + key)),
    keep: (signIn) => safe.store(SIGN_IN + signIn.key, JSON.stringify(signIn)),
    forget: (key) => safe.delete(SIGN_IN + key),
    onDidChange: (listener) =>
      secrets.onDidChange(({ key }) => {
        if (key.startsWith(SIGN_IN)) listener(key.slice(SIGN_IN.length));
      }),
  };
}

/** What is stored may be of another version of this extension. */
function readKnown(value: unknown): KnownDeployment[] {
  if (typeof value !== 'object' || value === null) return [];
  const { key, url, username } = value as Partial<Record<keyof KnownDeployment, unknown>>;
  if (typeof key !== 'string' || typeof url !== 'string') return [];
  return [{ key, url, ...(typeof username === 'string' ? { username } : {}) }];
}

function readSignIn(text: string | undefined): StoredSignIn | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const [known] = readKnown(value);
    const { token } = value as { readonly token?: unknown };
    return known === undefined || typeof token !== 'string' ? undefined : { ...known, token };
  } catch {
    return undefined;
  }
}
