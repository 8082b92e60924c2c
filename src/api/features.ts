import type { IncomingHttpHeaders } from 'node:http';
import { isOfKind } from './errors.ts';
import type { Operation } from './operations.ts';

/**
 * What a deployment turned out to offer, found by asking and never by its version (contract 1.9). Forgotten when the
 * server says that it is another build now.
 */
export class Features {
  /** Which form of the object streams is served. */
  stream: 'events' | 'socket' | undefined;
  /**
   * Whether the stream of a workspace begins with the workspace itself: in V2, known by the `health` of any workspace;
   * V0 tells only of changes (contract 3.1).
   */
  streamsBeginWithSnapshot: boolean | undefined;
  /** Whether a stop that is to be followed by a start was; known once one has ended. */
  restartsByItself: boolean | undefined;
  /** Operations whose route this deployment does not know. */
  readonly missing = new Set<Operation>();
  #buildVersion: string | undefined;

  /** `X-Coder-Build-Version` of the last answer that had one. */
  get buildVersion(): string | undefined {
    return this.#buildVersion;
  }

  observe(buildVersion: string | string[] | undefined): void {
    if (typeof buildVersion !== 'string' || buildVersion === this.#buildVersion) return;
    if (this.#buildVersion !== undefined) this.forget();
    this.#buildVersion = buildVersion;
  }

  /** A good answer lacks the version: something on the way takes it out, so it tells nothing any more. */
  forgetVersion(): void {
    this.#buildVersion = undefined;
  }

  /** Whether an answer is from a proxy or gateway: it lacks the version that this deployment names in each of its own. */
  isForeign(headers: IncomingHttpHeaders): boolean {
    return this.#buildVersion !== undefined && headers['x-coder-build-version'] === undefined;
  }

  observeWorkspace({ health }: { readonly health?: unknown }): void {
    this.streamsBeginWithSnapshot = health !== undefined;
  }

  /** What `call` gives; `undefined` where the deployment doesn't know its route, which isn't tried again. */
  async tryRoute<T>(operation: Operation, call: () => Promise<T>): Promise<T | undefined> {
    if (this.missing.has(operation)) return undefined;
    try {
      return await call();
    } catch (error) {
      // V0 answers 405 where it knows the path for another method.
      if (!isOfKind(error, 'routeNotFound') && !(isOfKind(error, 'notNow') && error.status === 405)) throw error;
      this.missing.add(operation);
      return undefined;
    }
  }

  forget(): void {
    this.stream = undefined;
    this.streamsBeginWithSnapshot = undefined;
    this.restartsByItself = undefined;
    this.missing.clear();
  }
}
