import type { WorkspaceId } from '../api/units.ts';

/** A link in Markdown that runs a command of ours for a workspace; `label` is our own text. */
export const commandLink = (label: string, command: string, workspaceId: WorkspaceId): string =>
  `[${label}](command:coderWorkspaces.${command}?${encoded(JSON.stringify([workspaceId]))})`;

/** Also the marks that `encodeURIComponent` leaves as they are: a bracket would end the link. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
