import * as vscode from 'vscode';
import { settingsOf, type Settings } from './settingValues.ts';

export type { Settings } from './settingValues.ts';

const SECTION = 'coderWorkspaces';

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return settingsOf((key) => configuration.get(key));
}

export function onSettingsChange(listener: (settings: Settings) => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(SECTION)) listener(readSettings());
  });
}

/** "Do not ask again". */
export async function stopAskingBeforeStop(): Promise<void> {
  await vscode.workspace.getConfiguration(SECTION).update('confirm.stop', false, vscode.ConfigurationTarget.Global);
}
