import type { Calls } from './calls.ts';
import { jsonLines } from './json.ts';
import { ApiError } from './errors.ts';
import type { Operation } from './operations.ts';
import { openSocket } from './openSocket.ts';
import { anything, requiredText } from './schemas/lenient.ts';
import { object } from './schemas/schema.ts';
import { isSliceOver, nextSlice } from './slices.ts';

/** What one of Coder's object streams brings, whichever way it comes. `alive` is first and comes once. */
export type ServerFrame =
  | { readonly kind: 'alive' }
  | { readonly kind: 'data'; readonly value: unknown }
  | { readonly kind: 'error'; readonly value: unknown };

export interface StreamRoutes {
  readonly operation: Operation;
  /** Server-sent events: both ages, deprecated in V2. */
  readonly events: string;
  /** The same as a WebSocket of `{type, data}` messages: V2 (contract 3.2). */
  readonly socket: string;
  /** The deployment answers other requests, and attempts at this stream fail all the same. */
  readonly isRefused?: boolean | undefined;
}

const forms = ['events', 'socket'] as const;

/**
 * A stream of objects until it is lost: events first, and where that route is unknown or something on the way holds them
 * back or refuses them the socket, or the other way round where that is known to work (contract 1.9). What is no frame comes
 * as `error` without a value.
 * @throws ApiError when refused or lost: these streams have no end of their own
 */
export async function* serverFrames(
  calls: Calls,
  routes: StreamRoutes,
  signal: AbortSignal,
): AsyncGenerator<ServerFrame, never> {
  const { features } = calls;
  const { isRefused = false } = routes;
  // Forgotten meanwhile where the deployment is upgraded: that is no time to conclude that no stream gets through.
  const known = features.stream;
  const order = known === 'socket' ? forms.toReversed() : forms;
  let blocked: ApiError | undefined;
  for (const form of order) {
    let isOpen = false;
    try {
      for await (const frame of form === 'events' ? byEvents(calls, routes, signal) : bySocket(calls, routes, signal)) {
        isOpen = true;
        // The first bytes of an event stream don't prove that the rest gets through: a socket that works stays the choice.
        if (frame.kind === 'alive' && (blocked !== undefined || features.stream === undefined)) features.stream = form;
        yield frame;
        // Frames may come faster than the host can spare time for them.
        if (isSliceOver()) await nextSlice();
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Whatever keeps one form back may drop or refuse the other one in its own way, but not in Coder's words.
      const isDropped = (isRefused || blocked !== undefined) && !isOpen && error.serverMessage === undefined;
      if (!isDropped && !isBlocked(error)) throw error;
      if (blocked === undefined || (!isRefused && blocked.kind !== 'heldBack')) blocked = error;
    }
  }
  // No stream was ever open.
  if (isRefused && (known ?? features.stream) === undefined) throw calls.failure(routes.operation, 'heldBack');
  throw blocked ?? calls.failure(routes.operation, 'unreachable');
}

async function* byEvents(calls: Calls, routes: StreamRoutes, signal: AbortSignal): AsyncGenerator<ServerFrame> {
  // The first stream is opened when the list is there: until then its parser need not be.
  const { eventStream } = await import('./eventStream.ts');
  const request = { operation: routes.operation, path: routes.events };
  for await (const event of eventStream(calls.transport, calls.features, request, signal)) {
    yield event.kind === 'alive' ? event : { kind: event.kind, value: jsonLines(event.json)[0] };
  }
}

/** Whether this form of the stream does not get through, here or at all; the other one may. */
export const isBlocked = ({ kind }: ApiError): boolean =>
  kind === 'routeNotFound' || kind === 'noSocket' || kind === 'heldBack';

/** One message of V2's `…-ws` routes. */
const Message = object({ type: requiredText, data: anything });

async function* bySocket(calls: Calls, routes: StreamRoutes, signal: AbortSignal): AsyncGenerator<ServerFrame> {
  const request = { operation: routes.operation, path: routes.socket, isOfCommand: false };
  const socket = await openSocket(calls, request, signal);
  try {
    await socket.opened;
    yield { kind: 'alive' };
    for (;;) {
      const texts = await socket.take();
      // Whatever the close code: there is no "finished" (contract 3.2).
      if (texts.length === 0) break;
      for (const value of texts.flatMap(jsonLines)) {
        const { type, data } = Message.tryParse(value) ?? { type: 'error', data: undefined };
        if (type === 'data' || type === 'error') yield { kind: type, value: data };
      }
    }
  } finally {
    socket.close();
  }
  throw calls.failure(routes.operation, 'unreachable');
}
