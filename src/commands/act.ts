import type { CreateBuildRequest, FollowingStart, LegacyParameterValue } from '../api/requests.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import type { Verb } from '../model/actions.ts';

/** A start after the stop of the same act; made by the extension if the server can't do it. */
export interface ThenStart extends FollowingStart {
  readonly legacyParameterValues?: readonly LegacyParameterValue[] | undefined;
  readonly logLevel?: 'debug' | undefined;
}

/** One requested action: a single build, or a stop followed by a start. */
export interface Act {
  /** The verb whose rule decides whether it is still allowed. */
  readonly verb: Verb;
  readonly request: Omit<CreateBuildRequest, 'onSuccess'>;
  /** Made only once `request` has succeeded. */
  readonly then?: ThenStart | undefined;
  /** Progress title; absent: derived from the build. `name`: the workspace's name at that time. */
  readonly title?: ((name: string) => string) | undefined;
  /** Message after success; absent: the outcome of the last build. */
  readonly ending?: ((name: string, first: Build, last: Build) => string) | undefined;
}

/** A build of an act, and whether somebody else has made it. */
export interface Begun {
  readonly build: Build;
  readonly joined: boolean;
}
