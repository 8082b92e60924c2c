/** The template `dev`: parameters, two agents, apps, metadata, a hidden resource (as recorded). */
import type { AgeName } from '../model.ts';
import type { AgentSpec, AppSpec, LegacyParameter, Preset, ResourceSpec, RichParameter } from '../template-spec.ts';
import { newId } from '../ids.ts';
import { rich } from '../richParameter.ts';

const app = (slug: string, more: Partial<AppSpec> = {}): AppSpec => ({
  slug,
  displayName: slug,
  url: 'http://localhost:8080/?folder=/home',
  external: false,
  subdomain: false,
  sharingLevel: 'owner',
  healthcheck: false,
  hidden: false,
  ...more,
});

const code = app('code', { displayName: 'VS Code', healthcheck: true });
const docs = app('docs', { url: 'https://example.com/docs', external: true });
const preview = app('preview', { subdomain: true, sharingLevel: 'public' });
const top = app('top', { displayName: '', url: '', command: 'top' });
const secret = app('secret', { hidden: true });

const main = (age: AgeName): AgentSpec => ({
  name: 'main',
  architecture: 'amd64',
  operatingSystem: 'linux',
  environment: { EDITOR: 'vi' },
  directory: age === 'v0' ? '/home/coder' : '/tmp',
  apps: age === 'v0' ? [code, docs, preview, top] : [top, code, docs, preview, secret],
  script: {
    displayName: 'Install tools',
    icon: '/icon/code.svg',
    text: 'for i in 1 2 3 4 5; do echo installing $i; sleep 1; done; printf "\\033[32mdone\\033[0m\\n"',
    output: [1, 2, 3, 4, 5].map((n) => `installing ${n}`).concat('\u001b[32mdone\u001b[0m'),
  },
  metadata: [
    { key: 'bad', displayName: 'Broken', script: 'exit 3', value: '', error: 'run cmd: exit status 3' },
    { key: 'cpu', displayName: 'CPU usage', script: 'echo 12%', value: '12%\n', error: '' },
  ],
  connects: true,
});

const gpu: AgentSpec = {
  name: 'gpu',
  architecture: 'arm64',
  operatingSystem: 'windows',
  environment: null,
  directory: '/home/coder',
  apps: [],
  metadata: [],
  connects: false,
};

export const devResources = (age: AgeName): readonly ResourceSpec[] => [
  {
    type: 'kubernetes_pod',
    name: 'dev',
    hide: false,
    icon: '/icon/k8s.png',
    dailyCost: 4,
    metadata: [
      { key: 'region', value: 'eu-west-1', sensitive: false },
      { key: 'password', value: 'hunter2', sensitive: true },
    ],
    agents: [gpu, main(age)],
  },
  {
    type: 'kubernetes_persistent_volume_claim',
    name: 'home',
    hide: false,
    icon: '',
    dailyCost: 1,
    metadata: [{ key: 'size', value: '20 GiB', sensitive: false }],
    agents: [],
  },
  { type: 'null_resource', name: 'net', hide: true, icon: '', dailyCost: 0, metadata: [], agents: [] },
];

const legacy = (name: string, more: Partial<LegacyParameter>): LegacyParameter => ({
  id: newId(),
  name,
  description: `The ${name}`,
  defaultValue: undefined,
  allowOverride: true,
  redisplay: true,
  validationError: '',
  validationCondition: '',
  contains: undefined,
  ...more,
});

export const devLegacyParameters = (): readonly LegacyParameter[] => [
  legacy('region', {
    defaultValue: 'eu',
    validationError: 'Pick a region we have.',
    validationCondition: 'contains(["eu","us","ap"], var.region)',
    contains: ['ap', 'eu', 'us'],
  }),
  legacy('size', {}),
  legacy('token', { defaultValue: 'x', redisplay: false }),
  legacy('fixed', { defaultValue: 'v', allowOverride: false }),
];

const optional = (name: string, more: Partial<RichParameter>): RichParameter =>
  rich(name, { required: false, ...more });

export const devParameters: readonly RichParameter[] = [
  optional('region', {
    displayName: 'Region',
    description: 'Where it **runs**',
    descriptionPlain: 'Where it runs',
    formType: 'dropdown',
    mutable: false,
    defaultValue: 'eu',
    icon: '/icon/globe.svg',
    options: [
      { name: 'Europe', description: '', value: 'eu', icon: '/emojis/1f1ea-1f1fa.png' },
      { name: 'United States', description: '', value: 'us', icon: '' },
    ],
  }),
  optional('cpu', {
    displayName: 'CPU cores',
    type: 'number',
    formType: 'slider',
    defaultValue: '2',
    validationError: 'Between 1 and 16, never fewer than before',
    validationMin: 1,
    validationMax: 16,
    validationMonotonic: 'increasing',
  }),
  rich('repo', { validationError: 'An https address, please', validationRegex: '^https://.+$' }),
  optional('gpu', { type: 'bool', formType: 'checkbox', defaultValue: 'false' }),
  optional('tools', { type: 'list(string)', formType: 'tag-select', defaultValue: '["git"]' }),
  optional('debug', { ephemeral: true }),
];

export const devPresets = (): readonly Preset[] => [
  {
    id: newId(),
    name: 'Small',
    parameters: [{ name: 'cpu', value: '2' }],
    isDefault: false,
    description: 'Two cores',
    icon: '',
  },
  {
    id: newId(),
    name: 'Large',
    parameters: [
      { name: 'cpu', value: '8' },
      { name: 'gpu', value: 'true' },
    ],
    isDefault: true,
    description: '',
    icon: '/icon/gpu.svg',
  },
];
