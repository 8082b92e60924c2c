// Which versions the project stands on, and that all places that name one agree.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod/mini';
import { floor } from '../../scripts/lib/versions.mjs';
import { takes } from './versionRange.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const Versions = z.record(z.string(), z.string());
const Package = z.looseObject({
  dependencies: Versions,
  devDependencies: Versions,
  overrides: Versions,
  engines: z.object({ vscode: z.string() }),
});
const Locked = z.looseObject({
  version: z.optional(z.string()),
  engines: z.optional(z.union([z.record(z.string(), z.string()), z.array(z.string())])),
  integrity: z.optional(z.string()),
  dependencies: z.optional(Versions),
  devDependencies: z.optional(Versions),
});
const manifest = Package.parse(JSON.parse(read('package.json')));
const locked = z.object({ packages: z.record(z.string(), Locked) }).parse(JSON.parse(read('package-lock.json')));
const packages = Object.entries(locked.packages).filter(([folder]) => folder !== '');

const EXACT = /^\d+\.\d+\.\d+$/;
/** Of a package that is installed under another name: `npm:name@version`. */
const versionIn = (named: string): string => named.replace(/^npm:[^@]+@/, '');
const nodesInReadMe = (): string[] => {
  const sentence = /with Node\.js ([^:]*?) and nothing else/.exec(read('README.md'))?.[1] ?? '';
  return [...sentence.matchAll(/\d+(?:\.\d+)?/g)].map(([version]) => version);
};
test('Every version that a manifest names is exact: shipped, for development, and overrides', () => {
  for (const named of [manifest.dependencies, manifest.devDependencies, manifest.overrides]) {
    assert.ok(Object.keys(named).length > 0);
    for (const [name, version] of Object.entries(named)) assert.match(versionIn(version), EXACT, name);
  }
});

test('The lock file holds the manifest’s versions, and a checksum of every package', () => {
  const own = locked.packages[''];
  assert.deepEqual(own?.dependencies, manifest.dependencies);
  assert.deepEqual(own.devDependencies, manifest.devDependencies);
  assert.ok(packages.length > 100);
  for (const [folder, { version, integrity }] of packages) {
    assert.match(version ?? '', /^\d+\.\d+\.\d+/, folder);
    assert.match(integrity ?? '', /^sha512-/, folder);
  }
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
    assert.equal(locked.packages[`node_modules/${name}`]?.version, versionIn(version), name);
});

test('Every version that a script installs is exact', () => {
  const scripts = readdirSync(join(root, 'scripts'), { recursive: true, encoding: 'utf8' });
  const named = scripts
    .filter((file) => file.endsWith('.mjs'))
    .flatMap((file) => [
      ...read(join('scripts', file)).matchAll(/\b\w*[vV]ersion: '([^']*)'|\b\w*[vV]ersion = '([^']*)'/g),
    ])
    .map(([, property, variable]) => property ?? variable ?? '');
  assert.ok(named.length >= 4, `only ${named.length}`);
  for (const version of named) assert.match(version, EXACT);
});

test('Every dependency takes every version of Node that the read-me names, so that npm warns of none', () => {
  const nodes = nodesInReadMe();
  assert.deepEqual(
    nodes.map((version) => version.split('.')[0]),
    ['20', '22', '24'],
  );
  for (const [folder, { engines }] of packages) {
    const range = Array.isArray(engines) ? undefined : engines?.node;
    if (range === undefined) continue;
    for (const node of nodes) assert.ok(takes(range, node), `${folder} takes ${range}, not Node ${node}`);
  }
});

test('The typings, the target of the bundle and the oldest host that tests run in are those of the manifest', () => {
  const oldest = /^\^(\d+)\.(\d+)\.\d+$/.exec(manifest.engines.vscode);
  assert.ok(oldest);
  const [, major = '', minor = ''] = oldest;
  assert.ok(manifest.devDependencies['@types/vscode']?.startsWith(`${major}.${minor}.`));
  // code-server counts 4.x for VS Code 1.x.
  assert.ok(floor.codeServerVersion.startsWith(`4.${minor}.`));
  const [node = ''] = floor.nodeVersion.split('.');
  assert.ok(manifest.devDependencies['@types/node']?.startsWith(`${node}.`));
  assert.match(read('esbuild.mjs'), new RegExp(`target: 'node${node}'`));
});

test('A range of versions is read as npm reads it', () => {
  const accepted: [string, string][] = [
    ['>=18', '20.19'],
    ['>= 20.19.0', '20.19'],
    ['^20.19.0 || ^22.13.0 || >=24', '22.13'],
    ['20 || >=22', '20.19'],
    ['6.* || 8.* || >= 10.*', '20.19'],
    ['>=16 || 14 >=14.17', '24'],
    ['*', '24'],
  ];
  for (const [range, version] of accepted) assert.ok(takes(range, version), `${range} ${version}`);
  const refused: [string, string][] = [
    ['>=22.12.0', '20.19'],
    ['^20.19.0 || >=24', '22.13'],
    ['^20.19.0', '20.18'],
    ['>=0.6.11 <=0.7.0', '20.19'],
    ['18 || 20', '22.13'],
    ['~20.18.1', '20.19'],
  ];
  for (const [range, version] of refused) assert.ok(!takes(range, version), `${range} ${version}`);
  assert.throws(() => takes('latest', '20.19'), /latest/);
});
