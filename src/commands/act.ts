import type { CreateBuildRequest, FollowingStart, LegacyParameterValue } from '../api/requests.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import type { Verb } from '../model/actions.ts';

/** A start that follows a stop of the same act; what the server cannot be told to follow with is made by us. */
export interface ThenStart extends FollowingStart {
  readonly legacyParameterValues?: readonly LegacyParameterValue[];
  readonly logLevel?: 'debug';
}

/** What a person wants built: one build, or a stop and the start after it. */
export interface Act {
  /** Whose rule says whether it can still be done. */
  readonly verb: Verb;
  readonly request: Omit<CreateBuildRequest, 'onSuccess'>;
  /** Made only once `request` has succeeded. */
  readonly then?: ThenStart;
  /** What the notification says while it goes on; left out: what the build says. `name`: the workspace's by then. */
  readonly title?: (name: string) => string;
  /** What is said of a whole success; left out: how the last build ended. */
  readonly ending?: (name: string, first: Build, last: Build) => string;
}

/** A build of an act, and whether somebody else has made it. */
export interface Begun {
  readonly build: Build;
  readonly joined: boolean;
}
