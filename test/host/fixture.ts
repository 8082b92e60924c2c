// What the host's tests share: a deployment of each age that the runner serves, and sessions on it.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { CoderClient } from '../../src/api/client.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import { Session } from '../../src/model/session.ts';
import type { Ready } from '../../src/model/state.ts';

export const AGES = ['v0', 'v2'] as const;
export type Age = (typeof AGES)[number];

export function clientOf(age: Age): CoderClient {
  const key = age.toUpperCase();
  const url = process.env[`CODER_TEST_URL_${key}`];
  const token = process.env[`CODER_TEST_TOKEN_${key}`];
  assert.ok(url && token, `the runner serves no deployment of ${age}`);
  return new CoderClient({ url, token });
}

/** On the deployment that the extension itself is signed in to. */
export const shownClient = (): CoderClient => clientOf(process.env.CODER_TEST_AGE === 'v0' ? 'v0' : 'v2');

/** Runs `body` with a session that has read its list; the session ends with it. */
export async function withSession(
  client: CoderClient,
  body: (session: Session, state: () => Ready) => Promise<void> | void,
): Promise<void> {
  const end = new AbortController();
  const session = new Session({ client, signal: end.signal });
  try {
    session.attend({ isVisible: true });
    await eventually('the list to be read', () => session.state.value.kind === 'ready');
    await body(session, () => {
      const state = session.state.value;
      assert.equal(state.kind, 'ready');
      return state;
    });
  } finally {
    end.abort();
  }
}

export const named = (state: Ready, name: string): Workspace => {
  const found = [...state.workspaces.values()].find((workspace) => workspace.name === name);
  assert.ok(found, `the deployment has no workspace ${name}`);
  return found;
};

/** Waits until `look` finds something, ten seconds at most. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await pause(50);
  }
  throw new Error(`timed out waiting for ${what}`);
}

export const extension = (): vscode.Extension<unknown> => {
  const found = vscode.extensions.getExtension('coder-workspaces.coder-workspaces');
  assert.ok(found, 'the extension is not there');
  return found;
};

/** Text that would be live where it is not escaped: a command, an icon, control and bidirectional characters, Markdown. */
export const HOSTILE =
  'x](command:workbench.action.quit) [y](command:workbench.action.quit) $(zap) <command:a> **b** \u202ec\u0007\u001b[31m\nd http://e.test';

/** What must be left of `HOSTILE` nowhere where VS Code reads more than text. */
export function assertHarmless(text: string): void {
  assert.doesNotMatch(text, /\]\(/, text);
  assert.doesNotMatch(text, /\$\(/, text);
  assert.doesNotMatch(text, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/, text);
}
