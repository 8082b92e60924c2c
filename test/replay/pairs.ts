/**
 * Which of the scenario's ids stands for which recorded one. They are learned from answers that are compared: the id at
 * the same place is the same thing. A recorded id that turns up again must mean the same thing again.
 */

export class Pairs {
  readonly #ours = new Map<string, string>();

  /** False when the recorded one is already known as something else. */
  learn(recorded: string, ours: string): boolean {
    const known = this.#ours.get(recorded);
    if (known === undefined) this.#ours.set(recorded, ours);
    return known === undefined || known === ours;
  }

  get(recorded: string): string | undefined {
    return this.#ours.get(recorded);
  }

  must(recorded: string): string {
    const ours = this.#ours.get(recorded);
    if (ours === undefined) throw new Error(`nothing in the scenario stands for ${recorded}`);
    return ours;
  }

  /** The text with every recorded id in it replaced. Unknown ones stay: recordings ask for absent things, too. */
  translate(text: string): string {
    return text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => this.#ours.get(id) ?? id);
  }
}
