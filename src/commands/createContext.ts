import * as vscode from 'vscode';
import { onAbort } from '../api/abort.ts';
import { inBackground } from '../api/errors.ts';
import { showLoading, showWaiting, withDelayedProgress } from '../host/delayedProgress.ts';
import { isBesideRemote } from '../host/connectedWorkspace.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import { askWhereToSave } from '../host/saveFile.ts';
import { confirm, inform, showBriefly, showError, warn } from '../host/messages.ts';
import { openInBrowser, openInExtension } from '../host/openExternal.ts';
import { enter, pick, pickMany } from '../host/quickInput.ts';
import { TextEditors } from '../host/textEditors.ts';
import { readSettings, stopAskingBeforeStop } from '../host/settings.ts';
import { Documents } from '../views/documents.ts';
import { openBuildLogs, type LogSources } from '../views/openBuildLogs.ts';
import { showBuildProgress } from '../views/buildProgress.ts';
import { WORKSPACES_VIEW } from '../views/workspacesTree.ts';
import type { CommandContext } from './context.ts';
import type { Ui } from './ui.ts';

/** What the commands share with the views. */
export type ContextParts = LogSources &
  Omit<
    CommandContext,
    'ui' | 'texts' | 'buildLogs' | 'settings' | 'stopAskingBeforeStop' | 'isBesideRemote' | 'followed' | 'sending'
  >;

/** The context of the commands in VS Code. */
export function createContext(parts: ContextParts): CommandContext {
  const { log, signal } = parts;
  const texts = new TextEditors();
  onAbort(signal, () => texts.dispose());
  const documents = new Documents(signal);
  const inBackgroundOf =
    (show: typeof inform): Ui['inform'] =>
    (message, buttons) =>
      inBackground(show(message, buttons), (error) => log.error(`a button of "${message}"`, error));
  return {
    ...parts,
    texts,
    buildLogs: openBuildLogs(parts),
    ui: {
      pick,
      pickMany,
      enter,
      editText: (prompt) => texts.edit(prompt),
      readClipboard: async () => vscode.env.clipboard.readText(),
      writeClipboard: async (text) => vscode.env.clipboard.writeText(text),
      showText: (text) => documents.show(text),
      askWhereToSave,
      compareTexts: (title, older, newer) => documents.compare(title, older, newer),
      confirm,
      inform: inBackgroundOf(inform),
      warn: inBackgroundOf(warn),
      showError: inBackgroundOf(showError),
      showBriefly,
      showWaiting: (message, work) => {
        showLoading(WORKSPACES_VIEW, work);
        showWaiting(message, work);
      },
      withDelayedProgress,
      showBuildProgress,
      openInBrowser,
      isInstalled: (extensionId) => vscode.extensions.getExtension(extensionId) !== undefined,
      showExtension: (extensionId) => vscode.commands.executeCommand('extension.open', extensionId),
      openInExtension,
      runCommand: (id, ...args) => vscode.commands.executeCommand(`coderWorkspaces.${id}`, ...args),
      displayLocale: readDisplayLocale,
    },
    settings: readSettings,
    stopAskingBeforeStop,
    isBesideRemote,
    followed: new Set(),
    sending: new Set(),
  };
}
