/** Detects during an outage that the machine's addresses changed: the deployment may be reachable from the new network. */
export class NetworkWatch {
  readonly #addresses: () => string;
  #known: string | undefined;

  constructor(addresses: () => string) {
    this.#addresses = addresses;
  }

  /** Called on every heartbeat; reads the addresses only during an outage. */
  hasChanged(isAway: boolean): boolean {
    const before = this.#known;
    this.#known = isAway ? this.#addresses() : undefined;
    return before !== undefined && this.#known !== undefined && this.#known !== before;
  }
}
