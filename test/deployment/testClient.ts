/** A minimal client for the tests of the local deployment: one user, JSON in, JSON out. */
import { WebSocket } from 'ws';
import type { Deployment } from './index.ts';

export interface Reading {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed if it is JSON. */
  body: unknown;
}

export interface TestClient {
  call(method: string, path: string, body?: unknown): Promise<Reading>;
  get(path: string): Promise<Reading>;
  socket(path: string, headers?: Record<string, string>): WebSocket;
  /** Creates a workspace from the template of that name; gives its id. */
  create(name: string, template: string, more?: object): Promise<string>;
  status(id: string): Promise<string>;
  until(what: string, check: () => Promise<boolean> | boolean): Promise<void>;
}

const TIMEOUT_MS = 15_000;

export function createTestClient(deployment: Deployment, token = deployment.token): TestClient {
  async function call(method: string, path: string, body?: unknown): Promise<Reading> {
    const response = await fetch(`${deployment.url}/api/v2${path}`, {
      method,
      redirect: 'manual',
      headers: { 'coder-session-token': token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  }

  const client: TestClient = {
    call,
    get: (path) => call('GET', path),
    socket: (path, headers = {}) =>
      new WebSocket(`${deployment.url.replace('http', 'ws')}/api/v2${path}`, {
        perMessageDeflate: false,
        headers: { 'coder-session-token': token, ...headers },
      }),
    async create(name, template, more = {}) {
      const organizations = (await call('GET', '/users/me/organizations')).body as { id: string }[];
      const organization = `/organizations/${organizations[0]?.id ?? ''}`;
      const found = (await call('GET', `${organization}/templates/${template}`)).body as { id: string };
      const wanted = { name, template_id: found.id, ...more };
      const made = await call('POST', `${organization}/members/me/workspaces`, wanted);
      if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
      return (made.body as { id: string }).id;
    },
    async status(id) {
      const { body } = await call('GET', `/workspaces/${id}?include_deleted=true`);
      return (body as { latest_build: { status: string } }).latest_build.status;
    },
    async until(what, check) {
      const end = performance.now() + TIMEOUT_MS;
      while (!(await check())) {
        if (performance.now() > end) throw new Error(`timed out waiting for: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
  return client;
}
