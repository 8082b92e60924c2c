/** Texts that try to become live where they are shown: links, commands, HTML, escapes, very long ones. */
import type { AppSpec, LogStep, ResourceSpec } from '../template-spec.ts';
import { line } from './scripts.ts';

const LINK = '[free coffee](command:workbench.action.quit)';
const HTML = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
const ESCAPES = '\u001b]0;owned\u0007\u001b[2J\u001b[8mhidden\u001b[0m\u202Egnp.exe';

export function* hostileLines(stage: string): Iterable<LogStep> {
  for (const text of [
    LINK,
    HTML,
    ESCAPES,
    '$(trash) ${env:HOME} %s',
    'a\rb',
    '\u0000',
    'https://evil.example/?'.padEnd(900, 'x'),
  ])
    yield line(stage, text);
}

const app = (slug: string, displayName: string, url: string): AppSpec => ({
  slug,
  displayName,
  url,
  external: true,
  subdomain: false,
  sharingLevel: 'owner',
  healthcheck: false,
  hidden: false,
});

export const hostileResources: readonly ResourceSpec[] = [
  {
    type: HTML,
    name: `vm ${LINK}`,
    hide: false,
    icon: 'javascript:alert(1)',
    dailyCost: 1,
    metadata: [
      { key: LINK, value: HTML, sensitive: false },
      { key: ESCAPES, value: 'hunter2', sensitive: true },
      { key: '__proto__', value: '**bold**\n\n# heading', sensitive: false },
    ],
    agents: [
      {
        name: 'main',
        architecture: 'amd64',
        operatingSystem: 'linux',
        environment: { __TOKEN: 'secret' },
        directory: '/home/$(whoami)/../..',
        apps: [
          app('script', `Run ${HTML}`, 'javascript:alert(1)'),
          app('editor', `Open ${LINK}`, 'vscode://evil.example/install'),
          app('file', 'File', 'file:///etc/passwd'),
          app('bidi', ESCAPES, 'https://example.com\u202E/moc.live'),
        ],
        metadata: [{ key: 'md', displayName: LINK, script: 'cat evil', value: `${HTML}\n`, error: '' }],
        connects: true,
      },
    ],
  },
];

export const hostileError = `Error: ${LINK} ${HTML} ${ESCAPES}`;
