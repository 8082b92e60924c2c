import assert from 'node:assert/strict';
import type { Ui } from '../src/commands/ui.ts';
import type { Observable } from '../src/model/observable.ts';
import {
  BACK,
  Dismissed,
  type Button,
  type EntryPrompt,
  type PickManyPrompt,
  type PickPrompt,
  type Row,
  type ShownText,
  type TextPrompt,
} from '../src/model/prompt.ts';

/** With the rows that are shown. */
export type PickQuestion<T = unknown> = Omit<PickPrompt<T>, 'rows'> & {
  readonly kind: 'pick';
  readonly rows: readonly Row<T>[];
};

/** What a verb asks. */
export type Question =
  | PickQuestion
  | ({ readonly kind: 'pickMany' } & PickManyPrompt)
  | ({ readonly kind: 'enter' } & EntryPrompt)
  | ({ readonly kind: 'edit' } & TextPrompt)
  | { readonly kind: 'save'; readonly title: string }
  | {
      readonly kind: 'confirm';
      readonly title: string;
      readonly detail: string;
      readonly labels: readonly string[];
      /** The way out, where it has a name of its own. */
      readonly leave: string | undefined;
    };

/** What the person does; thrown `Dismissed` is Esc. */
export type Answer = (question: Question) => unknown;

export const escape: Answer = () => {
  throw new Dismissed();
};
/** Esc, with something in the box that was not sent off. */
export const escapeTyping =
  (text: string): Answer =>
  () => {
    throw new Dismissed(text);
  };
export const back: Answer = () => BACK;
/** *Back*, with something entered that was not sent off. */
export const backTyping =
  (text: string): Answer =>
  (question) => {
    assert.ok('onBack' in question, `"${question.title}" keeps nothing`);
    question.onBack?.(text);
    return BACK;
  };

/** The row whose label is `label`, or rows for a prompt that takes several. */
export const choose =
  (...labels: string[]): Answer =>
  (question) => {
    assert.ok('rows' in question, `"${question.title}" has no rows`);
    const values = labels.map((label) => {
      const row = question.rows.find((each) => each.label === label);
      assert.ok(row, `"${label}" is not among ${question.rows.map((each) => each.label).join(' | ')}`);
      return row.value;
    });
    return question.kind === 'pickMany' ? values : values[0];
  };

/** That row, after typing `text` where one selects, which no row contains. */
export const chooseAfterTyping =
  (text: string, label: string): Answer =>
  (question) => {
    const row = 'rows' in question ? question.rows.find((each) => each.label === label) : undefined;
    assert.ok(row?.take !== undefined, `"${question.title}" has no row "${label}" that takes what is typed`);
    row.take(text);
    return row.value;
  };

/** A text, entered as it stands there or as given; it has to pass the box's own check. */
export const type =
  (text?: string): Answer =>
  (question) => {
    assert.ok(question.kind === 'enter', `"${question.title}" is no input box`);
    const value = text ?? question.typed ?? question.value ?? '';
    assert.equal(question.validate?.(value), undefined, `"${question.title}" does not take "${value}"`);
    return value;
  };

/** A text as it is edited in an editor; without one the editor is closed. */
export const edit =
  (text?: string): Answer =>
  (question) => {
    assert.ok(question.kind === 'edit', `"${question.title}" is no editor`);
    return text;
  };

/** A button of a modal question; without one it is closed. */
export const press =
  (label?: string): Answer =>
  (question) => {
    assert.ok(question.kind === 'confirm', `"${question.title}" is no modal question`);
    if (label !== undefined) assert.ok(question.labels.includes(label), `"${label}" is not offered`);
    return label;
  };

export interface Toast {
  readonly kind: 'information' | 'warning' | 'error';
  readonly message: string;
  readonly buttons: readonly Button[];
}

interface ShownBuild {
  readonly title: string;
  readonly message: Observable<string>;
  readonly cancellable: boolean;
  readonly pressCancel: () => void;
}

/** A person who answers by a script and remembers what was said. A question that no answer is left for fails the verb. */
export class ScriptedUi implements Ui {
  readonly questions: Question[] = [];
  /** What answers found wrong with their questions. A command takes what they throw for its own failure and reports it. */
  readonly failures: Error[] = [];
  readonly toasts: Toast[] = [];
  readonly briefly: string[] = [];
  readonly waits: { readonly title: string; readonly pressCancel: () => void }[] = [];
  readonly builds: ShownBuild[] = [];
  readonly waiting: { readonly message: string; isOver: boolean }[] = [];
  readonly opened: string[] = [];
  readonly executed: unknown[][] = [];
  readonly installed = new Set<string>();
  clipboard = '';
  /** Documents that were opened. */
  readonly texts: ShownText[] = [];
  /** Comparisons that were opened. */
  readonly comparisons: { readonly title: string; readonly older: ShownText; readonly newer: ShownText }[] = [];
  /** What is answered whenever it is asked, by the question's title; such answers need no script. */
  readonly standing = new Map<string, Answer>();
  readonly #answers: Answer[] = [];

  /** In the order of the questions. */
  answers(...answers: Answer[]): void {
    this.#answers.push(...answers);
  }

  get unused(): number {
    return this.#answers.length;
  }

  /** The messages of all toasts so far. */
  get said(): string[] {
    return this.toasts.map((toast) => toast.message);
  }

  pick<T>(prompt: PickPrompt<T>): Promise<never> {
    const { rows, ...others } = prompt as PickPrompt<unknown>;
    return this.#ask({ kind: 'pick', ...others, rows: rows.filter((row) => row !== undefined && row !== false) });
  }

  pickMany(prompt: PickManyPrompt): Promise<never> {
    return this.#ask({ kind: 'pickMany', ...prompt });
  }

  enter(prompt: EntryPrompt): Promise<never> {
    return this.#ask({ kind: 'enter', ...prompt });
  }

  editText(prompt: TextPrompt): Promise<never> {
    return this.#ask({ kind: 'edit', ...prompt });
  }

  readClipboard(): Promise<string> {
    return Promise.resolve(this.clipboard);
  }

  writeClipboard(text: string): Promise<void> {
    this.clipboard = text;
    return Promise.resolve();
  }

  showText(text: ShownText): Promise<void> {
    this.texts.push(text);
    return Promise.resolve();
  }

  askWhereToSave(name: string): Promise<never> {
    return this.#ask({ kind: 'save', title: name });
  }

  compareTexts(title: string, older: ShownText, newer: ShownText): Promise<void> {
    this.comparisons.push({ title, older, newer });
    return Promise.resolve();
  }

  confirm(title: string, detail: string, labels: readonly string[], leave?: string): Promise<never> {
    return this.#ask({ kind: 'confirm', title, detail, labels, leave });
  }

  inform(message: string, buttons: readonly Button[] = []): void {
    this.toasts.push({ kind: 'information', message, buttons });
  }

  warn(message: string, buttons: readonly Button[] = []): void {
    this.toasts.push({ kind: 'warning', message, buttons });
  }

  showError(message: string, buttons: readonly Button[] = []): void {
    this.toasts.push({ kind: 'error', message, buttons });
  }

  showBriefly(message: string): void {
    this.briefly.push(message);
  }

  showWaiting(message: string, work: Promise<unknown>): void {
    const waiting = { message, isOver: false };
    this.waiting.push(waiting);
    const end = (): void => void (waiting.isOver = true);
    work.then(end, end);
  }

  withDelayedProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const stop = new AbortController();
    this.waits.push({ title, pressCancel: () => stop.abort(new Dismissed()) });
    return work(AbortSignal.any([signal, stop.signal]));
  }

  showBuildProgress(
    { title, message, cancellable }: Parameters<Ui['showBuildProgress']>[0],
    ended: Promise<unknown>,
  ): Promise<'ended' | 'cancelPressed'> {
    return new Promise((resolve, reject) => {
      this.builds.push({ title, message, cancellable, pressCancel: () => resolve('cancelPressed') });
      ended.then(() => resolve('ended'), reject);
    });
  }

  openInBrowser(address: string): Promise<void> {
    this.opened.push(address);
    return Promise.resolve();
  }

  isInstalled(extensionId: string): boolean {
    return this.installed.has(extensionId);
  }

  showExtension(extensionId: string): unknown {
    this.executed.push(['extension.open', extensionId]);
    return undefined;
  }

  openInExtension(extensionId: string, path: string, query: string): Promise<void> {
    this.opened.push(`${extensionId}${path}?${query}`);
    return Promise.resolve();
  }

  runCommand(id: string, ...args: unknown[]): unknown {
    this.executed.push([`coderWorkspaces.${id}`, ...args]);
    return undefined;
  }

  displayLocale() {
    return { locale: 'en', typedLocale: 'en', timeZone: 'UTC', hourCycle: 'h23', showsZone: false } as const;
  }

  async #ask(question: Question): Promise<never> {
    const standing = this.standing.get(question.title);
    if (standing === undefined) this.questions.push(question);
    try {
      const answer = standing ?? this.#answers.shift();
      assert.ok(answer, `nobody answers "${question.title}"`);
      const given = await answer(question);
      if ('signal' in question && question.signal?.aborted === true) throw new Dismissed();
      return given as never;
    } catch (error) {
      if (error instanceof assert.AssertionError) this.failures.push(error);
      throw error;
    }
  }
}
