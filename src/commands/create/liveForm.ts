import { onAbort } from '../../api/abort.ts';
import type { Calls } from '../../api/calls.ts';
import { inBackground } from '../../api/errors.ts';
import { DynamicParameters } from '../../api/dynamicParameters.ts';
import type { DynamicForm } from '../../api/schemas/templateVersions.ts';
import * as templateVersions from '../../api/templateVersions.ts';
import type { TemplateVersionId, UserId } from '../../api/units.ts';

/** Whose form of which version. */
export interface LiveFormOf {
  readonly versionId: TemplateVersionId;
  readonly ownerId: UserId;
  /** The owner is who is signed in: then the form of the defaults comes without being asked for. */
  readonly isOwn: boolean;
}

interface Waiting {
  readonly form: (form: DynamicForm) => void;
  readonly failure: (error: Error) => void;
}

/** Timeout of the socket: a proxy without WebSocket support may never respond. */
const FIRST_WITHIN_MS = 3000;

/**
 * A form that depends on its answers (V2, contract 4.2), over one socket as long as it lasts: the server ends it after
 * 30 minutes, and the next answers open another. Where no socket ever brings a form, each is asked for by itself.
 */
export class LiveForm {
  readonly #calls: Calls;
  readonly #of: LiveFormOf;
  readonly #signal: AbortSignal;
  #socket: DynamicParameters | undefined;
  #waiting: Waiting | undefined;
  /** `undefined`: not known yet. */
  #socketsWork: boolean | undefined;

  /** The socket ends with `signal`, if not closed before. */
  constructor(calls: Calls, of: LiveFormOf, signal: AbortSignal) {
    this.#calls = calls;
    this.#of = of;
    this.#signal = signal;
  }

  /** The form as it is after `inputs`, never an older one. @throws ApiError, and the signal's reason */
  async after(inputs: Readonly<Record<string, string>>, signal: AbortSignal): Promise<DynamicForm> {
    // Twice, for the socket at hand may have come to its end.
    for (let tries = 0; tries < 2 && this.#socketsWork !== false; tries += 1) {
      try {
        const form = await this.#askSocket(inputs, signal);
        this.#socketsWork = true;
        return form;
      } catch {
        signal.throwIfAborted();
        this.close();
        this.#socketsWork ??= false;
      }
    }
    const { versionId, ownerId } = this.#of;
    return templateVersions.evaluate(this.#calls, versionId, { inputs, ownerId }, signal);
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #askSocket(inputs: Readonly<Record<string, string>>, signal: AbortSignal): Promise<DynamicForm> {
    const within = this.#socketsWork === true ? this.#calls.transport.timeouts.headersMs : FIRST_WITHIN_MS;
    const comesByItself = this.#socket === undefined && this.#of.isOwn && Object.keys(inputs).length === 0;
    const socket = (this.#socket ??= await this.#open());
    return new Promise<DynamicForm>((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error('no form')), within);
      const stopListening = onAbort(signal, () => reject(signal.reason as Error));
      const done = (settle: () => void) => {
        clearTimeout(giveUp);
        stopListening();
        settle();
      };
      this.#waiting = {
        form: (form) => done(() => resolve(form)),
        failure: (error) => done(() => reject(error)),
      };
      if (!comesByItself) socket.change(inputs).catch(this.#waiting.failure);
    });
  }

  async #open(): Promise<DynamicParameters> {
    const { versionId, ownerId } = this.#of;
    const socket = await DynamicParameters.open(this.#calls, versionId, ownerId, this.#signal);
    // A failure rejects the waiting call.
    inBackground(this.#read(socket), () => undefined);
    return socket;
  }

  async #read(socket: DynamicParameters): Promise<void> {
    let failure = new Error('closed');
    try {
      for await (const form of socket.forms()) this.#waiting?.form(form);
    } catch (error) {
      failure = error as Error;
    }
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#waiting?.failure(failure);
  }
}
