import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { parseSync, Visitor, type Expression, type ImportDeclarationSpecifier, type SpreadElement } from 'oxc-parser';

const ROOT = fileURLToPath(new URL('../../src/', import.meta.url));

/** The table of src/README.md: what each room may see. `types` may be imported as types only. */
interface Rule {
  readonly rooms: readonly string[];
  readonly types?: readonly string[];
  readonly packages: readonly string[];
  readonly node: boolean;
}

const EVERYWHERE = ['@vscode/l10n'];

const RULES: Readonly<Record<string, Rule>> = {
  api: { rooms: ['api'], packages: ['zod/v4/core', 'eventsource', 'ws'], node: true },
  model: { rooms: ['model', 'api'], packages: [], node: false },
  host: { rooms: ['host', 'model'], types: ['api'], packages: ['vscode'], node: false },
  views: { rooms: ['views', 'model', 'host'], types: ['api'], packages: ['vscode'], node: false },
  commands: { rooms: ['commands', 'model', 'api'], types: ['views', 'host'], packages: [], node: false },
  'extension.ts': { rooms: ['api', 'model', 'host', 'views', 'commands'], packages: ['vscode'], node: false },
};

/** What gives the commands VS Code; each verb gets it from its context. */
const MAKES_CONTEXT: Rule = { rooms: ['commands', 'views', 'host', 'model', 'api'], packages: ['vscode'], node: false };
const RULES_OF_FILES: Readonly<Record<string, Rule>> = {
  'commands/register.ts': MAKES_CONTEXT,
  'commands/createContext.ts': MAKES_CONTEXT,
  // VS Code writes no file that only its owner may read, and none on the condition that there is none.
  'host/createFile.ts': { rooms: [], packages: [], node: true },
  'host/privateFile.ts': { rooms: [], packages: [], node: true },
};

/** Pure functions and plain values, which each room may use. */
const VALUES_OF_TYPES = ['units', 'errors', 'address', 'plainText', 'abort', 'slices', 'json'].map(
  (name) => `api/${name}.ts`,
);

interface Import {
  readonly specifier: string;
  readonly isTypeOnly: boolean;
}

const importsOf = (name: string, text: string): Import[] => {
  const { program, errors } = parseSync(name, text);
  assert.deepEqual(errors, [], name);
  const found: Import[] = [];
  const add = (specifier: string, isTypeOnly: boolean): void => {
    found.push({ specifier, isTypeOnly });
  };
  const addComputed = (argument: Expression | SpreadElement | undefined): void => {
    const isText = argument?.type === 'Literal' && typeof argument.value === 'string';
    add(isText ? argument.value : '(computed)', false);
  };
  new Visitor({
    ImportDeclaration: (node) => {
      add(node.source.value, node.importKind === 'type' || importsTypesOnly(node.specifiers));
    },
    ExportAllDeclaration: ({ source, exportKind }) => {
      add(source.value, exportKind === 'type');
    },
    ExportNamedDeclaration: ({ source, exportKind }) => {
      if (source !== null) add(source.value, exportKind === 'type');
    },
    ImportExpression: ({ source }) => {
      addComputed(source);
    },
    CallExpression: ({ callee, arguments: [argument] }) => {
      if (callee.type === 'Identifier' && callee.name === 'require') addComputed(argument);
    },
    TSImportType: ({ source }) => {
      add(source.value, true);
    },
  }).visit(program);
  return found;
};

const importsTypesOnly = (specifiers: readonly ImportDeclarationSpecifier[]): boolean =>
  specifiers.length > 0 && specifiers.every((each) => each.type === 'ImportSpecifier' && each.importKind === 'type');

const roomOf = (file: string): string => file.split('/')[0] ?? '';

/** Why the import breaks the table, or nothing. */
const offence = (file: string, { specifier, isTypeOnly }: Import): string | undefined => {
  const room = roomOf(file);
  const rule = RULES_OF_FILES[file] ?? RULES[room];
  if (rule === undefined) return `${file}: "${room}" is no room of the house`;
  const broken = (why: string): string => `${file} imports "${specifier}": ${why}`;
  if (specifier.startsWith('.')) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
    if (target.startsWith('..')) return broken('nothing in src sees what is outside of it');
    if (rule.rooms.includes(roomOf(target))) return undefined;
    if (rule.types?.includes(roomOf(target)) !== true) {
      return broken(`${room} sees only ${[...rule.rooms, ...(rule.types ?? [])].join(', ')}`);
    }
    const isPlain = isTypeOnly || VALUES_OF_TYPES.includes(target);
    return isPlain ? undefined : broken(`${room} sees only the types of ${roomOf(target)}`);
  }
  if (EVERYWHERE.includes(specifier) || rule.packages.includes(specifier)) return undefined;
  if (specifier.startsWith('node:')) return rule.node ? undefined : broken(`${room} does not see node:*`);
  return broken(`${room} may use only ${[...EVERYWHERE, ...rule.packages].join(', ')}`);
};

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts'))
  .sort();

test('every import in src keeps to the table of rooms', () => {
  assert.ok(files.length > 30, `only ${files.length} files found below ${ROOT}`);
  const offences = files.flatMap((file) =>
    importsOf(file, readFileSync(path.join(ROOT, file), 'utf8')).flatMap((each) => offence(file, each) ?? []),
  );
  assert.deepEqual(offences, []);
});

test('the table notices each kind of offence and names file, import and rule', () => {
  const cases: [string, string, RegExp][] = [
    ['model/tree.ts', `import * as vscode from 'vscode';`, /model\/tree\.ts imports "vscode": model may use only/],
    ['api/client.ts', `import { x } from '../model/state.ts';`, /api sees only api/],
    ['model/tree.ts', `import { readFileSync } from 'node:fs';`, /model does not see node/],
    ['views/row.ts', `import { CoderClient } from '../api/client.ts';`, /views sees only the types of api/],
    ['views/row.ts', `import { cancel } from '../commands/cancel.ts';`, /views sees only/],
    ['host/log.ts', `export { x } from '../../test/deployment/index.ts';`, /outside of it/],
    ['api/watch.ts', `const x = await import('undici');`, /api may use only/],
    ['model/tree.ts', `const x = require('vscode');`, /model may use only/],
    ['model/tree.ts', `type T = import('vscode').Uri;`, /model may use only/],
    ['commands/stop.ts', `import * as vscode from 'vscode';`, /commands may use only/],
    ['commands/stop.ts', `import { confirm } from '../host/messages.ts';`, /commands sees only the types of host/],
    ['commands/create/steps.ts', `import { row } from '../../views/row.ts';`, /commands sees only the types of views/],
    ['utils/x.ts', `import { y } from './y.ts';`, /no room of the house/],
  ];
  for (const [file, text, expected] of cases) {
    const [found] = importsOf(file, text).flatMap((each) => offence(file, each) ?? []);
    assert.match(found ?? 'nothing noticed', expected);
  }
});

test('a verb may name what it is given by VS Code, and only the two files that give it may see it', () => {
  const cases: [string, string][] = [
    ['commands/context.ts', `import type { Log } from '../host/log.ts';`],
    ['commands/register.ts', `import * as vscode from 'vscode';`],
    ['commands/createContext.ts', `import { pick } from '../host/quickInput.ts';`],
  ];
  for (const [file, text] of cases) {
    assert.deepEqual(
      importsOf(file, text).flatMap((each) => offence(file, each) ?? []),
      [],
    );
  }
});

test('types of api may be imported where its behaviour may not', () => {
  for (const text of [
    `import type { Workspace } from '../api/schemas/workspaces.ts';`,
    `import { type Workspace } from '../api/schemas/workspaces.ts';`,
    `import { minutes } from '../api/units.ts';`,
  ]) {
    assert.deepEqual(
      importsOf('views/row.ts', text).flatMap((each) => offence('views/row.ts', each) ?? []),
      [],
    );
  }
});
