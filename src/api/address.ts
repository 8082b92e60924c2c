import * as l10n from '@vscode/l10n';
import { isToken, withoutTokens } from './plainText.ts';

/** Where a deployment is. */
export interface DeploymentUrl {
  /** Scheme, host, port and path prefix, without a trailing slash. */
  readonly href: string;
  /** What deployments are told apart by: `host[:port][/path]`; plain HTTP always names its port. */
  readonly key: string;
  /** Host and, where it is not the usual one, port: what a person is shown. */
  readonly host: string;
  /** The bare host name or address that a certificate must name. */
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
  /** Path prefix, '' or '/prefix' (contract 1.6: only behind a proxy that strips it). */
  readonly prefix: string;
}

/** What is longer was pasted by mistake, and isn't looked into: it may have any length. */
const LONGEST = 2_000;

/** What was typed is no address; `message` is one sentence for people. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/**
 * Reads an address as a person types or copies it: a missing scheme is added (https; http on this machine itself),
 * quotes, brackets and a full stop around it, trailing slashes, query and fragment are dropped, a path prefix is kept. Of a
 * copied line, such as `coder login https://coder.example.com` or `CODER_URL=…`, the address in it is read. Full-width
 * characters are those of ASCII.
 * @throws AddressError
 */
export const parseDeploymentUrl = (input: string): DeploymentUrl => {
  if (input.length > LONGEST) throw new AddressError(l10n.t("“{0}” isn't a valid address.", shorten(input)));
  const typed = addressIn(input.normalize('NFKC').replace(/[\u200B-\u200F\u2060\uFEFF]/g, ''))
    .replace(/^[\s<("'`„\p{Pi}\p{Pf}]+|[\s>)"'`.,;\p{Pi}\p{Pf}]+$/gu, '')
    .replace(/^(https?)(?::[/\\]*|[/\\]{2,})(?=[^\d/\\])/i, '$1://');
  // To look up a token's host would send it to name servers.
  if (typed === '' || isToken(typed)) throw new AddressError(l10n.t('Enter the address of a Coder deployment.'));
  const url = toUrl(typed);
  if (url === undefined) throw new AddressError(l10n.t("“{0}” isn't a valid address.", shorten(typed)));
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new AddressError(l10n.t('The address must begin with https:// or http://.'));
  }
  if (url.username !== '' || url.password !== '') {
    throw new AddressError(l10n.t('Remove the user name and password from the address.'));
  }
  // With a full stop at its end a host is called by its whole name: it is the same one.
  url.hostname = url.hostname.replace(/\.$/, '');
  return deploymentAt(url, url.pathname.replace(/\/+$/, '').replace(/\/{2,}/g, '/'));
};

const addressIn = (text: string): string => {
  const line = text.replace(/^\W*(?:coder login\s+(?=[^\s-])|(?:[a-z]+ )?CODER_\w*URL\s*=)/i, '');
  const found = /^\W*https?:/i.test(line) ? null : line.match(/(?<![\w=])https?:\/\/[^\s<>()"'`\p{Pi}\p{Pf}]+/giu);
  return found?.length === 1 ? found[0] : line.replace(/(?<=\S)\s+--?[a-z][^]*$/i, '');
};

/**
 * Where Coder may be for an address that was copied from the browser, the likeliest first: as typed, for it may lie
 * behind a prefix; without what follows a path of its dashboard or API; at the root; for `app--agent--workspace--owner.`
 * in front of a host, the host behind it.
 * @throws AddressError
 */
export const deploymentCandidates = (input: string): readonly DeploymentUrl[] => {
  const typed = parseDeploymentUrl(input);
  const url = new URL(typed.href);
  const steps = typed.prefix.split('/');
  // A prefix may be called like a page, too: the longest one first.
  const beforePages = steps
    .flatMap((step, index) =>
      /^(?:@|%40)/.test(step) || PAGES.has(step.toLowerCase()) ? [steps.slice(0, index).join('/')] : [],
    )
    .reverse();
  const prefixes = [typed.prefix, ...beforePages, ''];
  const here = [...new Set(prefixes)].map((prefix) => deploymentAt(url, prefix));
  const app = /^(?!xn--)[^.]*--[^.]*\.(?=.*[^\d.])/.exec(url.host)?.[0];
  if (app === undefined) return here;
  url.host = url.host.slice(app.length);
  return [...here, deploymentAt(url, '')];
};

/** What paths of Coder begin with, in both ages, besides `@owner`: pages of the dashboard, the API, downloads. */
const PAGES: ReadonlySet<string> = new Set(
  `account admin aibridge agents ai api audit bin chats cli-auth connectionlog deployment derp device external-auth
  gitauth groups health healthz icons install install.sh login logout oauth2 organizations proxy reset-password settings setup
  starter-templates swagger tasks templates users workspaces`.split(/\s+/),
);

const deploymentAt = (url: URL, prefix: string): DeploymentUrl => {
  const secure = url.protocol === 'https:';
  return {
    href: `${url.protocol}//${url.host}${prefix}`,
    key: `${secure || url.port !== '' ? url.host : `${url.host}:80`}${prefix}`,
    host: url.host,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    prefix,
  };
};

const toUrl = (typed: string): URL | undefined => {
  const page = typed.replace(/[?#].*/s, '');
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(page) ? page : `${schemeFor(page)}://${page}`;
  // `URL.canParse` and the constructor agree; only the constructor gives the parts.
  if (/\s/.test(withScheme) || !URL.canParse(withScheme)) return undefined;
  const url = new URL(withScheme);
  return /^[\w.:[\]-]*$/.test(url.host) ? url : undefined;
};

const schemeFor = (typed: string): string =>
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/]|$)/i.test(typed) ? 'http' : 'https';

/** Whether what is sent there can be read on the way: without TLS, and not on this machine itself. */
export const isClearText = ({ secure, host }: DeploymentUrl): boolean => !secure && schemeFor(host) === 'https';

/** As much of what was typed as a sentence can hold; a token may have been pasted by mistake. */
const shorten = (text: string): string => {
  const shown = withoutTokens(text.slice(0, 200));
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
};

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A path whose values are escaped: route`/workspaces/${id}`. */
export const route = (parts: TemplateStringsArray, ...values: (string | number)[]): string =>
  parts.reduce((path, part, index) => `${path}${segment(String(values[index - 1] ?? ''))}${part}`);

/** `..` would lead to another route, even as `%2E%2E`. */
const segment = (value: string): string => encoded(value.replace(/^\.\.?$/, '%2E'));

/** Half a character has no code. */
const encoded = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

/** The request target of an API route under the deployment's own prefix. A key without a value is left out. */
export const apiPath = (base: DeploymentUrl, path: string, query: Query = {}): string => {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  // A flag such as `follow` is sent bare: its presence is what counts (contract 3.3).
  const search = pairs.map(([key, value]) =>
    value === true ? encoded(key) : `${encoded(key)}=${encoded(String(value))}`,
  );
  return `${base.prefix}/api/v2${path}${search.length === 0 ? '' : `?${search.join('&')}`}`;
};

/** The page that shows a token to copy (contract 1.2). */
export const cliAuthPage = (base: DeploymentUrl): string => `${base.href}/cli-auth`;

export const workspacePage = (base: DeploymentUrl, owner: string, name: string): string =>
  base.href + route`/@${owner}/${name}`;

/** The web terminal of an agent. */
export const terminalPage = (base: DeploymentUrl, owner: string, name: string, agent: string): string =>
  base.href + route`/@${owner}/${name}.${agent}/terminal`;

export const buildPage = (base: DeploymentUrl, owner: string, name: string, buildNumber: number): string =>
  base.href + route`/@${owner}/${name}/builds/${buildNumber}`;

export const templatePage = (base: DeploymentUrl, organization: string, name: string): string =>
  base.href + (organization === '' ? route`/templates/${name}` : route`/templates/${organization}/${name}`);
