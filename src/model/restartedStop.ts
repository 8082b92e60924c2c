import type { Build } from '../api/schemas/workspaces.ts';

/** What the stop of a restart is called on record: known before it is made, unlike its id. */
export const restartedStop = ({
  workspace_id: id,
  build_number: number,
}: Pick<Build, 'workspace_id' | 'build_number'>) => `${id}#${number}`;
