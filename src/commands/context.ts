import * as l10n from '@vscode/l10n';
import type { BuildId, WorkspaceId } from '../api/units.ts';
import type { Environment } from '../host/environment.ts';
import type { Log } from '../host/log.ts';
import type { Remembered } from '../host/remembered.ts';
import type { Restarts } from '../host/restarts.ts';
import type { TextEditors } from '../host/textEditors.ts';
import type { Settings } from '../host/settings.ts';
import type { Deployments } from '../model/deployments.ts';
import type { Current } from '../model/openDeployment.ts';
import type { KnownDeployment } from '../model/deploymentStore.ts';
import type { BuildLogs } from '../views/buildLogs.ts';
import type { DeadlineItem } from '../views/deadlineItem.ts';
import { NotSignedIn } from './refusal.ts';
import type { Ui } from './ui.ts';

/** Everything that commands may use. */
export interface CommandContext {
  readonly deployments: Pick<Deployments, 'current' | 'signIn' | 'signOut'>;
  /** The title of a command of the table, as in the Command Palette. */
  readonly commandTitle: (id: string) => string;
  /** Signed in to before, the latest first. */
  readonly knownDeployments: () => readonly KnownDeployment[];
  readonly ui: Ui;
  /** The editors that `ui.editText` opens. */
  readonly texts: Pick<TextEditors, 'use' | 'leave'>;
  readonly buildLogs: Pick<BuildLogs, 'follow' | 'show' | 'has' | 'onScreen'>;
  readonly deadlineItem: Pick<DeadlineItem, 'during' | 'shownId'>;
  readonly remembered: Remembered;
  /** Runs without a user: questions with a default aren't asked. */
  readonly isUnattended?: true;
  /** Records of restarts, by their stop. */
  readonly restarts: Pick<Restarts, 'begun' | 'ended' | 'interrupted'>;
  readonly environment: Environment;
  readonly settings: () => Settings;
  /** *Stop and Don't Ask Again*: writes the setting. */
  readonly stopAskingBeforeStop: () => Promise<void>;
  /** Selects the row of a workspace, and says whether there is one. */
  readonly reveal: (id: WorkspaceId) => Promise<boolean>;
  /** Builds that have a progress notification in this window. */
  readonly followed: Set<BuildId>;
  /** Build requests without a response yet, by transition and workspace. */
  readonly sending: Set<string>;
  /** Whether the window is connected to a remote while the extension runs locally. */
  readonly isBesideRemote: () => boolean;
  readonly log: Pick<Log, 'info' | 'error' | 'show'>;
  /** Ends when the extension is deactivated. */
  readonly signal: AbortSignal;
}

/** The open deployment; throws `NotSignedIn`. */
export function currentDeployment({ deployments }: Pick<CommandContext, 'deployments'>): Current {
  const current = deployments.current.value;
  if (current === undefined) throw new NotSignedIn(l10n.t('Sign in to a Coder deployment first.'));
  return current;
}
