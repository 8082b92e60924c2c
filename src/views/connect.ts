import * as vscode from 'vscode';
import { inBackground } from '../api/errors.ts';
import { plain } from '../host/escape.ts';
import { showLoading } from '../host/delayedProgress.ts';
import { closeTabs, DOCUMENT_SCHEME } from '../host/tabs.ts';
import type { Remembered } from '../host/remembered.ts';
import type { Restarts } from '../host/restarts.ts';
import { onSettingsChange, type Settings } from '../host/settings.ts';
import type { Deployments } from '../model/deployments.ts';
import type { Current } from '../model/openDeployment.ts';
import { viewDescription } from '../model/findingWords.ts';
import type { Disposable } from '../model/observable.ts';
import type { Session } from '../model/session.ts';
import type { State } from '../model/state.ts';
import { waitUntil } from '../model/waiting.ts';
import { onFocus } from '../model/onFocus.ts';
import { tellAttention } from './attention.ts';
import type { AutostopNotices } from './autostopNotices.ts';
import type { DeadlineItem } from './deadlineItem.ts';
import type { DeadlineWarnings } from './deadlineWarnings.ts';
import { WORKSPACES_VIEW } from './workspacesTree.ts';
import type { WorkspacesView } from './workspacesView.ts';

/** The views to connect, and what they need. */
export interface Followers {
  readonly deployments: Deployments;
  readonly workspacesView: WorkspacesView;
  readonly deadlineItem: DeadlineItem;
  readonly warnings: DeadlineWarnings;
  readonly autostop: AutostopNotices;
  readonly remembered: Remembered;
  readonly restarts: Restarts;
  readonly logError: (error: unknown) => void;
  readonly readSettings: () => Settings;
}

/** Redraws all views whenever the state changes, and keeps the session's `Attention` up to date. */
export function connect(followers: Followers): Disposable {
  const { deployments, workspacesView, deadlineItem, warnings, autostop, remembered, restarts, logError } = followers;
  const { view } = workspacesView;
  let ofSession: Disposable | undefined;

  const drawTimes = () => {
    workspacesView.redraw();
    deadlineItem.redraw();
    warnings.check();
  };
  const describe = () => {
    const host = deployments.current.value?.deployment.url.host ?? '';
    const description = plain(viewDescription(host, deployments.state.value));
    if (view.description !== description) view.description = description;
  };
  const draw = () => {
    describe();
    drawTimes();
  };
  const follow = (current: Current | undefined) => {
    ofSession?.dispose();
    ofSession =
      current &&
      vscode.Disposable.from(
        current.session.usualTimes.subscribe(drawTimes),
        // The connected workspace may be known only after the SSH names.
        current.session.sshNames.known.subscribe(drawTimes),
        current.session.clockCorrections.subscribe(drawTimes),
      );
    describe();
    if (current !== undefined) showLoading(WORKSPACES_VIEW, untilRead(current.session));
  };

  // Nothing is drawn yet, because there is no data, and to keep activation short.
  return vscode.Disposable.from(
    { dispose: () => ofSession?.dispose() },
    deployments.state.subscribe((state, previous) => {
      draw();
      autostop.changed(state, previous);
    }),
    deployments.current.subscribe(follow),
    deployments.owner.subscribe(() => {
      // What is in documents is not for whoever signs in next.
      inBackground(
        closeTabs(({ scheme }) => scheme === DOCUMENT_SCHEME),
        logError,
      );
    }),
    onSettingsChange(draw),
    remembered.writes.subscribe(drawTimes),
    // After sleep, timers are late: redraw the times when the window regains focus.
    vscode.window.onDidChangeWindowState(
      onFocus(vscode.window.state.focused, () => {
        inBackground(deployments.reread(), logError);
        restarts.reread();
        drawTimes();
      }),
    ),
    restarts.left.subscribe(() => workspacesView.redraw()),
    tellAttention(followers),
  );
}

/** Resolves when the first state is known; rejects when the session has ended. */
const untilRead = ({ state, signal }: Session): Promise<State> =>
  waitUntil(state, (value): value is State => value.kind !== 'loading', [signal]);
