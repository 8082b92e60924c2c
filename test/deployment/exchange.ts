/** One request and its answer, in the terms of the routes. */
import type { IncomingMessage } from 'node:http';
import { isUuid } from './ids.ts';
import type { User } from './model.ts';

export interface Reply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** The body as it goes out; absent = none, and no content type either. */
  body?: { type: string; bytes: string | Buffer };
}

export interface Validation {
  field: string;
  detail: string;
}

/** An answer other than success (contract 1.4), thrown wherever it is found out. */
export class Refusal extends Error {
  readonly status: number;
  readonly detail: string | undefined;
  readonly validations: readonly Validation[] | undefined;
  /** V2's auth layer adds a challenge header, the same for every reason (contract 1.3). */
  readonly challenge: boolean;

  constructor(
    status: number,
    message: string,
    more: { detail?: string; validations?: readonly Validation[]; challenge?: boolean } = {},
  ) {
    super(message);
    this.status = status;
    this.detail = more.detail;
    this.validations = more.validations;
    this.challenge = more.challenge ?? false;
  }
}

export const notFound = (): Refusal =>
  new Refusal(404, 'Resource not found or you do not have access to this resource.');
export const routeNotFound = (): Refusal => new Refusal(404, 'Route not found.');

export const invalid = (message: string, field: string, detail = message): Refusal =>
  new Refusal(400, message, { validations: [{ field, detail }] });

/** JSON as Go writes it: one line, a newline at the end, and no characters that HTML could trip over. */
export function encodeJson(value: unknown): string {
  const escapes: Readonly<Record<string, string>> = {
    '<': '\\u003c',
    '>': '\\u003e',
    '&': '\\u0026',
    '\u2028': '\\u2028',
    '\u2029': '\\u2029',
  };
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => escapes[letter] ?? letter);
}

export const json = (status: number, value: unknown): Reply => ({
  status,
  body: { type: 'application/json; charset=utf-8', bytes: `${encodeJson(value)}\n` },
});

export const text = (status: number, bytes: string, type = 'text/plain; charset=utf-8'): Reply => ({
  status,
  body: { type, bytes },
});

export const empty = (status: number): Reply => ({ status });

export const refusalReply = (refusal: Refusal): Reply =>
  json(refusal.status, {
    message: refusal.message,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    ...(refusal.validations === undefined ? {} : { validations: refusal.validations }),
  });

export type Body = Readonly<Record<string, unknown>>;

export interface Call {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  readonly raw: Buffer;
  /** Who asks; a refusal with 401 when nobody does. */
  readonly user: User;
}

export const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as an object, or 400 with a `detail` (contract: malformed JSON). */
export function readBody(call: Call): Body {
  let parsed: unknown;
  try {
    parsed = JSON.parse(call.raw.toString('utf8'));
  } catch {
    throw new Refusal(400, 'Request body must be valid JSON.', { detail: 'unexpected end of JSON input' });
  }
  if (!isObject(parsed)) throw wrongType('body', 'object');
  return parsed;
}

/** What Go's decoder says of a value of the wrong type: `detail` only, no validations. */
export const wrongType = (field: string, wanted: string): Refusal =>
  new Refusal(400, 'Request body must be valid JSON.', { detail: `cannot decode ${field} into ${wanted}` });

/** A field that may be absent or null. */
export function optionalText(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(field, 'string');
  return value;
}

export function optionalNumber(body: Body, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw wrongType(field, 'integer');
  return value;
}

export function optionalFlag(body: Body, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(field, 'boolean');
  return value;
}

export function optionalUuid(body: Body, field: string): string | undefined {
  const value = optionalText(body, field);
  if (value !== undefined && !isUuid(value)) throw wrongType(field, 'uuid');
  return value;
}

export function optionalList(body: Body, field: string): readonly Body[] {
  const value = body[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject)) throw wrongType(field, 'array');
  return value;
}

/** One validation per field that is missing or empty, as the struct-tag validator gives them. */
export function requireFields(body: Body, fields: readonly string[]): void {
  const missing = fields.filter((field) => body[field] === undefined || body[field] === null || body[field] === '');
  if (missing.length > 0)
    throw new Refusal(400, 'Validation failed.', {
      validations: missing.map((field) => ({ field, detail: `Validation failed for tag "required" with value: ""` })),
    });
}

export function uuidParam(call: Call, name: string): string {
  const value = call.params[name] ?? '';
  if (!isUuid(value))
    throw new Refusal(400, `Invalid UUID "${value}".`, { detail: `invalid UUID length: ${value.length}` });
  return value.toLowerCase();
}

/** A query flag; `field` is the name under which the server complains. */
export function queryFlag(call: Call, name: string, field: string): boolean {
  const value = call.query.get(name);
  if (value === null || value === '') return false;
  if (/^(1|t|true)$/i.test(value)) return true;
  if (/^(0|f|false)$/i.test(value)) return false;
  throw invalid('Query parameters have invalid values.', field, `Query param "${name}" must be a valid boolean`);
}

export function queryInteger(call: Call, name: string): number | undefined {
  const value = call.query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^-?\d{1,15}$/.test(value))
    throw invalid('Query parameters have invalid values.', name, `Query param "${name}" must be a valid integer`);
  return Number(value);
}
