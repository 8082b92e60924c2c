import type {
  Back,
  Button,
  CannotGoBack,
  EntryPrompt,
  PickManyPrompt,
  PickPrompt,
  SavePlace,
  ShownText,
  TextPrompt,
} from '../model/prompt.ts';
import type { DisplayLocale } from '../model/times.ts';
import type { BuildProgress } from '../views/buildProgress.ts';

/** How commands ask, inform, and show: implemented with VS Code by `createContext`, and by tests. */
export interface Ui {
  /** One of the rows. @throws Dismissed */
  pick<T>(prompt: PickPrompt<T> & CannotGoBack): Promise<T>;
  pick<T>(prompt: PickPrompt<T>): Promise<T | Back>;
  /** Any number of the rows. @throws Dismissed */
  pickMany(prompt: PickManyPrompt & CannotGoBack): Promise<readonly string[]>;
  pickMany(prompt: PickManyPrompt): Promise<readonly string[] | Back>;
  /** A text that `validate` finds nothing wrong with. @throws Dismissed */
  enter(prompt: EntryPrompt & CannotGoBack): Promise<string>;
  enter(prompt: EntryPrompt): Promise<string | Back>;
  /** The text as it was edited; `undefined`: it is to stay as it was. @throws Dismissed when the signal aborts */
  editText(prompt: TextPrompt): Promise<string | undefined>;
  readClipboard(): Promise<string>;
  writeClipboard(text: string): Promise<void>;
  /** Opens a read-only editor. */
  showText(text: ShownText): Promise<void>;
  /** The dialog where a file is to be saved; `undefined`: it was closed. */
  askWhereToSave(name: string): Promise<SavePlace | undefined>;
  /** VS Code's comparison. */
  compareTexts(title: string, older: ShownText, newer: ShownText): Promise<void>;
  /** Shows a modal question; resolves to the pressed label or `undefined`. `leave`: the label of the button that cancels. */
  confirm<L extends string>(
    question: string,
    detail: string,
    labels: readonly L[],
    leave?: string,
  ): Promise<L | undefined>;

  /** Notifications, which nobody waits for; a failing button is logged. */
  inform(message: string, buttons?: readonly Button[]): void;
  warn(message: string, buttons?: readonly Button[]): void;
  showError(message: string, buttons?: readonly Button[]): void;
  /** In the status bar, for a moment. */
  showBriefly(message: string): void;
  /** In the status bar and along the workspaces, until `work` settles. */
  showWaiting(message: string, work: Promise<unknown>): void;
  /** Waits for `work`; after a moment it says what for, and may be called off. @throws Dismissed and what `work` throws */
  withDelayedProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** The notification of a build, until `ended` settles or *Cancel* is pressed. */
  showBuildProgress(progress: BuildProgress, ended: Promise<unknown>): Promise<'ended' | 'cancelPressed'>;

  /** @throws Error for anything but http and https */
  openInBrowser(address: string): Promise<void>;
  isInstalled(extensionId: string): boolean;
  /** Opens the page of an extension. */
  showExtension(extensionId: string): unknown;
  /** Hands `path` and `query` to the URI handler of another extension. */
  openInExtension(extensionId: string, path: string, query: string): Promise<void>;
  /** Runs a command of the table. */
  runCommand(id: string, ...args: unknown[]): unknown;

  /** Read each time, because settings and time zone may change. */
  displayLocale(): DisplayLocale;
}
