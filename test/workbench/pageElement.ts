// What the functions that run inside the page use of an element. The project is compiled without the DOM's types,
// so that nothing meant for the extension host can use a browser's globals by accident.

export interface PageElement {
  readonly className: string;
  readonly textContent: string | null;
  /** As it is drawn; empty while hidden. */
  readonly innerText: string;
  /** Of a box to type in. */
  readonly value?: string;
  readonly classList: { contains(name: string): boolean };
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  getBoundingClientRect(): { readonly top: number; readonly height: number };
}

export interface PageGlobals {
  readonly navigator: {
    readonly clipboard: { readText(): Promise<string>; writeText(text: string): Promise<void> };
  };
}
