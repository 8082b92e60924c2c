import * as vscode from 'vscode';
import type { Button } from '../model/prompt.ts';
import { plain } from './escape.ts';

type Show = (message: string, ...labels: string[]) => Thenable<string | undefined>;

const shown =
  (show: Show) =>
  async (message: string, buttons: readonly Button[] = []): Promise<void> => {
    const label = await show(plain(message), ...buttons.map((button) => button.label));
    await buttons.find((button) => button.label === label)?.run();
  };

/** Toasts. Each resolves when it was closed, or when what its button does has ended. */
export const inform = shown((message, ...labels) => vscode.window.showInformationMessage(message, ...labels));
export const warn = shown((message, ...labels) => vscode.window.showWarningMessage(message, ...labels));
export const showError = shown((message, ...labels) => vscode.window.showErrorMessage(message, ...labels));

const BRIEFLY_MS = 5_000;

/** Says something in the status bar for a moment. */
export const showBriefly = (message: string): void => {
  vscode.window.setStatusBarMessage(plain(message), BRIEFLY_MS);
};

/**
 * A modal question. `leave` labels the button that closes it, because VS Code's *Cancel* next to *Cancel Build* would be
 * ambiguous. Resolves to the pressed label or `undefined`.
 */
export async function confirm<L extends string>(
  question: string,
  detail: string,
  labels: readonly L[],
  leave?: string,
): Promise<L | undefined> {
  const items: vscode.MessageItem[] = labels.map((title) => ({ title }));
  if (leave !== undefined) items.push({ title: leave, isCloseAffordance: true });
  const pressed = await vscode.window.showWarningMessage(
    plain(question),
    { modal: true, detail: detail.split('\n').map(plain).join('\n') },
    ...items,
  );
  return labels.find((each) => each === pressed?.title);
}
