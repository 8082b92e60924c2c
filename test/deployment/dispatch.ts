/** From a request to its answer: limiter, routes, the pages beside the API; refusals become replies. */
import type { IncomingMessage } from 'node:http';
import { authenticate } from './auth.ts';
import type { Engine } from './engine.ts';
import { Refusal, refusalReply, routeNotFound, text, type Call, type Reply } from './exchange.ts';
import { dashboardPage, tokenPage } from './pages.ts';
import { createRateLimiter } from './ratelimit.ts';
import type { Router, Streaming } from './router.ts';
import type { WebSocket } from 'ws';

export type Answer =
  | { is: 'reply'; reply: Reply; headers: Record<string, string> }
  | { is: 'stream'; kind: string; write: Streaming; headers: Record<string, string> }
  | { is: 'socket'; kind: string; accept: (socket: WebSocket) => void };

export type Dispatch = (request: IncomingMessage, raw: Buffer, upgrading: boolean) => Answer;

const API = '/api/v2';

export function createDispatch(
  engine: Engine,
  router: Router,
  ratePerMinute: number,
  browserToken: () => string,
): Dispatch {
  const { store } = engine;
  const limiter = createRateLimiter(engine.clock, ratePerMinute);

  function challenged(refusal: Refusal): Reply {
    const reply = refusalReply(refusal);
    if (!refusal.challenge || store.age.name === 'v0') return reply;
    const challenge =
      `Bearer realm="coder", error="invalid_token", error_description="The access token has expired", ` +
      `resource_metadata="${engine.accessUrl()}/.well-known/oauth-protected-resource"`;
    return { ...reply, headers: { 'www-authenticate': challenge } };
  }

  function refuse(error: unknown): Reply {
    if (error instanceof Refusal) return challenged(error);
    if (error instanceof URIError) return refusalReply(new Refusal(400, 'Malformed path.'));
    const detail = error instanceof Error ? error.message : String(error);
    return refusalReply(new Refusal(500, 'An internal server error occurred.', { detail }));
  }

  /** Paths outside of the API: everything unknown is the dashboard's shell. */
  function page(path: string): Reply {
    if (path === '/healthz') return text(200, 'OK');
    const provider = /^\/external-auth\/([\w-]+)$/.exec(path)?.[1];
    // The browser is signed in as whoever `/cli-auth` shows a token of.
    const browserUserId = store.keys.get(browserToken().slice(0, 10))?.userId;
    if (provider !== undefined && browserUserId !== undefined) store.externalLogins.add(`${browserUserId} ${provider}`);
    const html = path === '/cli-auth' ? tokenPage(browserToken()) : dashboardPage;
    return text(200, html, 'text/html; charset=utf-8');
  }

  function answerApi(request: IncomingMessage, raw: Buffer, upgrading: boolean, url: URL): Answer {
    const method = request.method ?? 'GET';
    const path = url.pathname.slice(API.length) || '/';
    const { headers, refusal } = limiter.count(request.socket.remoteAddress ?? '', path);
    const call = (params: Record<string, string>, open: boolean): Call => {
      const known = open ? undefined : authenticate(store, request, url.searchParams).user;
      return {
        request,
        method,
        path,
        query: url.searchParams,
        params,
        raw,
        get user() {
          return known ?? authenticate(store, request, url.searchParams).user;
        },
      };
    };
    try {
      if (refusal !== undefined) throw refusal;
      const socket = upgrading ? router.findSocket(path, url.searchParams) : undefined;
      if (socket !== undefined) {
        const accept = socket.route.handler(engine, call(socket.params, false));
        // Contract 1.7: an `Origin` must name the host that is asked; the library says so in plain text.
        if (isForeign(request)) return { is: 'reply', reply: text(403, 'request Origin is not authorized\n'), headers };
        return { is: 'socket', kind: socket.route.kind, accept };
      }
      const found = router.find(method, path);
      if (found === undefined) throw routeNotFound();
      const answer = found.route.handler(engine, call(found.params, found.route.open));
      if (!('stream' in answer)) return { is: 'reply', reply: answer, headers };
      return { is: 'stream', kind: path.endsWith('/watch') ? 'watch' : 'metadata', write: answer.stream, headers };
    } catch (error) {
      return { is: 'reply', reply: refuse(error), headers };
    }
  }

  return (request, raw, upgrading) => {
    const url = new URL(request.url ?? '/', 'http://deployment');
    if (url.pathname === API || url.pathname.startsWith(`${API}/`)) return answerApi(request, raw, upgrading, url);
    return { is: 'reply', reply: page(url.pathname), headers: {} };
  };
}

function isForeign({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host);
}
