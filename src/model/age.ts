import type { Workspace } from '../api/schemas/workspaces.ts';

/** V0 has no automatic updates, nor what came with them: dormancy, favorites, parameters that are told (contract 1.9). */
export const isOld = ({ automatic_updates }: Workspace): boolean => automatic_updates === undefined;
