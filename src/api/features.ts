import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from './operations.ts';

/**
 * What a deployment turned out to offer, found by asking and never by its version (contract 1.9). Forgotten when the
 * server says that it is another build now.
 */
export class Features {
  /** Where a workspace is created: V2 has the user's route, V0 only the organization's. */
  createRoute: 'user' | 'organization' | undefined;
  /** What a version's parameters are read as: V2's rich ones, or V0's schema. */
  parameters: 'rich' | 'legacy' | undefined;
  /** Which form of the object streams is served. */
  stream: 'events' | 'socket' | undefined;
  /**
   * Whether the stream of a workspace begins with the workspace itself: in V2, known by the `health` of any workspace;
   * V0 tells only of changes (contract 3.1).
   */
  streamsBeginWithSnapshot: boolean | undefined;
  /** Whether a stop that is to be followed by a start was; known once one has ended. */
  restartsByItself: boolean | undefined;
  /** Operations whose route this deployment does not know: not asked for again. */
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

  /** Whether an answer is from a proxy or gateway: it lacks the version that this deployment names in each of its own. */
  isForeign(headers: IncomingHttpHeaders): boolean {
    return this.#buildVersion !== undefined && headers['x-coder-build-version'] === undefined;
  }

  observeWorkspace({ health }: { readonly health?: unknown }): void {
    this.streamsBeginWithSnapshot = health !== undefined;
  }

  forget(): void {
    this.createRoute = undefined;
    this.parameters = undefined;
    this.stream = undefined;
    this.streamsBeginWithSnapshot = undefined;
    this.restartsByItself = undefined;
    this.missing.clear();
  }
}
