import { withoutTokens } from '../api/plainText.ts';

// What people paste: credentials in an address and in a query, and headers.
const USER_INFO = /(:\/\/)[^\s/]+@/g;
const QUERY_SECRET = /([?&](?:token|coder_session_token|session_token|key|password|secret)=)[^\s&#]+/gi;
const HEADER_SECRET = /\b(coder-session-token|authorization|cookie|proxy-authorization)(["']?\s*[:=]\s*)[^\r\n]+/gi;

/** `text` with everything that looks like a secret masked. */
export function masked(text: string): string {
  return withoutTokens(
    text.replace(HEADER_SECRET, '$1$2•••').replace(QUERY_SECRET, '$1•••').replace(USER_INFO, '$1•••@'),
  );
}
