import type { Need } from './check.ts';
import type { Role } from './facts.ts';

/** A template that behaves in this way. */
export const template =
  (role: Role): Need =>
  (facts) =>
    facts.templates.has(role)
      ? undefined
      : role === 'dev'
        ? 'there is no template “dev”, and none was named with --template'
        : `there is no template “${role}” here`;

/** Something that came after the document. */
export const newer =
  (what: string): Need =>
  (facts) =>
    facts.age === 'document' ? `${what} came after this age` : undefined;

/** Something that only the document's own age does. */
export const olderOnly =
  (what: string): Need =>
  (facts) =>
    facts.age === 'document' ? undefined : `${what} belongs to the document's age only`;

export const siteOwner: Need = (facts) => (facts.isSiteOwner ? undefined : 'the token does not belong to a site owner');

export const noSiteOwner: Need = (facts) =>
  facts.isSiteOwner ? 'the token belongs to a site owner, who may do everything' : undefined;

/** What cannot be brought about from here. */
export const never =
  (reason: string): Need =>
  () =>
    reason;
