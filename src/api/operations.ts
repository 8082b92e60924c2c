import * as l10n from '@vscode/l10n';

/** Messages for the rejections of an operation. Ages differ in HTTP status, not in meaning. */
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

/** An API operation. */
export interface Operation {
  readonly name: string;
  /** What a refusal means; called when needed, after translations are there. */
  readonly words?: () => Words;
  /** A 400 of this one says "not now", as V0's 412 and 428 do (contract 0.5). */
  readonly isNotNowIfRefused?: true;
}

export const noWorkspace = () => l10n.t("The workspace doesn't exist, or you don't have permission to see it.");
export const noBuild = () => l10n.t("The build doesn't exist, or you don't have permission to see it.");
export const noCanceling = () => l10n.t("This template doesn't let its users cancel builds.");
const noTemplate = () => l10n.t("The template doesn't exist, or you don't have permission to see it.");
const noVersion = () => l10n.t("The template version doesn't exist, or you don't have permission to see it.");
const noAgent = () => l10n.t('The agent no longer exists. Every build creates new agents.');
const noUser = () => l10n.t("The user doesn't exist, or you don't have permission to see them.");
const notImported = () => l10n.t('The template is still being imported, or its import failed.');
const notYours = () => l10n.t("You don't have permission to change this workspace.");
const badBuild = () => l10n.t('Coder rejected the template version or the parameter values.');
const badSearch = () => l10n.t("Coder doesn't understand this search.");

const ofWorkspace = (): Words => ({ missing: noWorkspace() });
const toChange = (): Words => ({ ...ofWorkspace(), forbidden: notYours() });
const ofBuild = (): Words => ({ missing: noBuild() });
const ofTemplate = (): Words => ({ missing: noTemplate() });
const ofVersion = (): Words => ({ missing: noVersion(), refused: notImported() });
const ofAgent = (): Words => ({ missing: noAgent() });
const ofUser = (): Words => ({ missing: noUser(), refused: noUser() });
const ofToken = (): Words => ({ missing: l10n.t('The token no longer exists.') });
const identity = (): Words => ({
  unauthorized: l10n.t('Coder rejected the identity document of this machine.'),
  conflict: l10n.t('Several agents belong to this machine. Specify one by name.'),
});

// One constant each, so that unused ones are left out of the bundle.

export const buildInfo: Operation = { name: 'buildInfo' };
export const updateCheck: Operation = { name: 'updateCheck' };
export const authCheck: Operation = { name: 'authCheck' };
export const applicationHost: Operation = { name: 'applicationHost' };
export const sshSettings: Operation = { name: 'sshSettings' };
export const authMethods: Operation = { name: 'authMethods' };
export const login: Operation = {
  name: 'login',
  words: () => ({ unauthorized: l10n.t('Coder rejected this email address and password.') }),
};
export const logOut: Operation = { name: 'logOut' };
export const getMe: Operation = { name: 'getMe' };
export const getUser: Operation = { name: 'getUser', words: ofUser };
export const listUsers: Operation = {
  name: 'listUsers',
  words: () => ({ refused: badSearch(), fields: badSearch() }),
};
export const availableOwners: Operation = { name: 'availableOwners' };
export const listOrganizations: Operation = { name: 'listOrganizations', words: ofUser };
export const getQuota: Operation = { name: 'getQuota', words: ofUser };
export const getLegacyQuota: Operation = { name: 'getLegacyQuota', words: ofUser };
export const getQuietHours: Operation = { name: 'getQuietHours', words: ofUser };

export const listWorkspaces: Operation = {
  name: 'listWorkspaces',
  words: () => ({ refused: badSearch(), fields: badSearch() }),
};
export const getWorkspace: Operation = { name: 'getWorkspace', words: ofWorkspace };
export const getWorkspaceByName: Operation = { name: 'getWorkspaceByName', words: ofWorkspace };
export const watchWorkspace: Operation = { name: 'watchWorkspace', words: ofWorkspace };
export const createWorkspace: Operation = {
  name: 'createWorkspace',
  words: () => ({
    missing: l10n.t("You don't have permission to create a workspace here, or the template no longer exists."),
    forbidden: l10n.t("You don't have permission to create this workspace."),
    refused: l10n.t("Couldn't create the workspace."),
    // V0 says 401 when the template belongs to another organization (contract 1.3).
    unauthorized: l10n.t("The template isn't in this organization, or your session has ended."),
  }),
};
export const rename: Operation = {
  name: 'rename',
  words: () => ({
    ...toChange(),
    refused: l10n.t(
      "Couldn't rename the workspace. Renaming is turned off on this deployment, or the workspace is deleted.",
    ),
  }),
};
export const updateAutostart: Operation = {
  name: 'updateAutostart',
  words: () => ({
    ...toChange(),
    refused: l10n.t("Couldn't change the autostart schedule."),
  }),
};
export const updateTtl: Operation = {
  name: 'updateTtl',
  words: () => ({
    ...toChange(),
    refused: l10n.t("Couldn't change the time before autostop."),
  }),
};
export const extend: Operation = {
  name: 'extend',
  words: () => ({
    ...toChange(),
    refused: l10n.t("The new stop time isn't allowed. It must be at least 30 minutes from now and within the limits."),
    conflict: l10n.t(
      'The stop time can be changed only while the workspace is running, has no build in progress, and has a scheduled stop.',
    ),
  }),
};
export const createBuild: Operation = {
  name: 'createBuild',
  words: () => ({
    ...toChange(),
    forbidden: l10n.t("You don't have permission to create this build."),
    // An unknown version is a validation in V0 and a detail in V2 (contract 2.14).
    refused: badBuild(),
    fields: badBuild(),
    conflict: l10n.t('Another build of this workspace is in progress, or the workspace is deleted.'),
  }),
};
export const listBuilds: Operation = { name: 'listBuilds', words: ofWorkspace };
export const favorite: Operation = {
  name: 'favorite',
  words: () => ({ ...ofWorkspace(), forbidden: l10n.t('Only your own workspaces can be favorites.') }),
};
export const setDormant: Operation = { name: 'setDormant', words: toChange };
export const setAutomaticUpdates: Operation = { name: 'setAutomaticUpdates', words: toChange };
export const resolveAutostart: Operation = { name: 'resolveAutostart', words: ofWorkspace };
export const listPortShares: Operation = { name: 'listPortShares', words: ofWorkspace };
export const sharePort: Operation = {
  name: 'sharePort',
  words: () => ({
    ...toChange(),
    refused: l10n.t("Couldn't share the port. The template limits who it can be shared with."),
  }),
};
export const unsharePort: Operation = {
  name: 'unsharePort',
  words: () => ({ ...toChange(), missing: l10n.t('This port is no longer shared.') }),
};
export const getAcl: Operation = { name: 'getAcl', words: ofWorkspace };
export const changeAcl: Operation = { name: 'changeAcl', words: toChange };
export const getTimings: Operation = { name: 'getTimings', words: ofWorkspace };
export const reportUsage: Operation = { name: 'reportUsage', words: ofWorkspace };

export const getBuild: Operation = { name: 'getBuild', words: ofBuild };
export const getBuildByNumber: Operation = { name: 'getBuildByNumber', words: ofBuild };
export const cancelBuild: Operation = {
  name: 'cancelBuild',
  words: () => ({
    ...ofBuild(),
    forbidden: noCanceling(),
    refused: l10n.t("Couldn't cancel the build. It has moved on, has finished, or is already being canceled."),
  }),
  isNotNowIfRefused: true,
};
export const buildLogs: Operation = { name: 'buildLogs', words: ofBuild };
export const buildResources: Operation = {
  name: 'buildResources',
  words: () => ({
    ...ofBuild(),
    refused: l10n.t('The resources are available once the build has finished.'),
  }),
  isNotNowIfRefused: true,
};
export const buildState: Operation = {
  name: 'buildState',
  words: () => ({
    missing: l10n.t("The build doesn't exist, or you don't have permission to see its state."),
  }),
};
export const buildParameters: Operation = { name: 'buildParameters', words: ofBuild };

export const listTemplates: Operation = { name: 'listTemplates' };
export const getTemplate: Operation = { name: 'getTemplate', words: ofTemplate };
export const listTemplateVersions: Operation = { name: 'listTemplateVersions', words: ofTemplate };
export const getTemplateVersion: Operation = { name: 'getTemplateVersion', words: ofVersion };
export const versionParameters: Operation = { name: 'versionParameters', words: ofVersion };
export const versionResources: Operation = { name: 'versionResources' };
export const presets: Operation = { name: 'presets', words: ofVersion };
export const externalAuth: Operation = { name: 'externalAuth', words: ofVersion };
export const dynamicParameters: Operation = { name: 'dynamicParameters', words: ofVersion };

export const getAgent: Operation = { name: 'getAgent', words: ofAgent };
export const agentLogs: Operation = { name: 'agentLogs', words: ofAgent };
export const agentMetadata: Operation = { name: 'agentMetadata', words: ofAgent };
export const listeningPorts: Operation = {
  name: 'listeningPorts',
  words: () => ({ ...ofAgent(), refused: l10n.t("The agent isn't connected.") }),
  isNotNowIfRefused: true,
};

export const listTokens: Operation = { name: 'listTokens' };
export const createToken: Operation = {
  name: 'createToken',
  words: () => ({ refused: l10n.t("Couldn't create the token.") }),
};
export const revokeToken: Operation = { name: 'revokeToken', words: ofToken };
export const tokenLimits: Operation = { name: 'tokenLimits' };

export const instanceIdentity: Operation = { name: 'instanceIdentity', words: identity };
