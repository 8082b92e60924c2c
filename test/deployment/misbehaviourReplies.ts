/** The response that each misbehaviour sends. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { compress } from './compression.ts';
import { empty, json, notFound, Refusal, refusalReply, routeNotFound, text, type Reply } from './exchange.ts';
import type { ActiveMisbehaviour } from './misbehaviour.ts';
import { gatewayPage, signOnPage } from './pages.ts';
import { refuseUpgrade, sendReply } from './writing.ts';

const SLOW_MS = 3000;

/** The misbehaviours that are an answer like any other; `own` = with the deployment's own headers. */
function misbehaviourReply({ name, options }: ActiveMisbehaviour): { reply: Reply; own: boolean } | undefined {
  const own = (reply: Reply): { reply: Reply; own: boolean } => ({ reply, own: true });
  const foreign = (reply: Reply): { reply: Reply; own: boolean } => ({ reply, own: false });
  switch (name) {
    case 'html':
      return foreign(text(200, signOnPage, 'text/html'));
    case '502':
    case '503':
      return foreign(text(Number(name), gatewayPage(Number(name)), 'text/html'));
    case 'gateway-json-401':
      return foreign(text(401, '{"message":"Unauthorized"}', 'application/json'));
    case 'gateway-json-503':
      return foreign(text(503, '{"message":"Service Unavailable"}', 'application/json'));
    case 'gateway-401':
    case 'gateway-403':
    case 'gateway-407': {
      const status = Number(name.slice('gateway-'.length));
      return foreign(text(status, gatewayPage(status), 'text/html'));
    }
    case 'redirect':
      return foreign({ status: 302, headers: { location: options.location ?? 'https://sso.example.com/login' } });
    case '400':
      return own(refusalReply(new Refusal(400, 'Invalid workspace search query.')));
    case '401':
      return own(refusalReply(new Refusal(401, 'You are signed out.', { detail: 'API key is invalid.' })));
    case 'suspended': {
      const message = 'User is not active (status = "suspended"). Contact an admin to reactivate your account.';
      return own(refusalReply(new Refusal(401, message)));
    }
    case '403':
    case 'gate':
      return own(json(403, { message: 'Forbidden.' }));
    case '404':
    case 'watch-404':
    case 'watch-ws-404':
      return own(refusalReply(routeNotFound()));
    case 'not-found':
      return own(refusalReply(notFound()));
    case '304':
      return own(empty(304));
    case '409':
      return own(json(409, { message: 'Conflict.' }));
    case '412':
      return own(json(412, { message: 'Precondition failed.' }));
    case '429': {
      const retry = options.retryAfterSeconds;
      const reply = json(429, { message: 'You have been rate limited.' });
      return own(retry === undefined ? reply : { ...reply, headers: { 'retry-after': String(retry) } });
    }
    case '500':
      return own(json(500, { message: 'Internal error.', detail: 'the database is down' }));
    case 'garbage':
      return own(text(200, '{"workspaces":[{"id":', 'application/json; charset=utf-8'));
    default:
      return undefined;
  }
}

function writeEndlessly(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write('[0,'.padEnd(65_536, '0,')));
  };
  response.on('drain', more);
  more();
}

const endlessType = { 'content-type': 'application/json; charset=utf-8' };

/** `goOn` gives the right answer after all; `keepOpen` counts a stream that will stay silent. */
export function misbehave(
  active: ActiveMisbehaviour,
  response: ServerResponse,
  headers: Record<string, string>,
  goOn: () => void,
  keepOpen: () => void,
): void {
  const answer = misbehaviourReply(active);
  if (answer !== undefined) sendReply(response, answer.reply, answer.own ? headers : {});
  else if (active.name === 'slow') setTimeout(goOn, active.options.delayMs ?? SLOW_MS).unref();
  else if (active.name === 'compressed') {
    compress(response, active.options.coding ?? 'gzip');
    goOn();
  } else if (active.name === 'reset') response.socket?.resetAndDestroy();
  else if (active.name === 'truncated') {
    response.writeHead(200, { ...headers, ...endlessType, 'content-length': '1000' });
    response.write('{"workspaces":[');
    setTimeout(() => response.socket?.destroy(), 20).unref();
  } else if (active.name === 'endless') {
    response.writeHead(200, { ...headers, ...endlessType });
    writeEndlessly(response);
  } else if (active.name === 'silent-stream') {
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    response.flushHeaders();
    keepOpen();
  }
  // What is left is `half-open`: no answer at all.
}

/** What a proxy, or Coder behind one that drops the `Upgrade` header, answers to a handshake. */
function handshakeReply(answer: 400 | 403 | 426 | 502 | 200): { reply: Reply; own: boolean } {
  if (answer === 200) return { reply: json(200, []), own: true };
  if (answer === 502) return { reply: text(502, gatewayPage(502), 'text/html'), own: false };
  const protocol = 'WebSocket protocol violation: Connection header "close" does not contain Upgrade\n';
  return { reply: text(answer, protocol), own: true };
}

function refuseWebSocket(
  { options: { answer = 400 } }: ActiveMisbehaviour,
  transport: Socket,
  headers: Record<string, string>,
): void {
  if (answer === 'drop') transport.resetAndDestroy();
  else if (answer !== 'never') {
    const { reply, own } = handshakeReply(answer);
    refuseUpgrade(transport, reply, own ? headers : {});
  }
}

export function misbehaveOnUpgrade(
  active: ActiveMisbehaviour,
  transport: Socket,
  headers: Record<string, string>,
  goOn: () => void,
): void {
  const answer = misbehaviourReply(active);
  if (answer !== undefined && active.name !== 'garbage')
    refuseUpgrade(transport, answer.reply, answer.own ? headers : {});
  else if (active.name === 'no-websockets') refuseWebSocket(active, transport, headers);
  else if (active.name === 'compressed') goOn();
  else if (active.name === 'slow') setTimeout(goOn, active.options.delayMs ?? SLOW_MS).unref();
  else if (active.name !== 'half-open') transport.resetAndDestroy();
}
