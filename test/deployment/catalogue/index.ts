/**
 * How templates behave. A tar that is uploaded holds `template.json`:
 *
 *     { "behaves": "slow", "connectIn": ["api-server"], "lines": 50000 }
 *
 * `behaves` is a name below; `connectIn` limits whose machines call home (default: all); `lines` is how many
 * `chatty` writes, and after how many `hang` writes no more (default: never).
 */
import type { AgeName } from '../model.ts';
import type { ResourceSpec, TemplateSpec } from '../template-spec.ts';
import { readTarFile } from '../tar.ts';
import { devLegacyParameters, devParameters, devPresets, devResources } from './dev.ts';
import { evaluateDynamic } from './dynamic.ts';
import { hostileError, hostileLines, hostileResources } from './hostile.ts';
import { buildScript, endlessLines, line, manyLines, slowLines } from './scripts.ts';

export interface TemplateFile {
  behaves: string;
  connectIn?: readonly string[];
  lines?: number;
}

const bare: ResourceSpec = {
  type: 'null_resource',
  name: 'x',
  hide: false,
  icon: '',
  dailyCost: 0,
  metadata: [],
  agents: [],
};

const machine: ResourceSpec = {
  ...bare,
  type: 'aws_instance',
  name: 'vm',
  agents: [
    {
      name: 'dev',
      instanceId: 'i-0123456789abcdef0',
      architecture: 'amd64',
      operatingSystem: 'linux',
      environment: { EDITOR: 'vi' },
      directory: '/home/coder',
      apps: [],
      metadata: [],
      connects: true,
    },
  ],
};

const noCapacity = [
  'Error: creating EC2 Instance: InsufficientInstanceCapacity',
  '',
  '  on main.tf line 12, in resource "aws_instance" "dev":',
  '  12: resource "aws_instance" "dev" {',
  '',
].join('\n');

const plain = (age: AgeName): TemplateSpec => ({
  readme: '',
  legacyParameters: [],
  parameters: [],
  presets: [],
  externalAuth: [],
  script: (transition) =>
    buildScript(age, transition, { lines: (stage) => [line(stage, 'null_resource.x: Creation complete after 0s')] }),
  resources: () => [bare],
});

const devLines = (stage: string) => [
  line(stage, 'kubernetes_pod.dev: Creating...'),
  line(stage, 'Warning: deprecated attribute', 0, 'warn'),
  line(stage, 'kubernetes_pod.dev: Creation complete after 2s [id=dev]'),
];

type Behaviour = (age: AgeName, file: TemplateFile) => Partial<TemplateSpec>;

/** V2's echo provisioner hands back nothing for a stop; V0's repeats what it started (both recorded). */
const unlessStopped = (age: AgeName, resources: readonly ResourceSpec[]): TemplateSpec['resources'] => {
  return (transition) => (age === 'v2' && transition === 'stop' ? [] : resources);
};

const behaviours: Readonly<Record<string, Behaviour>> = {
  dev: (age) => ({
    readme: '# dev\nAn example template.\n',
    legacyParameters: devLegacyParameters(),
    parameters: devParameters,
    presets: devPresets(),
    script: (transition) =>
      buildScript(age, transition, { planned: ['Terraform will perform the following actions:'], lines: devLines }),
    resources: unlessStopped(age, devResources(age)),
  }),
  plain: () => ({}),
  slow: (age) => ({
    script: (transition) => buildScript(age, transition, { lines: slowLines, tailMs: age === 'v0' ? 200 : 155 }),
    resources: unlessStopped(age, [machine]),
  }),
  hang: (age, { lines }) => ({
    script: (transition) =>
      transition === 'delete'
        ? plain(age).script(transition)
        : buildScript(age, transition, { lines: (stage) => endlessLines(stage, age === 'v0' ? 1000 : 3500, lines) }),
  }),
  'no-cancel': (age) => ({
    script: (transition) =>
      buildScript(age, transition, {
        lines: (stage) => [line(stage, 'null_resource.x: Creating...')],
        tailMs: transition === 'start' ? 15_000 : 5,
      }),
  }),
  failing: (age) => ({
    script: (transition) =>
      buildScript(age, transition, {
        lines: (stage) => [
          line(stage, 'aws_instance.dev: Creating...'),
          line(stage, 'Error: creating EC2 Instance: InsufficientInstanceCapacity', 0, 'error'),
        ],
        ...(transition === 'start' ? { error: noCapacity } : {}),
      }),
  }),
  dynamic: () => ({ evaluate: evaluateDynamic }),
  hostile: (age) => ({
    readme: hostileError,
    script: (transition) =>
      buildScript(age, transition, {
        lines: hostileLines,
        ...(transition === 'stop' ? { error: hostileError } : {}),
      }),
    resources: () => hostileResources,
  }),
  chatty: (age, file) => ({
    script: (transition) => buildScript(age, transition, { lines: (stage) => manyLines(stage, file.lines ?? 50_000) }),
  }),
  'external-auth': () => ({
    externalAuth: [
      { id: 'github', type: 'github', displayName: 'GitHub', displayIcon: '/icon/github.svg', optional: false },
    ],
  }),
  'broken-import': () => ({
    importError: 'run parse: parse error: Error: Unsupported block type on main.tf line 3',
  }),
};

const isTemplateFile = (value: unknown): value is TemplateFile =>
  typeof value === 'object' && value !== null && 'behaves' in value && typeof value.behaves === 'string';

function readTemplateFile(archive: Buffer): TemplateFile | undefined {
  try {
    const parsed: unknown = JSON.parse(readTarFile(archive, 'template.json') ?? 'null');
    return isTemplateFile(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** What the archive describes; one that describes nothing known fails its import, as a broken Terraform would. */
export function readTemplate(age: AgeName, archive: Buffer): TemplateSpec {
  const file = readTemplateFile(archive);
  const behaviour = file === undefined ? undefined : behaviours[file.behaves];
  if (file === undefined || behaviour === undefined)
    return { ...plain(age), importError: 'run parse: parse error: no template.json that names a known behaviour' };
  return {
    ...plain(age),
    ...behaviour(age, file),
    ...(file.connectIn === undefined ? {} : { connectIn: file.connectIn }),
  };
}
