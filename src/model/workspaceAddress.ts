import type { DeploymentUrl } from '../api/address.ts';
import type { WorkspaceId } from '../api/units.ts';

/** What a text names a workspace by; `elsewhere`: it is on another deployment, `host` with the path to it. */
export type WorkspaceAddress =
  | { readonly kind: 'id'; readonly id: WorkspaceId }
  | { readonly kind: 'named'; readonly owner: string; readonly name: string }
  | { readonly kind: 'elsewhere'; readonly host: string };

/** No address of a workspace is longer. */
const LONGEST = 2_000;
const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const NAMED = /^(?:@?([^@/.\s]+)\/)?([a-z\d-]+)(?:\.[^/.]*)?$/i;

/**
 * Reads how a person names a workspace: `owner/name`, the name of one's own, an id, or the address of one of its pages in
 * the dashboard, `https://coder.example.com/@owner/name.agent/terminal`. `undefined`: it names none.
 */
export const readWorkspaceAddress = (typed: string, deployment: DeploymentUrl): WorkspaceAddress | undefined => {
  if (typed.length > LONGEST) return undefined;
  const text = typed.replace(/^[\s<"'“]+|[\s>"'”]+$|(?<=\/[^/]+)\/$/g, '');
  if (ID.test(text)) return { kind: 'id', id: text.toLowerCase() as WorkspaceId };
  const page = /^https?:\/\//i.test(text) ? text : /^[^/@\s]+\/.*@/.test(text) ? `https://${text}` : undefined;
  if (page !== undefined) return URL.canParse(page) ? ofPage(new URL(page), deployment) : undefined;
  const [, owner = 'me', name] = NAMED.exec(text) ?? [];
  return name === undefined ? undefined : { kind: 'named', owner, name };
};

const ofPage = (url: URL, deployment: DeploymentUrl): WorkspaceAddress | undefined => {
  const host = url.host.replace(/\.(?=$|:)/, '');
  const pathname = url.pathname.replace('/%40', '/@');
  const isElsewhere = host !== deployment.host || !`${pathname}/`.startsWith(`${deployment.prefix}/`);
  if (isElsewhere) return { kind: 'elsewhere', host: host + (/^(.*?)\/@/.exec(pathname)?.[1] ?? '') };
  const [owner = '', name = ''] = pathname.slice(deployment.prefix.length + 1).split('/');
  return owner.startsWith('@') ? readNamed(`${owner}/${name}`) : undefined;
};

const readNamed = (text: string): WorkspaceAddress | undefined => {
  const [, owner, name] = NAMED.exec(text) ?? [];
  return owner === undefined || name === undefined ? undefined : { kind: 'named', owner, name };
};
