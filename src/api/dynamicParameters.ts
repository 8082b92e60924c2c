import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { jsonLines } from './json.ts';
import * as operations from './operations.ts';
import { openSocket } from './openSocket.ts';
import { DynamicForm } from './schemas/templateVersions.ts';
import type { Socket } from './socket.ts';
import type { TemplateVersionId, UserId } from './units.ts';

/**
 * A form of a template whose parameters depend on each other (V2, contract 4.2). The server first sends the form with
 * its defaults, then one for each set of values; it closes after 30 minutes.
 */
export class DynamicParameters {
  readonly #socket: Socket;
  readonly #ownerId: UserId;
  #lastSent = -1;

  /** Begins to connect. @throws the signal's reason, when aborted already. */
  static async open(
    calls: Calls,
    id: TemplateVersionId,
    ownerId: UserId,
    signal: AbortSignal,
  ): Promise<DynamicParameters> {
    const path = route`/templateversions/${id}/dynamic-parameters`;
    const request = { operation: operations.dynamicParameters, path };
    return new DynamicParameters(await openSocket(calls, request, signal), ownerId);
  }

  private constructor(socket: Socket, ownerId: UserId) {
    this.#socket = socket;
    this.#ownerId = ownerId;
  }

  /** Asks for the form as it is with these values. */
  async change(inputs: Readonly<Record<string, string>>): Promise<void> {
    // Older forms are outdated from here on, including the unrequested first one.
    const id = Math.max(1, this.#lastSent + 1);
    this.#lastSent = id;
    await this.#socket.opened;
    this.#socket.send(JSON.stringify({ id, inputs, owner_id: this.#ownerId }));
  }

  /**
   * The form as last asked for; answers to older values are dropped. Ends when the server closes.
   * @throws ApiError when refused (`notNow` while importing) or lost
   */
  async *forms(): AsyncGenerator<DynamicForm> {
    try {
      for (;;) {
        const texts = await this.#socket.take();
        if (texts.length === 0) return;
        for (const value of texts.flatMap(jsonLines)) {
          const form = DynamicForm.tryParse(value);
          if (form !== undefined && form.id >= this.#lastSent) yield form;
        }
      }
    } finally {
      this.#socket.close();
    }
  }

  close(): void {
    this.#socket.close();
  }
}
