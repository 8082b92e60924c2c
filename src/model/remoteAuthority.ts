import { fieldsOf } from '../api/json.ts';

/** The workspace that a window's address names. */
export interface AddressedWorkspace {
  /** Absent: the signed-in user's. */
  readonly ownerName?: string;
  readonly name: string;
  readonly agentName?: string;
  /** The deployment's host name; absent where the address does not tell. */
  readonly hostname?: string;
}

/** How a deployment has its workspaces called in SSH configurations (contract 4.4, `GET /deployment/ssh`). */
export interface SshNames {
  /** In front of the name, such as `coder.`; '' for none. */
  readonly prefix: string;
  /** Behind the name and a dot, such as `coder`; '' for none. */
  readonly suffix: string;
}

export interface KnownDeployment {
  /** The bare host name, as in `DeploymentUrl`. */
  readonly hostname: string;
  /** Asked for only if the address could be made of them. */
  readonly sshNames: () => SshNames;
}

/**
 * The workspace in the authority of a remote window, of any form that contract 9.3 knows; `undefined` for all others.
 * Host names may hold `--`, as each that is not ASCII does: that of `known` is taken off where it fits.
 */
export const readRemoteAuthority = (authority: string, known: KnownDeployment): AddressedWorkspace | undefined => {
  // A container in a workspace: `dev-container+<hex>@ssh-remote+…`.
  const [, encoded] = /^(?:[a-z0-9-]+\+[^@]*@)*ssh-remote\+(.+)$/i.exec(authority) ?? [];
  if (encoded === undefined) return undefined;
  const host = sshHost(encoded).toLowerCase();
  const [, official] = /^coder-vscode(?=[.-])(.*)$/.exec(host) ?? [];
  return official === undefined ? ofSshConfig(host, known.sshNames()) : ofExtension(official, known.hostname);
};

/** `user@host:port`, or as Remote - SSH writes what is not plain: JSON in hexadecimal digits. A whole name ends with a dot. */
const sshHost = (encoded: string): string => {
  const host = /^(?:[0-9a-f]{2})+$/i.test(encoded) ? (hostInHex(encoded) ?? encoded) : encoded;
  return host.replace(/^.*@|\.?(?::\d+)?$/g, '');
};

const hostInHex = (hex: string): string | undefined => {
  try {
    const { hostName } = fieldsOf(JSON.parse(decodeURIComponent(hex.replace(/../g, '%$&'))));
    return typeof hostName === 'string' ? hostName : undefined;
  } catch {
    // It is a name after all, like `cafe`.
    return undefined;
  }
};

/** Behind `coder-vscode`: `.<host>--<owner>--<workspace>[.<agent> or --<agent>]`, or without the host in older releases. */
const ofExtension = (text: string, knownHostname: string): AddressedWorkspace | undefined => {
  if (text.startsWith('--')) return ownerFirst(text.slice(2).split('--'));
  // An IPv6 address stands in brackets.
  const rest = text
    .slice(1)
    .replace(/^\[([^\]]*)\]/, '$1')
    .replace('.--', '--');
  const before = `${knownHostname.toLowerCase()}--`;
  const named = rest.startsWith(before) ? ownerFirst(rest.slice(before.length).split('--')) : undefined;
  if (named !== undefined) return { ...named, hostname: knownHostname.toLowerCase() };
  // Of another deployment: read from the right, where the agent stands in older releases.
  const parts = rest.split('--');
  for (const count of [2, 3]) {
    const hostname = parts.slice(0, -count).join('--');
    const other = ownerFirst(parts.slice(-count));
    if (other !== undefined && isHostname(hostname)) return { ...other, hostname };
  }
  return undefined;
};

/** `<owner>`, `<workspace>[.<agent>]` or `<workspace>`, `<agent>`. Of several dots the first ends the workspace. */
const ownerFirst = ([owner = '', workspace = '', ...rest]: readonly string[]): AddressedWorkspace | undefined => {
  const [name = '', ...ofAgent] = workspace.split('.');
  const [agent, ...more] = [...ofAgent, ...rest];
  if (!isName(owner) || !isName(name) || (rest.length > 0 && more.length > 0)) return undefined;
  return { ownerName: owner, name, ...(agent && { agentName: [agent, ...more].join('.') }) };
};

/** `coder config-ssh` and Coder Connect: `<prefix><name>` or `<name>.<suffix>`. */
const ofSshConfig = (host: string, { prefix, suffix }: SshNames): AddressedWorkspace | undefined => {
  const before = prefix.toLowerCase();
  const after = `.${suffix.toLowerCase().replace(/^[.]/, '')}`;
  if (before !== '' && host.startsWith(before)) return ofCli(host.slice(before.length));
  if (after !== '.' && host.endsWith(after)) return ofCli(host.slice(0, -after.length));
  return undefined;
};

/** As the CLI reads names: dots alone part an agent from its workspace, everything else an owner. */
const ofCli = (text: string): AddressedWorkspace | undefined => {
  const parts = text.split(/\/|--|[.]/);
  const hasDotsOnly = !/\/|--/.test(text);
  if (!parts.every(isName)) return undefined;
  const [first = '', second = '', third] = parts;
  switch (parts.length) {
    case 1:
      return { name: first };
    case 2:
      return hasDotsOnly ? { name: first, agentName: second } : { ownerName: first, name: second };
    case 3:
      return hasDotsOnly
        ? { ownerName: third ?? '', name: second, agentName: first }
        : { ownerName: first, name: second, agentName: third ?? '' };
    default:
      return undefined;
  }
};

/** As Coder lets owners, workspaces and agents be called: hyphens, never two in a row. */
const isName = (text: string): boolean => /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/i.test(text);

/** A last label that holds `--` is the owner's part of a name, except in an encoded one. */
const isHostname = (text: string): boolean =>
  /^[a-z0-9._:[\]-]+$/i.test(text) && !/^(?!xn--).*--/.test(text.split('.').at(-1) ?? '');
