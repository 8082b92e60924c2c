/** The templates that are there from the start. */
import { createJob } from './builds.ts';
import { readTemplate, type TemplateFile } from './catalogue/index.ts';
import type { Engine } from './engine.ts';
import { inventName, newId } from './ids.ts';
import type { Template, TemplateVersion } from './model.ts';
import { writeTar } from './tar.ts';
import { organizationOf } from './world.ts';

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
  { world }: Engine,
  ownerId: string,
  templateId: string,
  file: TemplateFile,
): TemplateVersion {
  const bytes = writeTar({ 'template.json': JSON.stringify(file) });
  const stored = { id: newId(), bytes };
  world.files.set(stored.id, stored);
  const spec = readTemplate(world.age.name, bytes);
  const id = newId();
  const job = createJob(world, {
    kind: 'template_version_import',
    subjectId: id,
    fileId: stored.id,
    initiatorId: ownerId,
    script: { steps: () => [], tailMs: 0 },
  });
  job.startedAt = world.clock.now();
  job.completedAt = world.clock.now();
  job.workerId = newId();
  const version: TemplateVersion = {
    id,
    templateId,
    organizationId: organizationOf(world).id,
    name: inventName(),
    message: '',
    createdAt: job.createdAt,
    updatedAt: world.clock.now(),
    createdById: ownerId,
    archived: false,
    spec,
    legacyValues: [{ name: 'size', value: 'large' }],
    job,
  };
  world.versions.set(id, version);
  return version;
}

export function addTemplate(engine: Engine, ownerId: string, wish: TemplateInput): Template {
  const { world } = engine;
  const id = newId();
  const file = { behaves: wish.behaves ?? wish.name, ...(wish.lines === undefined ? {} : { lines: wish.lines }) };
  const version = addVersion(engine, ownerId, id, file);
  const now = world.clock.now();
  const template: Template = {
    id,
    organizationId: organizationOf(world).id,
    name: wish.name,
    displayName: wish.displayName ?? '',
    description: wish.description ?? '',
    icon: wish.icon ?? '',
    createdAt: now,
    updatedAt: now,
    createdById: ownerId,
    activeVersionId: version.id,
    defaultTtlMs: 8 * HOUR_MS,
    allowUserCancel: wish.cancel ?? true,
    classicParameters: wish.dynamic !== true,
    requireActiveVersion: false,
    deprecationMessage: '',
    allowUserAutostart: true,
    allowUserAutostop: true,
    maxLifetimeMs: wish.maxLifetimeMs ?? 0,
  };
  world.templates.set(id, template);
  return template;
}

export function addTemplates(engine: Engine, ownerId: string): void {
  const all = engine.world.age.name === 'v2' ? [...templateInputs, ...v2TemplateInputs] : templateInputs;
  for (const wish of all) addTemplate(engine, ownerId, wish);
}
