import * as vscode from 'vscode';

const SECTION = 'coderWorkspaces';

/** What the settings say now; the manifest describes each. */
export interface Settings {
  readonly deadlineShow: 'always' | 'withinHour' | 'never';
  readonly warnBeforeMinutes: readonly number[];
  readonly flattenAgents: boolean;
  readonly showHiddenResources: boolean;
  readonly buildLogOpen: 'never' | 'onFailure' | 'always';
  readonly buildLogTimestamps: boolean;
  readonly confirmStop: boolean;
  readonly maxStreams: number;
}

/** A settings file holds whatever somebody typed: what does not fit counts as the default. */
export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const word = <T extends string>(key: string, words: readonly [T, ...T[]]): T => {
    const value = configuration.get<unknown>(key);
    return words.find((each) => each === value) ?? words[0];
  };
  const flag = (key: string, fallback: boolean): boolean => {
    const value = configuration.get<unknown>(key);
    return typeof value === 'boolean' ? value : fallback;
  };
  const warnBefore = configuration.get<unknown>('deadline.warnBefore');
  const maxStreams = configuration.get<unknown>('maxStreams');
  return {
    deadlineShow: word('deadline.show', ['always', 'withinHour', 'never']),
    warnBeforeMinutes: Array.isArray(warnBefore)
      ? warnBefore.filter((each): each is number => typeof each === 'number' && each > 0)
      : [30, 5],
    flattenAgents: flag('tree.flattenAgents', true),
    showHiddenResources: flag('tree.showHiddenResources', false),
    buildLogOpen: word('buildLog.open', ['onFailure', 'never', 'always']),
    buildLogTimestamps: flag('buildLog.timestamps', false),
    confirmStop: flag('confirm.stop', true),
    maxStreams: typeof maxStreams === 'number' && maxStreams >= 0 ? Math.floor(maxStreams) : 30,
  };
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
