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

/** One thing that is asked of a deployment. */
export interface Operation {
  readonly name: string;
  /** What a refusal means; called when needed, after translations are there. */
  readonly words?: () => Words;
  /** A 400 of this one says "not now", as V0's 412 and 428 do (contract 0.5). */
  readonly isNotNowIfRefused?: true;
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

// One constant each, so that only those are shipped that the extension asks for.

export const buildInfo: Operation = { name: 'buildInfo' };
export const updateCheck: Operation = { name: 'updateCheck' };
export const authCheck: Operation = { name: 'authCheck' };
export const applicationHost: Operation = { name: 'applicationHost' };
export const sshSettings: Operation = { name: 'sshSettings' };
export const authMethods: Operation = { name: 'authMethods' };
export const login: Operation = {
  name: 'login',
  words: () => ({ unauthorized: l10n.t('Coder does not accept this e-mail address and password.') }),
};
export const logOut: Operation = { name: 'logOut' };
export const getMe: Operation = { name: 'getMe' };
export const getUser: Operation = { name: 'getUser', words: ofUser };
export const listUsers: Operation = {
  name: 'listUsers',
  words: () => ({ refused: badSearch(), fields: badSearch() }),
};
export const listOrganizations: Operation = { name: 'listOrganizations', words: ofUser };
export const getQuota: Operation = { name: 'getQuota', words: ofUser };

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
    missing: l10n.t('You may not create a workspace here, or the template is gone.'),
    forbidden: l10n.t('You may not create this workspace.'),
    refused: l10n.t('The workspace cannot be created like this.'),
    // V0 says 401 when the template belongs to another organization (contract 1.3).
    unauthorized: l10n.t('The template does not belong to this organization, or the session has ended.'),
  }),
};
export const rename: Operation = {
  name: 'rename',
  words: () => ({
    ...ofWorkspace(),
    refused: l10n.t('The workspace cannot be renamed: renaming is switched off here, or the workspace is deleted.'),
  }),
};
export const updateAutostart: Operation = {
  name: 'updateAutostart',
  words: () => ({
    ...ofWorkspace(),
    refused: l10n.t('The start schedule of this workspace cannot be changed like this.'),
  }),
};
export const updateTtl: Operation = {
  name: 'updateTtl',
  words: () => ({
    ...ofWorkspace(),
    refused: l10n.t('The time until this workspace stops cannot be changed like this.'),
  }),
};
export const extend: Operation = {
  name: 'extend',
  words: () => ({
    ...ofWorkspace(),
    refused: l10n.t('The new stop time is not allowed: it must be at least 30 minutes away and within the limits.'),
    conflict: l10n.t(
      'The stop time can be moved only while the workspace is running, is not being built, and stops by itself.',
    ),
  }),
};
export const createBuild: Operation = {
  name: 'createBuild',
  words: () => ({
    ...ofWorkspace(),
    forbidden: l10n.t('You may not build this workspace like this.'),
    // An unknown version is a validation in V0 and a detail in V2 (contract 2.14).
    refused: badBuild(),
    fields: badBuild(),
    conflict: l10n.t('Another build of this workspace is under way, or the workspace is deleted.'),
  }),
};
export const listBuilds: Operation = { name: 'listBuilds', words: ofWorkspace };
export const favorite: Operation = {
  name: 'favorite',
  words: () => ({ ...ofWorkspace(), forbidden: l10n.t('Only your own workspaces can be favorites.') }),
};
export const setDormant: Operation = { name: 'setDormant', words: ofWorkspace };
export const setAutomaticUpdates: Operation = { name: 'setAutomaticUpdates', words: ofWorkspace };
export const resolveAutostart: Operation = { name: 'resolveAutostart', words: ofWorkspace };
export const listPortShares: Operation = { name: 'listPortShares', words: ofWorkspace };
export const sharePort: Operation = {
  name: 'sharePort',
  words: () => ({
    ...ofWorkspace(),
    refused: l10n.t('The port cannot be shared like this: the template sets the widest audience.'),
  }),
};
export const unsharePort: Operation = {
  name: 'unsharePort',
  words: () => ({ ...ofWorkspace(), missing: l10n.t('This port is not shared any more.') }),
};
export const getTimings: Operation = { name: 'getTimings', words: ofWorkspace };
export const reportUsage: Operation = { name: 'reportUsage', words: ofWorkspace };

export const getBuild: Operation = { name: 'getBuild', words: ofBuild };
export const getBuildByNumber: Operation = { name: 'getBuildByNumber', words: ofBuild };
export const cancelBuild: Operation = {
  name: 'cancelBuild',
  words: () => ({
    ...ofBuild(),
    forbidden: l10n.t('The template does not allow canceling its builds.'),
    refused: l10n.t('This build cannot be canceled: it has moved on, has ended, or is being canceled already.'),
  }),
  isNotNowIfRefused: true,
};
export const buildLogs: Operation = { name: 'buildLogs', words: ofBuild };
export const buildResources: Operation = {
  name: 'buildResources',
  words: () => ({
    ...ofBuild(),
    refused: l10n.t('The resources are known once the build has ended.'),
  }),
  isNotNowIfRefused: true,
};
export const buildState: Operation = {
  name: 'buildState',
  words: () => ({
    missing: l10n.t('There is no such build, or you may not see its state.'),
  }),
};
export const buildParameters: Operation = { name: 'buildParameters', words: ofBuild };

export const listTemplates: Operation = {
  name: 'listTemplates',
  words: () => ({ refused: badSearch(), fields: badSearch() }),
};
export const getTemplate: Operation = { name: 'getTemplate', words: ofTemplate };
export const listTemplateVersions: Operation = { name: 'listTemplateVersions', words: ofTemplate };
export const getTemplateVersion: Operation = { name: 'getTemplateVersion', words: ofVersion };
export const versionParameters: Operation = { name: 'versionParameters', words: ofVersion };
export const presets: Operation = { name: 'presets', words: ofVersion };
export const externalAuth: Operation = { name: 'externalAuth', words: ofVersion };
export const dynamicParameters: Operation = { name: 'dynamicParameters', words: ofVersion };

export const getAgent: Operation = { name: 'getAgent', words: ofAgent };
export const agentLogs: Operation = { name: 'agentLogs', words: ofAgent };
export const agentMetadata: Operation = { name: 'agentMetadata', words: ofAgent };
export const listeningPorts: Operation = {
  name: 'listeningPorts',
  words: () => ({ ...ofAgent(), refused: l10n.t('The agent is not connected.') }),
  isNotNowIfRefused: true,
};

export const listTokens: Operation = { name: 'listTokens' };
export const createToken: Operation = {
  name: 'createToken',
  words: () => ({ refused: l10n.t('The token cannot be made like this.') }),
};
export const revokeToken: Operation = { name: 'revokeToken', words: ofToken };
export const tokenLimits: Operation = { name: 'tokenLimits' };

export const instanceIdentity: Operation = { name: 'instanceIdentity', words: identity };
