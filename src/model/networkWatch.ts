/** Whether this machine's addresses have changed during an outage: another network may reach what this one did not. */
export class NetworkWatch {
  readonly #addresses: () => string;
  #known: string | undefined;

  constructor(addresses: () => string) {
    this.#addresses = addresses;
  }

  /** Asked again and again; outside an outage nothing is looked up. */
  hasChanged(isAway: boolean): boolean {
    const before = this.#known;
    this.#known = isAway ? this.#addresses() : undefined;
    return before !== undefined && this.#known !== undefined && this.#known !== before;
  }
}
