import type { ExtensionContext } from 'vscode';
import { fieldsOf, parseJson } from '../api/json.ts';
import type { DeploymentStore, KnownDeployment, Stored } from '../model/deploymentStore.ts';
import { Secrets, type Reading } from './secrets.ts';

const KNOWN = 'deployments';
const SIGN_IN = 'signIn:';
/** Addresses that are kept, the latest first. Only one of them has a sign-in: the next one forgets the one before. */
const MOST_KNOWN = 20;

/** Addresses in global state, sign-ins in secret storage or, where that takes none, in memory; `onNotStored` is told once. */
export function createDeploymentStore(
  { globalState, secrets }: Pick<ExtensionContext, 'globalState' | 'secrets'>,
  onNotStored: (error: unknown) => void,
): DeploymentStore {
  const safe = new Secrets(secrets, onNotStored);
  return {
    known: () => {
      const value = globalState.get<unknown>(KNOWN);
      return Array.isArray(value) ? value.slice(0, MOST_KNOWN).flatMap(readKnown) : [];
    },
    remember: async (known) => {
      await globalState.update(
        KNOWN,
        known.slice(0, MOST_KNOWN).map(({ key, url, username }) => ({ key, url, username })),
      );
    },
    read: async (key) => readStored(await safe.read(SIGN_IN + key)),
    keep: (signIn) => safe.keep(SIGN_IN + signIn.key, JSON.stringify(signIn)),
    expire: (key, note) => safe.replace(SIGN_IN + key, JSON.stringify({ expired: note })),
    forget: (key) => safe.delete(SIGN_IN + key),
    onDidChange: (listener) =>
      secrets.onDidChange(({ key }) => {
        if (key.startsWith(SIGN_IN)) listener(key.slice(SIGN_IN.length));
      }),
  };
}

/** What is stored may be of another version of this extension. */
function readKnown(value: unknown): KnownDeployment[] {
  const { key, url, username } = fieldsOf(value);
  if (typeof key !== 'string' || typeof url !== 'string') return [];
  return [{ key, url, ...(typeof username === 'string' ? { username } : {}) }];
}

function readStored(reading: Reading): Stored {
  if (reading.kind !== 'found') return reading;
  const value = parseJson(reading.secret);
  const [known] = readKnown(value);
  const { token, expired } = fieldsOf(value);
  if (known !== undefined && typeof token === 'string') return { kind: 'signedIn', signIn: { ...known, token } };
  const { fingerprint, detail } = fieldsOf(expired);
  if (typeof fingerprint !== 'string') return { kind: 'notUnderstood' };
  return { kind: 'expired', note: { fingerprint, ...(typeof detail === 'string' ? { detail } : {}) } };
}
