/** The seventeen operations of the reference document, in its order and by its titles. */
export const documented = [
  'Create workspace by organization',
  'Get workspace by owner and name',
  'Authenticate agent on AWS',
  'Authenticate agent on Azure',
  'Authenticate agent on Google Cloud',
  'Get workspace build',
  'Cancel workspace build',
  'Get workspace build logs',
  'Get build resources',
  'Get build state',
  'List workspaces',
  'Get workspace by ID',
  'Update workspace (rename)',
  'Update autostart schedule',
  'Extend deadline',
  'Update TTL',
  'Watch workspace',
] as const;

/** What an extension needs beyond the document. */
export const extras = [
  'Create workspace build',
  'List workspace builds',
  'Templates and parameters',
  'Workspace extras',
  'Agents',
  'Deployment, users and permissions',
  'Session and tokens',
] as const;

export const operations = [...documented, ...extras] as const;
export type OperationName = (typeof operations)[number];
