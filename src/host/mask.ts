// A Coder token is a ten-character id and a 22-character secret (contract 1.1); agents' tokens are UUIDs but never get
// here. What stands right before or behind it, as in `%22TOKEN`, is no reason to show it. The rest is what people paste:
// credentials in an address and in a query, and headers.
const TOKEN = /[A-Za-z0-9]{10}-[A-Za-z0-9]{22}/g;
const USER_INFO = /(:\/\/)[^\s/]+@/g;
const QUERY_SECRET = /([?&](?:token|coder_session_token|session_token|key|password|secret)=)[^\s&#]+/gi;
const HEADER_SECRET = /\b(coder-session-token|authorization|cookie|proxy-authorization)(["']?\s*[:=]\s*)[^\r\n]+/gi;

/** `text` with everything that looks like a secret masked. */
export function masked(text: string): string {
  return text
    .replace(HEADER_SECRET, '$1$2•••')
    .replace(QUERY_SECRET, '$1•••')
    .replace(USER_INFO, '$1•••@')
    .replace(TOKEN, '•••');
}
