import type { WorkspaceId } from '../api/units.ts';

/** A link in Markdown that runs a command of ours for a workspace; `label` is our own text. */
export const commandLink = (label: string, command: string, workspaceId: WorkspaceId): string =>
  `[${label}](command:coderWorkspaces.${command}?${encodeURIComponent(JSON.stringify([workspaceId]))})`;
