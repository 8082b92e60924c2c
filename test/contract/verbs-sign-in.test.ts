import assert from 'node:assert/strict';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import type { DeploymentUrl } from '../../src/api/address.ts';
import { back, choose, chooseAfterTyping, escape, type as enter, type Answer } from '../scriptedUi.ts';
import { ages } from './client-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

/** Where somebody signed in, instead of doing so. */
const signedIn = (verbs: VerbFixture): DeploymentUrl[] => {
  const urls: DeploymentUrl[] = [];
  Object.assign(verbs.context.deployments, {
    signIn: (url: DeploymentUrl) => {
      urls.push(url);
      return Promise.resolve(undefined);
    },
  });
  return urls;
};

interface Seen {
  readonly path: string;
  readonly hasToken: boolean;
}

/** A proxy that strips `prefix`, and answers anything else with a page of its own. */
const proxyTo = async (target: string, prefix: string): Promise<{ url: string; seen: Seen[] }> => {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const path = request.url ?? '';
    seen.push({ path, hasToken: 'coder-session-token' in request.headers });
    if (!path.startsWith(`${prefix}/`)) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Company</title>');
      return;
    }
    const { method, headers } = request;
    const onward = http.request(target + path.slice(prefix.length), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
};

/** Types nothing, and keeps the problem that the box shows. */
const readProblem =
  (problems: string[]): Answer =>
  (question) => {
    assert.ok(question.kind === 'enter');
    problems.push(question.problem ?? '');
    return escape(question);
  };

test('an address to which the token would go unencrypted is warned of where it is entered, and taken all the same', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  let warning: ((value: string) => string | undefined) | undefined;
  let validate: typeof warning;
  verbs.ui.answers((question) => {
    assert.ok(question.kind === 'enter', 'the address is entered');
    ({ warning, validate } = question);
    return escape(question);
  });
  await verbs.run('signIn');
  const unencrypted = 'http:// sends your token unencrypted.';
  for (const address of [
    'http://coder.example.com',
    'HTTP:coder.example.com/workspaces',
    'http://10.0.0.7:3000',
    'http://[fe80::1]',
  ])
    assert.equal(validate?.(address) ?? warning?.(address), unencrypted, address);
  for (const address of [
    'coder.example.com',
    'https://coder.example.com',
    'localhost:3000',
    'http://localhost:3000/x',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
  ])
    assert.equal(warning?.(address), undefined, address);
  assert.deepEqual(verbs.ui.toasts, [], 'nothing pops up');
});

for (const age of ages) {
  describe(`sign in (${age})`, () => {
    test('a token that is rejected is said to be, with the reason of the server', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('suspended', { path: /users\/me$/ });
      const problems: string[] = [];
      verbs.ui.answers(enter(verbs.deployment.url), enter(verbs.deployment.token), readProblem(problems));
      await verbs.run('signIn');
      assert.match(problems[0] ?? '', /^Coder rejected this token: User is not active .+ Copy it again from the page/);
    });

    test('the address of CODER_URL stands first, whatever was used before, and one can type another (coder/vscode-coder#182)', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { url, token } = verbs.deployment;
      Object.assign(verbs.context, {
        environment: { url: `${url}/`, token: undefined },
        knownDeployments: () => [{ url: 'https://old.example.com', username: 'dana' }],
      });
      for (const answers of [
        [choose(url)],
        [choose('Another address…'), enter(url)],
        [chooseAfterTyping(url, 'Another address…'), enter()],
      ]) {
        const urls = signedIn(verbs);
        const from = verbs.ui.questions.length;
        verbs.ui.answers(...answers, enter(token));
        await verbs.run('signIn');
        const question = verbs.ui.questions[from];
        assert.ok(question?.kind === 'pick');
        assert.deepEqual(
          question.rows.map(({ label, description = '' }) => `${label} ${description}`.trim()),
          [`${url} from CODER_URL`, 'https://old.example.com used before, as dana', 'Another address…'],
        );
        assert.deepEqual(
          urls.map(({ href }) => href),
          [url],
        );
      }
    });

    test('an address that was copied from the browser leads to its Coder, and the one that is used is shown', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { url, token } = verbs.deployment;
      for (const page of [
        '/workspaces?filter=owner%3Ame',
        '/@me/dev',
        '/api/v2',
        '/templates/x',
        '/login?redirect=%2F',
      ]) {
        const urls = signedIn(verbs);
        verbs.ui.answers(enter(url + page), enter(token));
        await verbs.run('signIn');
        assert.deepEqual(
          urls.map(({ href }) => href),
          [url],
          page,
        );
        const question = verbs.ui.questions.at(-1);
        assert.ok(question?.kind === 'enter');
        assert.equal(question.prompt, `Paste the token that ${url} shows in your browser`);
        assert.equal(verbs.ui.opened.at(-1), `${url}/cli-auth`);
      }
    });

    test('a prefix that a proxy strips is kept, with and without a page behind it', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      // A prefix may even be called as a page of Coder is.
      for (const [prefix, pages] of [
        ['/dev/coder', ['', '/', '/@ann/web?x=1', '/templates/x/settings']],
        ['/workspaces', ['', '/']],
      ] as const) {
        const proxy = await proxyTo(verbs.deployment.url, prefix);
        for (const page of pages) {
          const urls = signedIn(verbs);
          verbs.ui.answers(enter(proxy.url + prefix + page), enter(verbs.deployment.token));
          await verbs.run('signIn');
          assert.deepEqual(
            urls.map(({ href }) => href),
            [proxy.url + prefix],
            page,
          );
        }
      }
    });
  });
}

test('no token is sent in search of Coder, and at most three places are asked', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  const proxy = await proxyTo(verbs.deployment.url, '/elsewhere');
  const problems: string[] = [];
  verbs.ui.answers(enter(`${proxy.url}/coder/@ann/web`), readProblem(problems));
  await verbs.run('signIn');
  assert.deepEqual(proxy.seen, [
    { path: '/coder/@ann/web/api/v2/buildinfo', hasToken: false },
    { path: '/coder/api/v2/buildinfo', hasToken: false },
    { path: '/api/v2/buildinfo', hasToken: false },
  ]);
  assert.match(problems.join(), /127\.0\.0\.1/);
});

test('where nobody answers, other paths are not tried', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  let connections = 0;
  const server = http.createServer().on('connection', (socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const tries: number[] = [];
  for (const page of ['', '/coder/@ann/web']) {
    connections = 0;
    const problems: string[] = [];
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${page}`;
    verbs.ui.answers(enter(address), readProblem(problems));
    await verbs.run('signIn');
    assert.notEqual(problems[0], '');
    tries.push(connections);
  }
  assert.equal(tries[1], tries[0]);
});

test('Cancel ends it also while another path of the address is asked', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  let requests = 0;
  const server = http.createServer((_, response) => {
    requests += 1;
    if (requests === 1) response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Company</title>');
    else verbs.ui.waits[0]?.pressCancel();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  verbs.ui.answers(enter(`http://127.0.0.1:${(server.address() as AddressInfo).port}/coder/@ann/web`));
  await verbs.run('signIn');
  assert.deepEqual([requests, verbs.ui.questions.length, verbs.errors.length], [2, 1, 0]);
});

test('Back from the token shows the address that is used, to be corrected', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  verbs.ui.answers(enter(`${verbs.deployment.url}/workspaces`), back, (question) => {
    assert.ok(question.kind === 'enter');
    assert.equal(question.value, verbs.deployment.url);
    return escape(question);
  });
  await verbs.run('signIn');
  assert.equal(verbs.ui.unused, 0);
});
