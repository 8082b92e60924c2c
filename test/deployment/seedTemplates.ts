/** The templates that are there from the start. */
import { createJob } from './builds.ts';
import { readTemplate, type TemplateFile } from './catalogue/index.ts';
import type { Engine } from './engine.ts';
import { inventName, newId } from './ids.ts';
import type { Template, TemplateVersion } from './model.ts';
import { writeTar } from './tar.ts';
import { organizationOf } from './store.ts';

const HOUR_MS = 3_600_000;

/** A template to be there from the start; `behaves` as in `catalogue/` (its name when left out). */
export interface TemplateInput {
  name: string;
  behaves?: string;
  displayName?: string;
  description?: string;
  icon?: string;
  cancel?: boolean;
  dynamic?: boolean;
  /** V2's required stop: so long after a start. */
  maxLifetimeMs?: number;
  /** How many lines a `chatty` build writes. */
  lines?: number;
}

const templateInputs: readonly TemplateInput[] = [
  { name: 'dev', displayName: 'Development', description: 'A pod with two agents and apps', icon: '/icon/k8s.png' },
  { name: 'slow', description: 'A virtual machine that takes its time' },
  { name: 'hang', description: 'Never gets there' },
  { name: 'no-cancel', description: 'Must not be interrupted', cancel: false },
  { name: 'failing', description: 'Fails every time' },
];

const v2TemplateInputs: readonly TemplateInput[] = [
  { name: 'dynamic', description: 'Asks as you answer', dynamic: true },
  { name: 'github-dev', behaves: 'external-auth', description: 'Needs a sign-in at GitHub' },
  { name: 'nightly', behaves: 'slow', description: 'Must stop every night', maxLifetimeMs: 10 * HOUR_MS },
];

/** A version that has been imported already. */
export function addVersion(
  { store }: Engine,
  ownerId: string,
  templateId: string,
  file: TemplateFile,
): TemplateVersion {
  const bytes = writeTar({ 'template.json': JSON.stringify(file) });
  const stored = { id: newId(), bytes };
  store.files.set(stored.id, stored);
  const spec = readTemplate(store.age.name, bytes);
  const id = newId();
  const job = createJob(store, {
    kind: 'template_version_import',
    subjectId: id,
    fileId: stored.id,
    initiatorId: ownerId,
    script: { steps: () => [], tailMs: 0 },
  });
  job.startedAt = store.clock.now();
  job.completedAt = store.clock.now();
  job.workerId = newId();
  const version: TemplateVersion = {
    id,
    templateId,
    organizationId: organizationOf(store).id,
    name: inventName(),
    message: '',
    createdAt: job.createdAt,
    updatedAt: store.clock.now(),
    createdById: ownerId,
    archived: false,
    spec,
    legacyValues: [],
    job,
  };
  store.versions.set(id, version);
  return version;
}

export function addTemplate(engine: Engine, ownerId: string, input: TemplateInput): Template {
  const { store } = engine;
  const id = newId();
  const file = { behaves: input.behaves ?? input.name, ...(input.lines === undefined ? {} : { lines: input.lines }) };
  const version = addVersion(engine, ownerId, id, file);
  const now = store.clock.now();
  const template: Template = {
    id,
    organizationId: organizationOf(store).id,
    name: input.name,
    displayName: input.displayName ?? '',
    description: input.description ?? '',
    icon: input.icon ?? '',
    createdAt: now,
    updatedAt: now,
    createdById: ownerId,
    activeVersionId: version.id,
    defaultTtlMs: 8 * HOUR_MS,
    allowUserCancel: input.cancel ?? true,
    classicParameters: input.dynamic !== true,
    requireActiveVersion: false,
    deprecationMessage: '',
    allowUserAutostart: true,
    allowUserAutostop: true,
    maxLifetimeMs: input.maxLifetimeMs ?? 0,
  };
  store.templates.set(id, template);
  return template;
}

export function addTemplates(engine: Engine, ownerId: string): void {
  const all = engine.store.age.name === 'v2' ? [...templateInputs, ...v2TemplateInputs] : templateInputs;
  for (const input of all) addTemplate(engine, ownerId, input);
}
