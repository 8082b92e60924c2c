import assert from 'node:assert/strict';
import * as http from 'node:http';
import * as net from 'node:net';
import { test } from 'node:test';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { CoderClient } from '../../src/api/client.ts';
import type { Rows } from '../../src/api/decode.ts';
import { ApiError } from '../../src/api/errors.ts';
import { decodeEntries } from '../../src/api/logSocket.ts';
import * as operations from '../../src/api/operations.ts';
import type { Template } from '../../src/api/schemas/templates.ts';
import type { DynamicForm } from '../../src/api/schemas/templateVersions.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import { Build, type LogEntry } from '../../src/api/schemas/workspaces.ts';
import { Secret } from '../../src/api/secret.ts';
import * as templateVersions from '../../src/api/templateVersions.ts';
import type { Opened } from '../../src/api/transport.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import { watchWorkspace } from '../../src/api/watch.ts';
import { callFor, unused, type Call } from '../contract/recordings-calls.ts';
import { exchange, exchangeNames, socketMoments, streamBytes, type Age } from '../recorded.ts';
import { propertyRuns } from '../propertyRuns.ts';
import { assertFit } from './fit.ts';
import { mutate, mutation, onTheWire, wire, type Mutation, type Wire } from './mutations.ts';
import { textsOfForm, textsOfLog, textsOfParameters, textsOfTemplate, textsOfWorkspaces } from './rendering.ts';
import { isDeclassified, MARK, plantSecrets } from './secrets.ts';

const REPLIES = propertyRuns(2_500);
const FRAMES = propertyRuns(500);
const MESSAGES = propertyRuns(500);
const FORMS = propertyRuns(500);

const AGES: readonly Age[] = ['v0', 'v2'];
const never = new AbortController().signal;

/** An answer as the transport would hand it on, in pieces. */
const opened = (status: number, headers: Readonly<Record<string, string>>, pieces: readonly Buffer[]): Opened => {
  const body = new http.IncomingMessage(new net.Socket());
  body.complete = true;
  for (const piece of pieces) body.push(piece);
  body.push(null);
  return { status, headers, body, sentAt: 0, receivedAt: 0 };
};

/** A client whose deployment answers everything like that. */
const clientOf = (answer: () => Opened): CoderClient => {
  const client = new CoderClient({ url: 'https://coder.example.com', token: 'key-secret' });
  client.calls.transport.open = () => Promise.resolve(answer());
  return client;
};

const textsOf = (read: unknown): string[] => {
  if (read instanceof ApiError) return [read.message, String(read)];
  if (read instanceof Secret) return [String(read), inspect(read), JSON.stringify({ read })];
  const list = isObject(read) && 'workspaces' in read ? read : undefined;
  const things: readonly unknown[] = Array.isArray(list?.workspaces)
    ? list.workspaces
    : Array.isArray(read)
      ? read
      : [read];
  const skippedRows = isObject(read) && 'skippedRows' in read ? Number(read.skippedRows) : 0;
  const workspaces = things.filter(isWorkspace);
  if (workspaces.length > 0) return textsOfWorkspaces(workspaces, skippedRows);
  if (things.every(isEntry)) return textsOfLog(aBuild, things);
  if (isObject(read) && 'kind' in read) return [];
  return things.flatMap((thing) => {
    if (isBuild(thing)) return textsOfLog(thing, []);
    if (isForm(thing)) return textsOfForm(thing);
    if (isTemplate(thing)) return textsOfTemplate(thing);
    return [];
  });
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isWorkspace = (value: unknown): value is Workspace => isObject(value) && 'latest_build' in value;
const isBuild = (value: unknown): value is Build => isObject(value) && 'build_number' in value;
const isEntry = (value: unknown): value is LogEntry => isObject(value) && 'log_source' in value;
const isForm = (value: unknown): value is DynamicForm => isObject(value) && 'diagnostics' in value;
const isTemplate = (value: unknown): value is Template => isObject(value) && 'build_time_stats' in value;
const aBuild = Build.parse(exchange('v2', 'build').response.body);

interface Reply {
  readonly name: string;
  readonly call: Call;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const isUnused = (name: string): boolean =>
  unused.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/** Every recorded exchange that a method of the client asks for, with marked secrets. */
const replies: readonly Reply[] = [...AGES, 'v2.36' as const].flatMap((age) =>
  exchangeNames(age)
    .filter((name) => !isUnused(name))
    .flatMap((name): Reply[] => {
      const recorded = exchange(age, name);
      const call = callFor(recorded);
      const { status, headers, body } = recorded.response;
      return call === undefined
        ? []
        : [{ name: `${age} ${name}`, call, status, headers, body: JSON.stringify(plantSecrets(body)) }];
    }),
);

/** How many rows the server sent, where the reply still is a list. */
const rowsSent = (value: unknown): number | undefined => {
  if (Array.isArray(value)) return value.length;
  const rows =
    isObject(value) && Object.hasOwn(value, 'workspaces') ? (value as { workspaces: unknown }).workspaces : undefined;
  return Array.isArray(rows) ? rows.length : undefined;
};

const rowsRead = (read: unknown): { readonly kept: number; readonly skippedRows: number } | undefined => {
  if (isObject(read) && 'workspaces' in read && Array.isArray(read.workspaces) && 'skippedRows' in read) {
    return { kept: read.workspaces.length, skippedRows: Number(read.skippedRows) };
  }
  if (!Array.isArray(read) || !('skippedRows' in read)) return undefined;
  const rows = read as unknown as Rows<unknown>;
  return { kept: rows.length, skippedRows: rows.skippedRows };
};

const holdsUp = async (index: number, mutations: readonly Mutation[], how: Wire): Promise<void> => {
  const reply = replies[index % replies.length];
  assert.ok(reply);
  const body = mutate(JSON.parse(reply.body), mutations);
  const bytes = onTheWire(body, how);
  const client = clientOf(() => opened(reply.status, reply.headers, [bytes]));
  const read = await reply.call(client, never).catch((error: unknown) => {
    assert.ok(error instanceof ApiError, `${reply.name}: threw ${inspect(error)}`);
    return error;
  });
  assertFit(textsOf(read), bytes.toString('utf8'), isDeclassified(body));
  if (read instanceof ApiError) assert.ok(!inspect(read).includes(MARK), inspect(read));
  const sent = how.kind === 'whole' ? rowsSent(body) : undefined;
  const rows = rowsRead(read);
  if (sent !== undefined && rows !== undefined) assert.equal(rows.kept + rows.skippedRows, sent, reply.name);
};

const whole: Wire = { kind: 'whole' };

/** Replies that once did not hold up, or nearly so, as fast-check shrank them; each stays a case. */
const kept: readonly (readonly [name: string, mutations: Mutation[], how: Wire])[] = [
  ['v2 workspaces', [{ at: 0, does: 'addProto', value: null }], { kind: 'twice' }],
  ['v0 builds-past-end', [{ at: 0, does: 'replace', value: {} }], whole],
  ['v2 presets', [{ at: 0, does: 'replace', value: [null] }], { kind: 'bom' }],
];

const indexOf = (name: string): number => replies.findIndex((reply) => reply.name === name);

test(`${REPLIES.numRuns} mutated replies hold up: one error type, no row lost, no nonsense, no secret`, async () => {
  const property = fc.asyncProperty(
    fc.nat(replies.length - 1),
    fc.array(mutation, { minLength: 1, maxLength: 6 }),
    wire,
    holdsUp,
  );
  await fc.assert(property, {
    ...REPLIES,
    examples: kept.map(([name, mutations, how]) => [indexOf(name), mutations, how]),
  });
});

const sseNames = ['watch', 'watch-cancel', 'watch-failed'] as const;
const streams = AGES.flatMap((age) => sseNames.map((name) => streamBytes(age, name).toString('utf8').split('\n\n')));

/** Frames with mutated payloads, joined by either line end, cut into pieces anywhere. */
const frameBytes = (frames: readonly string[], mutations: readonly Mutation[], crlf: boolean): Buffer => {
  const text = frames
    .map((frame) => {
      const [event = '', data] = frame.split('\ndata: ');
      if (data === undefined) return frame;
      return `${event}\ndata: ${JSON.stringify(mutate(plantSecrets(JSON.parse(data)), mutations))}`;
    })
    .join('\n\n');
  return Buffer.from(crlf ? text.replaceAll('\n', '\r\n') : text);
};

const pieces = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

test(`${FRAMES.numRuns} mutated event streams, split anywhere, end with the one error type and show no nonsense`, async () => {
  const property = fc.asyncProperty(
    fc.nat(streams.length - 1),
    fc.array(mutation, { maxLength: 4 }),
    fc.boolean(),
    fc.array(fc.nat(40_000), { maxLength: 12 }),
    async (index, mutations, crlf, cuts) => {
      const bytes = frameBytes(streams[index] ?? [], mutations, crlf);
      const type = { 'content-type': 'text/event-stream' };
      const client = clientOf(() => opened(200, type, pieces(bytes, cuts)));
      const sent = bytes.toString('utf8');
      const watching = async (): Promise<void> => {
        for await (const event of watchWorkspace(client.calls, 'w' as WorkspaceId, never)) {
          if (event.kind === 'workspace')
            assertFit(textsOfWorkspaces([event.workspace], 0), sent, sent.includes('"sensitive":false'));
          if (event.kind === 'error') assertFit(textsOf(event.error), sent, true);
        }
      };
      await assert.rejects(watching(), (error) => error instanceof ApiError);
    },
  );
  await fc.assert(property, FRAMES);
});

const messages = AGES.flatMap((age) =>
  ['logs-follow-live', 'logs-follow-complete', 'logs-follow-canceled'].map((name) =>
    socketMoments(age, name).flatMap((moment) => (moment.event === 'text' ? [moment.data ?? ''] : [])),
  ),
);

test(`${MESSAGES.numRuns} mutated logs lose only what is no entry and show no nonsense`, async () => {
  const property = fc.asyncProperty(
    fc.nat(messages.length - 1),
    fc.nat(60),
    fc.array(mutation, { maxLength: 4 }),
    wire,
    async (index, which, mutations, how) => {
      const texts = [...(messages[index] ?? [])];
      const at = which % texts.length;
      texts[at] = onTheWire(mutate(JSON.parse(texts[at] ?? ''), mutations), how).toString('utf8');
      const entries: LogEntry[] = [];
      for await (const batch of decodeEntries(texts)) entries.push(...batch);
      assert.ok(entries.length >= texts.length - 1, `${entries.length} of ${texts.length}`);
      assertFit(textsOfLog(aBuild, entries), texts.join('\n'), true);
    },
  );
  await fc.assert(property, MESSAGES);
});

const forms = replies.filter(({ name }) => / (?:rich-parameters|schema)$/.test(name));

test(`${FORMS.numRuns} mutated sets of parameters are questions without nonsense`, async () => {
  const property = fc.asyncProperty(
    fc.nat(forms.length - 1),
    fc.array(mutation, { maxLength: 6 }),
    async (index, mutations) => {
      const form = forms[index];
      assert.ok(form);
      const bytes = onTheWire(mutate(JSON.parse(form.body), mutations), { kind: 'whole' });
      const client = clientOf(() => opened(200, form.headers, [bytes]));
      if (form.name.startsWith('v0')) client.features.missing.add(operations.versionParameters);
      try {
        const read = await templateVersions.parameters(client.calls, 'v' as never, never);
        const texts =
          read.kind === 'rich'
            ? textsOfParameters(read.parameters, undefined)
            : textsOfParameters(undefined, read.schema);
        assertFit(texts, bytes.toString('utf8'), true);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    },
  );
  await fc.assert(property, FORMS);
});
