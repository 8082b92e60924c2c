import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timings } from '../../src/api/schemas/agents.ts';
import { Resource } from '../../src/api/schemas/workspaces.ts';
import { buildRow, parametersText, timingsText } from '../../src/model/buildTexts.ts';
import { resourceText } from '../../src/model/resourceText.ts';
import { at, build, recorded } from './model-fixture.ts';

const LOCALE = { locale: 'en', typedLocale: 'en', timeZone: 'UTC', hourCycle: 'h23', showsZone: false } as const;
const NOW = at('2026-11-25T18:00:00Z');
const values = [
  { name: 'region', value: 'eu' },
  { name: 'token', value: 's3cr3t' },
];

test('a build reads as number and transition, how it ended, who had it made with which version and when', () => {
  const failed = buildRow(build('failed', { build: { build_number: 7 } }), NOW, LOCALE);
  assert.match(`${failed.label} | ${failed.description}`, /^#7 start \| start failed after /);
  assert.match(failed.detail, / · clever_pike9 · .*\d\d:\d\d, \d+ hours? ago$/);
  assert.equal(failed.icon, 'error');
  assert.equal(
    buildRow(build('canceled', { job: { canceled_at: '2026-11-25T14:40:30Z' } }), NOW, LOCALE).icon,
    'circle-slash',
  );
  assert.equal(buildRow(build('starting', { job: { completed_at: undefined } }), NOW, LOCALE).icon, 'loading~spin');
  const silent = buildRow(build('failed', { job: { completed_at: undefined, error: undefined } }), NOW, LOCALE);
  assert.deepEqual([silent.icon, silent.description], ['loading~spin', 'no word from the provisioner']);
  const byItself = buildRow(build('stopped', { build: { reason: 'autostop' } }), NOW, LOCALE);
  assert.match(byItself.detail, /^Coder \(autostop\)/);
});

test('parameters are shown with their values, but for those that the template masks, and none where that is not known', () => {
  assert.equal(
    parametersText(values, new Set(['token'])),
    'Parameter  Value\n─────────  ─────\nregion     eu\ntoken      ••••••••\n',
  );
  const hidden = parametersText(values, undefined);
  assert.doesNotMatch(hidden, /eu\b|s3cr3t/);
  assert.match(hidden, /The values are hidden/);
  assert.equal(parametersText([], new Set()), 'This build has no parameters.\n');
});

test('recorded timings are a table in the order in which things began', () => {
  const timings = Timings.parse(recorded('v2/build-timings'));
  assert.equal(
    timingsText(timings),
    [
      'Stage    Item                       Started after  Duration  Outcome',
      '─────    ────                       ─────────────  ────────  ───────',
      'connect  agent main                         0.0 s     0.3 s',
      'start    agent main: Install tools          0.3 s     5.0 s',
      '',
    ].join('\n'),
  );
  const failed = {
    ...timings,
    agent_script_timings: timings.agent_script_timings.map((each) => ({
      ...each,
      status: 'exit_failure',
      exit_code: 3,
    })),
  };
  assert.match(timingsText(failed), /exit failure, exit code 3\n$/);
  const many = Array.from({ length: 150_000 }, () => ({ stage: 'plan', action: 'read', resource: 'x' }));
  assert.equal(timingsText(Timings.parse({ provisioner_timings: many })).split('\n').length, 150_003);
  assert.equal(timingsText(Timings.parse({})), 'The deployment has no timings for this build.\n');
});

test('timings that have not ended, never began, or end before they began have no duration, and are text', () => {
  const script = { workspace_agent_id: 'a', workspace_agent_name: 'main', stage: 'start' };
  const timings = Timings.parse({
    provisioner_timings: [
      {
        started_at: '0001-01-01T00:00:00Z',
        ended_at: null,
        stage: 'plan',
        action: 'create',
        resource: 'a\u202eb\u001b[1m',
      },
      { started_at: '2026-01-01T00:00:10Z', ended_at: '2026-01-01T00:00:05Z', stage: 'apply', action: null },
      {
        started_at: '2026-01-01T00:00:00Z',
        ended_at: '2026-01-01T00:00:05.5Z',
        stage: 'init',
        resource: '[x](command:y)',
      },
    ],
    agent_script_timings: [
      { ...script, started_at: '2026-01-01T00:00:07Z', display_name: 'Install\ntools', status: 'ok' },
      { ...script, started_at: '2026-01-01T00:00:08Z', display_name: 'Later' },
    ],
    agent_connection_timings: null,
  });
  assert.deepEqual(
    timingsText(timings)
      .split('\n')
      .slice(2)
      .map((row) => row.split(/ {2,}/)),
    [
      ['init', '[x](command:y)', '0.0 s', '5.5 s'],
      ['start', 'agent main: Install tools', '7.0 s'],
      ['start', 'agent main: Later', '8.0 s'],
      ['apply', '10.0 s'],
      ['plan', 'create ab'],
      [''],
    ],
  );
});

test('resources are listed with what they hold, and what is sensitive stays masked', () => {
  const resources = [
    Resource.parse({
      id: 'r',
      name: 'dev',
      type: 'aws_instance',
      daily_cost: 5,
      metadata: [
        { key: 'region', value: 'eu', sensitive: false },
        { key: 'password', value: 's3cr3t', sensitive: true },
      ],
      agents: [
        {
          id: 'a',
          name: 'main',
          operating_system: 'linux',
          architecture: 'amd64',
          apps: [{ id: 'x', slug: 'code', display_name: 'VS \u202eCode' }],
        },
      ],
    }),
  ];
  assert.equal(
    resourceText(resources),
    'dev · aws_instance · daily cost 5\n  region: eu\n  password: ••••••••\n  agent main · linux/amd64\n    app VS Code\n',
  );
});
