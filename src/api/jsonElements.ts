import { BACKSLASH, BRACE_BIT, CLOSE, OPEN, QUOTE } from './json.ts';
import { Unreadable } from './schemas/schema.ts';

const COMMA = 0x2c;
const SPACE = 0x20;
const CLOSE_BRACKET = 0x5d;

/**
 * Splits a JSON array that comes in pieces into the texts of its elements, each as soon as it is whole, so that a list of
 * any length costs no more memory than what is kept of it. `null` is an empty list (contract 7.4). Whether an element is
 * JSON is for its reader to find out.
 */
export class JsonElements {
  /** The pieces of an element that has begun. */
  #begun: Uint8Array[] = [];
  /** 0 outside of the array, 1 between its brackets, more inside of an element's. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #outside = '';

  /** The elements that end in `chunk`. @throws Unreadable, when it is no array */
  push(chunk: Uint8Array): string[] {
    const whole: string[] = [];
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (this.#isInString) this.#lookInString(byte);
      else if (this.#depth === 0) {
        this.#lookOutside(byte);
        start = index + 1;
      } else if (byte === QUOTE) this.#isInString = true;
      else if ((byte | BRACE_BIT) === OPEN) this.#depth += 1;
      else if (this.#depth > 1) {
        if ((byte | BRACE_BIT) === CLOSE) this.#depth -= 1;
      } else if (byte === COMMA || byte === CLOSE_BRACKET) {
        const text = Buffer.concat([...this.#begun, chunk.subarray(start, index)]).toString('utf8');
        if (text.trim() !== '') whole.push(text);
        this.#begun = [];
        start = index + 1;
        if (byte === CLOSE_BRACKET) this.#depth = 0;
      }
    }
    if (this.#depth > 0) this.#begun.push(chunk.subarray(start));
    return whole;
  }

  /** The list has ended. @throws Unreadable, when it is not whole */
  end(): void {
    if (this.#depth !== 0 || !['[', 'null'].includes(this.#outside)) throw new Unreadable();
  }

  #lookInString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
  }

  #lookOutside(byte: number): void {
    // Spaces, and the bytes of a byte order mark.
    if (byte <= SPACE || byte > 0x7e) return;
    this.#outside += String.fromCharCode(byte);
    if (this.#outside === '[') this.#depth = 1;
    else if (!'null'.startsWith(this.#outside)) throw new Unreadable();
  }
}
