import * as vscode from 'vscode';
import { onAbort } from '../api/abort.ts';
import { plain } from './escape.ts';
import {
  BACK,
  Dismissed,
  NOTE,
  type Back,
  type CannotGoBack,
  type EntryPrompt,
  type PickManyPrompt,
  type PickPrompt,
  type Prompt,
  type Row,
} from '../model/prompt.ts';
import { whileListening } from './whileListening.ts';

interface Item<T> extends vscode.QuickPickItem {
  readonly row?: Row<T>;
}

/** Asks for one of `rows`; throws `Dismissed`. */
export function pick<T>(prompt: PickPrompt<T> & CannotGoBack): Promise<T>;
export function pick<T>(prompt: PickPrompt<T>): Promise<T | Back>;
export async function pick<T>(prompt: PickPrompt<T>): Promise<T | Back> {
  const box = vscode.window.createQuickPick<Item<T>>();
  dress(box, prompt);
  box.placeholder = plain(prompt.problem ?? prompt.placeholder ?? '');
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.items = prompt.rows.flatMap((row) => (row ? toItems(row) : []));
  const { active } = prompt;
  const activeItems = box.items.filter((item) => item.row !== undefined && active?.(item.row.value) === true);
  if (activeItems.length > 0) box.activeItems = activeItems;
  return settled<T>(box, prompt, (resolve) => [
    box.onDidAccept(() => {
      const row = box.selectedItems[0]?.row;
      if (row === undefined || row.value === NOTE) return;
      // What was typed to find the row itself is no input.
      if (!row.label.toLowerCase().includes(box.value.toLowerCase())) row.take?.(box.value);
      resolve(row.value);
    }),
  ]);
}

/** Asks for any number of `rows`; throws `Dismissed`. */
export function pickMany(prompt: PickManyPrompt & CannotGoBack): Promise<readonly string[]>;
export function pickMany(prompt: PickManyPrompt): Promise<readonly string[] | Back>;
export async function pickMany(prompt: PickManyPrompt): Promise<readonly string[] | Back> {
  const box = vscode.window.createQuickPick<Item<string>>();
  dress(box, prompt);
  box.placeholder = plain(prompt.problem ?? prompt.placeholder ?? '');
  box.canSelectMany = true;
  box.items = prompt.rows.flatMap(toItems);
  box.selectedItems = box.items.filter((item) => item.row !== undefined && prompt.picked(item.row.value));
  const ticked = () => box.selectedItems.flatMap((item) => (item.row === undefined ? [] : [item.row.value]));
  return settled<readonly string[]>(
    box,
    prompt,
    (resolve) => [box.onDidAccept(() => resolve(ticked()))],
    () => JSON.stringify(ticked()),
  );
}

/** Asks for a text that `validate` finds nothing wrong with; throws `Dismissed`. */
export function enter(prompt: EntryPrompt & CannotGoBack): Promise<string>;
export function enter(prompt: EntryPrompt): Promise<string | Back>;
export async function enter(prompt: EntryPrompt): Promise<string | Back> {
  const box = vscode.window.createInputBox();
  dress(box, prompt);
  box.value = prompt.typed ?? prompt.value ?? '';
  box.password = prompt.password ?? false;
  box.placeholder = plain(prompt.placeholder ?? '');
  const show = (problem: string | undefined) => {
    const isGood = problem === undefined && box.value !== '';
    const warning = isGood && prompt.warning?.(box.value);
    box.validationMessage = warning
      ? { message: plain(warning), severity: vscode.InputBoxValidationSeverity.Warning }
      : plain(problem ?? '');
    box.prompt = plain((isGood ? prompt.hint?.(box.value) : undefined) ?? prompt.prompt ?? '');
  };
  show(prompt.problem);
  const buttons = (prompt.buttons ?? []).map((button) => ({
    iconPath: new vscode.ThemeIcon(button.icon),
    tooltip: button.tooltip,
    run: button.run,
  }));
  box.buttons = [...box.buttons, ...buttons];
  return settled<string>(
    box,
    prompt,
    (resolve) => [
      box.onDidChangeValue((value) => show(value === '' ? undefined : prompt.validate?.(value))),
      box.onDidTriggerButton((pressed) => buttons.find((button) => button === pressed)?.run()),
      box.onDidAccept(() => {
        const wrong = prompt.validate?.(box.value);
        show(wrong);
        if (wrong === undefined) resolve(box.value);
      }),
    ],
    () => (box.value === (prompt.value ?? '') ? undefined : box.value),
  );
}

function dress(box: vscode.QuickInput & { buttons: readonly vscode.QuickInputButton[] }, prompt: Prompt): void {
  box.title = plain(prompt.title);
  box.step = prompt.step;
  box.totalSteps = prompt.totalSteps;
  // Keeps the input when the window loses focus.
  box.ignoreFocusOut = true;
  box.buttons = prompt.canGoBack === true ? [vscode.QuickInputButtons.Back] : [];
}

export function toItems<T>(row: Row<T>): Item<T>[] {
  const item: Item<T> = {
    label: plain(row.label),
    alwaysShow: row.take !== undefined,
    ...(row.description === undefined ? {} : { description: plain(row.description) }),
    ...(row.detail === undefined ? {} : { detail: plain(row.detail) }),
    ...(row.icon === undefined
      ? {}
      : { iconPath: row.image === undefined ? new vscode.ThemeIcon(row.icon) : vscode.Uri.parse(row.image, true) }),
    row,
  };
  if (row.heading === undefined) return [item];
  return [{ label: plain(row.heading), kind: vscode.QuickPickItemKind.Separator }, item];
}

/** Shows `box` until `listen`'s listeners resolve, Back is pressed, or it is closed; always disposes of it. */
const settled = <T>(
  box: vscode.QuickInput & { readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton> },
  { signal, onBack }: Prompt,
  listen: (resolve: (value: T) => void) => vscode.Disposable[],
  typed?: () => string | undefined,
): Promise<T | Back> =>
  whileListening<T | Back>((resolve, reject) => {
    const listeners = [
      box,
      ...listen(resolve),
      box.onDidTriggerButton((button) => {
        if (button !== vscode.QuickInputButtons.Back) return;
        const left = typed?.();
        if (left !== undefined) onBack?.(left);
        resolve(BACK);
      }),
      box.onDidHide(() => reject(new Dismissed(typed?.()))),
      { dispose: signal === undefined ? () => undefined : onAbort(signal, () => box.hide()) },
    ];
    box.show();
    if (signal?.aborted === true) box.hide();
    return listeners;
  });
