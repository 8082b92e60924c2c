// What is asked of a person, as plain data; `host` draws it. All text is drawn as plain text.

/** The person asked for the previous step. */
export const BACK = Symbol('back');
export type Back = typeof BACK;

/** The person closed a prompt. Not a failure, so it isn't reported. */
export class Dismissed extends Error {
  override readonly name = 'Dismissed';
  /** What was entered and would be lost; `undefined`: nothing. */
  readonly typed: string | undefined;

  constructor(typed?: string) {
    super();
    this.typed = typed;
  }
}

/** What every prompt may say. */
export interface Prompt {
  readonly title: string;
  readonly placeholder?: string;
  /** Under the box. */
  readonly prompt?: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
  /** What was entered before it was closed: the prompt begins with it. */
  readonly typed?: string | undefined;
  /** Told what was entered and not sent off when *Back* is pressed. */
  readonly onBack?: ((typed: string) => void) | undefined;
  /** Why this step is asked again; drawn until something is changed. */
  readonly problem?: string | undefined;
  /** Closes the prompt as if Esc had been pressed. */
  readonly signal?: AbortSignal | undefined;
}

/** A prompt without *Back*: it is answered or closed. */
export interface CannotGoBack {
  readonly canGoBack?: undefined;
}

export interface Row<T> {
  readonly label: string;
  readonly description?: string | undefined;
  readonly detail?: string | undefined;
  readonly icon?: string | undefined;
  /** The address of a picture of the deployment's own, instead of the icon. */
  readonly image?: string | undefined;
  /** A heading before this row. */
  readonly heading?: string | undefined;
  /** It leads to an input box: it stays in sight whatever is typed, and is told what was typed before it is chosen. */
  readonly take?: ((typed: string) => void) | undefined;
  readonly value: T;
}

export const NOTE = Symbol('note');

/** A row that only informs: it can't be chosen. */
export const noteRow = (label: string): Row<never> => ({ label, icon: 'info', value: NOTE as never });

/** The rows below a heading. */
export const under = <T>(heading: string, rows: readonly Row<T>[]): readonly Row<T>[] =>
  rows.map((row, index) => (index === 0 ? { ...row, heading } : row));

/** Asks for one of `rows`; the first for which `active` holds is where the person begins. */
export interface PickPrompt<T> extends Prompt {
  /** `false` and `undefined` are left out, for rows that depend on a condition. */
  readonly rows: readonly (Row<T> | false | undefined)[];
  readonly active?: (value: T) => boolean;
}

/** Asks for any number of `rows`; those for which `picked` holds are ticked to begin with. What is ticked is JSON. */
export interface PickManyPrompt extends Prompt {
  readonly rows: readonly Row<string>[];
  readonly picked: (value: string) => boolean;
}

/** Asks for a text. */
export interface EntryPrompt extends Prompt {
  readonly value?: string;
  readonly password?: boolean;
  /** The sentence to show, or undefined. Called as one types. */
  readonly validate?: (value: string) => string | undefined;
  /** What a value that nothing is wrong with means, drawn below the box as one types. */
  readonly hint?: (value: string) => string | undefined;
  /** What to consider of a value that nothing is wrong with, drawn as a warning. */
  readonly warning?: (value: string) => string | undefined;
  /** Buttons at the title, with what each does. */
  readonly buttons?: readonly { readonly icon: string; readonly tooltip: string; readonly run: () => void }[];
}

/** Shows a text in an editor, where it can be changed. */
export interface TextPrompt {
  readonly title: string;
  /** Of the document. */
  readonly name: string;
  readonly value: string;
  /** Closes the editor. */
  readonly signal?: AbortSignal | undefined;
}

/** A text to read, in an editor in which it cannot be changed. */
export interface ShownText {
  /** Folders, and last what the tab shows; its ending gives the language: `.log`, `.json`, `.txt`. One text per path. */
  readonly path: readonly string[];
  readonly text: string;
  /** What it is about, for commands that are run on its editor. */
  readonly refs?: Readonly<Record<string, string>>;
  /** Where one begins to read, counted from 0. */
  readonly line?: number | undefined;
}

/** Where a file is to be saved. */
export interface SavePlace {
  /** All of it or nothing; only its owner may read it, where the file system has owners. @throws Error */
  readonly save: (bytes: Uint8Array) => Promise<void>;
}

/** A button under a message. */
export interface Button {
  readonly label: string;
  readonly run: () => unknown;
}
