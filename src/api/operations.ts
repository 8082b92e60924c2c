import * as l10n from '@vscode/l10n';

/** What a refusal of an operation means to the person who asked for it. Ages differ in status, not in meaning. */
export interface Words {
  /** 404: absent, or hidden from this person (contract 0.6). */
  readonly missing?: string;
  /** 403 */
  readonly forbidden?: string;
  /** 400, 405, 406, 409, 412, 425 and 428: the server says "not now" or "not so" (contract 0.5). */
  readonly refused?: string;
  /** 409, where it says more than `refused`. */
  readonly conflict?: string;
  /** Instead of naming the fields that `validations` name, where one age names none or a person knows none. */
  readonly fields?: string;
  /** 401, where it is not about the session. */
  readonly unauthorized?: string;
}

const noWorkspace = () => l10n.t('There is no such workspace, or you may not see it.');
const noBuild = () => l10n.t('There is no such build, or you may not see it.');
const noTemplate = () => l10n.t('There is no such template, or you may not see it.');
const noVersion = () => l10n.t('There is no such version of a template, or you may not see it.');
const noAgent = () => l10n.t('There is no such agent any more: each build makes new ones.');
const noUser = () => l10n.t('There is no such user, or you may not see them.');
const notImported = () => l10n.t('The template is still being imported, or its import failed.');
const notYours = () => l10n.t('You may see this workspace, but not change it.');
const badBuild = () => l10n.t('Coder does not accept the version or the values of this build.');
const badSearch = () => l10n.t('Coder does not understand this search.');

const nothingSpecial = (): Words => ({});
const ofWorkspace = (): Words => ({ missing: noWorkspace(), forbidden: notYours() });
const ofBuild = (): Words => ({ missing: noBuild() });
const ofTemplate = (): Words => ({ missing: noTemplate() });
const ofVersion = (): Words => ({ missing: noVersion(), refused: notImported() });
const ofAgent = (): Words => ({ missing: noAgent() });
const ofUser = (): Words => ({ missing: noUser(), refused: noUser() });
const ofToken = (): Words => ({ missing: l10n.t('There is no such token any more.') });
const identity = (): Words => ({
  unauthorized: l10n.t('Coder does not accept the identity document of this machine.'),
  missing: l10n.t('No agent of this deployment belongs to this machine.'),
  refused: l10n.t('The identity document cannot be used: it is incomplete, or the workspace has been rebuilt since.'),
  conflict: l10n.t('Several agents belong to this machine: name the one that is meant.'),
});

/** Every operation of the client, with the words for its refusals; called when needed, after translations are there. */
export const words = {
  buildInfo: nothingSpecial,
  updateCheck: nothingSpecial,
  authCheck: nothingSpecial,
  applicationHost: nothingSpecial,
  sshSettings: nothingSpecial,
  authMethods: nothingSpecial,
  login: (): Words => ({ unauthorized: l10n.t('Coder does not accept this e-mail address and password.') }),
  logOut: nothingSpecial,
  getMe: nothingSpecial,
  getUser: ofUser,
  listUsers: (): Words => ({ refused: badSearch(), fields: badSearch() }),
  listOrganizations: ofUser,
  getQuota: ofUser,

  listWorkspaces: (): Words => ({ refused: badSearch(), fields: badSearch() }),
  getWorkspace: ofWorkspace,
  getWorkspaceByName: ofWorkspace,
  watchWorkspace: ofWorkspace,
  createWorkspace: (): Words => ({
    missing: l10n.t('You may not create a workspace here, or the template is gone.'),
    forbidden: l10n.t('You may not create this workspace.'),
    refused: l10n.t('The workspace cannot be created like this.'),
    // V0 says 401 when the template belongs to another organization (contract 1.3).
    unauthorized: l10n.t('The template does not belong to this organization, or the session has ended.'),
  }),
  rename: (): Words => ({
    ...ofWorkspace(),
    refused: l10n.t('The workspace cannot be renamed: renaming is switched off here, or the workspace is deleted.'),
  }),
  updateAutostart: (): Words => ({
    ...ofWorkspace(),
    refused: l10n.t('The start schedule of this workspace cannot be changed like this.'),
  }),
  updateTtl: (): Words => ({
    ...ofWorkspace(),
    refused: l10n.t('The time until this workspace stops cannot be changed like this.'),
  }),
  extend: (): Words => ({
    ...ofWorkspace(),
    refused: l10n.t('The new stop time is not allowed: it must be at least 30 minutes away and within the limits.'),
    conflict: l10n.t(
      'The stop time can be moved only while the workspace is running, is not being built, and stops by itself.',
    ),
  }),
  createBuild: (): Words => ({
    ...ofWorkspace(),
    forbidden: l10n.t('You may not build this workspace like this.'),
    // An unknown version is a validation in V0 and a detail in V2 (contract 2.14).
    refused: badBuild(),
    fields: badBuild(),
    conflict: l10n.t('Another build of this workspace is under way, or the workspace is deleted.'),
  }),
  listBuilds: ofWorkspace,
  favorite: (): Words => ({ ...ofWorkspace(), forbidden: l10n.t('Only your own workspaces can be favorites.') }),
  setDormant: ofWorkspace,
  setAutomaticUpdates: ofWorkspace,
  resolveAutostart: ofWorkspace,
  listPortShares: ofWorkspace,
  sharePort: (): Words => ({
    ...ofWorkspace(),
    refused: l10n.t('The port cannot be shared like this: the template sets the widest audience.'),
  }),
  unsharePort: (): Words => ({ ...ofWorkspace(), missing: l10n.t('This port is not shared any more.') }),
  getTimings: ofWorkspace,
  reportUsage: ofWorkspace,

  getBuild: ofBuild,
  getBuildByNumber: ofBuild,
  cancelBuild: (): Words => ({
    ...ofBuild(),
    forbidden: l10n.t('The template does not allow canceling its builds.'),
    refused: l10n.t('This build cannot be canceled: it has moved on, has ended, or is being canceled already.'),
  }),
  buildLogs: ofBuild,
  buildResources: (): Words => ({
    ...ofBuild(),
    refused: l10n.t('The resources are known once the build has ended.'),
  }),
  buildState: (): Words => ({
    missing: l10n.t('There is no such build, or you may not see its state.'),
  }),
  buildParameters: ofBuild,

  listTemplates: (): Words => ({ refused: badSearch(), fields: badSearch() }),
  getTemplate: ofTemplate,
  listTemplateVersions: ofTemplate,
  getTemplateVersion: ofVersion,
  versionParameters: ofVersion,
  presets: ofVersion,
  externalAuth: ofVersion,
  dynamicParameters: ofVersion,

  getAgent: ofAgent,
  agentLogs: ofAgent,
  agentMetadata: ofAgent,
  listeningPorts: (): Words => ({ ...ofAgent(), refused: l10n.t('The agent is not connected.') }),

  listTokens: nothingSpecial,
  createToken: (): Words => ({ refused: l10n.t('The token cannot be made like this.') }),
  revokeToken: ofToken,
  tokenLimits: nothingSpecial,

  instanceIdentity: identity,
} satisfies Record<string, () => Words>;

export type Operation = keyof typeof words;
