import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod/mini';
import { COMMANDS } from '../../src/commands/table.ts';
import { VERBS } from '../../src/model/actions.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const When = z.object({ when: z.optional(z.string()) });
const MenuItem = z.object({ command: z.string(), when: z.optional(z.string()), group: z.optional(z.string()) });
const Setting = z.looseObject({
  scope: z.string(),
  order: z.number(),
  default: z.unknown(),
  markdownDescription: z.string(),
  enum: z.optional(z.array(z.string())),
  enumItemLabels: z.optional(z.array(z.string())),
  markdownEnumDescriptions: z.optional(z.array(z.string())),
});
const Manifest = z.object({
  extensionKind: z.array(z.string()),
  icon: z.string(),
  keywords: z.array(z.string()),
  contributes: z.object({
    viewsContainers: z.object({ activitybar: z.array(z.object({ id: z.string(), icon: z.string() })) }),
    views: z.record(z.string(), z.array(z.looseObject({ id: z.string(), icon: z.string() }))),
    viewsWelcome: z.array(z.object({ view: z.string(), contents: z.string(), when: z.string() })),
    commands: z.array(
      z.object({
        command: z.string(),
        title: z.string(),
        category: z.string(),
        icon: z.optional(z.string()),
        enablement: z.optional(z.string()),
      }),
    ),
    menus: z.record(z.string(), z.array(MenuItem)),
    keybindings: z.array(z.looseObject({ command: z.string(), key: z.string(), when: z.string() })),
    configuration: z.object({ properties: z.record(z.string(), Setting) }),
    languages: z.array(z.object({ id: z.string(), configuration: z.optional(z.string()) })),
    grammars: z.array(z.object({ language: z.string(), scopeName: z.string(), path: z.string() })),
    walkthroughs: z.array(
      z.object({
        steps: z.array(
          z.object({
            description: z.string(),
            media: z.object({ svg: z.string() }),
            completionEvents: z.array(z.string()),
          }),
        ),
      }),
    ),
  }),
});
const manifest = Manifest.parse(JSON.parse(read('package.json')));
const strings = z.record(z.string(), z.string()).parse(JSON.parse(read('package.nls.json')));
const { commands, menus, views, viewsWelcome, keybindings, configuration, walkthroughs } = manifest.contributes;
const settings = Object.entries(configuration.properties);
const itemMenu = menus['view/item/context'] ?? [];
const inline = itemMenu.filter((item) => item.group?.startsWith('inline'));

test('The manifest has of everything that is looked at below', () => {
  const all = { commands, settings, itemMenu, inline, keybindings, viewsWelcome, walkthroughs };
  for (const [what, found] of Object.entries(all)) assert.ok(found.length > 0, what);
});

const escaped = (text: string): string => text.replace(/[.[\]]/g, '\\$&');

function sources(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

test('Every command has a title, the common category and, if it stands in a row or a title bar, an icon', () => {
  const shown = new Set([...inline, ...(menus['view/title'] ?? [])].map((item) => item.command));
  for (const command of commands) {
    assert.match(command.title, /^%command\..+\.title%$/);
    assert.equal(command.category, '%category%', command.command);
    if (shown.has(command.command)) assert.ok(command.icon, `${command.command} has no icon`);
  }
});

test('The commands of the manifest and the table in src/commands are the same', () => {
  const table = Object.keys(COMMANDS).map((id) => `coderWorkspaces.${id}`);
  assert.deepEqual(table.sort(), commands.map((command) => command.command).sort());
});

test('Menus, keys and welcome texts name only commands that exist', () => {
  const known = new Set(commands.map((command) => command.command));
  const texts = Object.values(strings).join('\n');
  const named = [
    ...Object.values(menus).flat(),
    ...keybindings,
    ...[...texts.matchAll(/command:(coderWorkspaces\.\w+)/g)].map((match) => ({ command: match[1] ?? '' })),
    ...walkthroughs
      .flatMap((walkthrough) => walkthrough.steps)
      .flatMap((step) => step.completionEvents)
      .filter((event) => event.startsWith('onCommand:'))
      .map((event) => ({ command: event.slice('onCommand:'.length) })),
  ];
  for (const { command } of named) assert.ok(known.has(command), command);
});

test('Every context key that the manifest asks for is set in host/contextKeys', () => {
  const conditions = [
    ...commands.map((command) => command.enablement ?? ''),
    ...z
      .array(When)
      .parse([...Object.values(menus).flat(), ...viewsWelcome, ...keybindings])
      .map((each) => each.when ?? ''),
    ...walkthroughs.flatMap((walkthrough) => walkthrough.steps.flatMap((step) => step.completionEvents)),
  ].join('\n');
  const asked = new Set(
    [...conditions.matchAll(/(?<!== |onCommand:)\bcoderWorkspaces\.(\w+)/g)].map((match) => match[1] ?? ''),
  );
  const set = read('src/host/contextKeys.ts');
  assert.ok(asked.size > 0);
  for (const key of asked) assert.match(set, new RegExp(`readonly ${key}: boolean`), key);
});

/**
 * VS Code takes a condition that holds when it first reads the steps for one that has been counted already (1.105, 1.139): a
 * step is then ticked only by another condition, which begins to hold later.
 */
test('A step of the walkthrough that a context completes is completed, too, if the context holds when it is opened', () => {
  const events = walkthroughs.flatMap((walkthrough) => walkthrough.steps).flatMap((step) => step.completionEvents);
  const contexts = events.filter((event) => /^onContext:\S+$/.test(event));
  assert.ok(contexts.length > 0, 'some step waits for a context');
  for (const event of contexts) assert.ok(events.includes(`${event} && activeEditor == gettingStartedPage`), event);
});

test('Every inline action stands in the context menu, too', () => {
  for (const item of inline) {
    const elsewhere = itemMenu.filter((other) => other.command === item.command && !other.group?.startsWith('inline'));
    assert.ok(elsewhere.length > 0, item.command);
  }
});

test('Only verbs that can work are offered on a row: each menu entry asks for the kind of row or the ability', () => {
  for (const item of itemMenu) assert.match(item.when ?? '', /^view == coderWorkspaces\.workspaces && .*viewItem =~/);
});

test('The menu of a row has the groups of ux.md, and no others', () => {
  const groups = new Set(itemMenu.map(({ group = '' }) => group.split('@')[0]).filter((group) => group !== 'inline'));
  assert.deepEqual([...groups].sort(), ['1_open', '2_lifecycle', '3_schedule', '4_logs', '5_copy', '9_danger']);
});

test('What a workspace allows is listed everywhere in the order of its menu, which ends with Delete', () => {
  const place = (group = ''): [string, number] => [group.split('@')[0] ?? '', Number(group.split('@')[1])];
  const inMenu = itemMenu
    .filter(({ group }) => !group?.startsWith('inline'))
    .sort((a, b) => {
      const [[groupOfA, atA], [groupOfB, atB]] = [place(a.group), place(b.group)];
      return groupOfA.localeCompare(groupOfB) || atA - atB;
    })
    .map(({ command }) => command.slice('coderWorkspaces.'.length))
    .filter((id) => (VERBS as readonly string[]).includes(id));
  assert.deepEqual(VERBS, [...new Set(inMenu)]);
  assert.equal(VERBS.at(-1), 'delete');
});

test('Where several rows are selected, only commands that act on all of them are offered', () => {
  const forSeveral = new Set(
    [...read('src/commands/table.ts').matchAll(/(\w+): forMany\(/g)].map(([, id]) => `coderWorkspaces.${id}`),
  );
  assert.ok(forSeveral.size > 5, [...forSeveral].join());
  for (const { command, when = '', group } of itemMenu) {
    if (group?.startsWith('inline') || command === 'coderWorkspaces.retry') continue;
    assert.equal(when.endsWith(' && !listMultiSelection'), !forSeveral.has(command), command);
  }
});

test('A key works only while the tree has the focus, or an editor of a text of ours', () => {
  const ours =
    /^(focusedView == coderWorkspaces\.workspaces|resourceScheme == coder-workspaces-text && editorTextFocus) ?/;
  for (const key of keybindings) assert.match(key.when, ours, key.key);
});

test('A key that acts on a row works only where there are workspaces', () => {
  const ofRows = keybindings.filter(({ args }) => args === 'key');
  assert.ok(ofRows.length > 3);
  for (const { key, when } of ofRows) assert.match(when, / && coderWorkspaces\.hasWorkspaces$/, key);
});

test('Every setting has a description, a default and an order, and none is machine-scoped', () => {
  assert.equal(new Set(settings.map(([, setting]) => setting.order)).size, settings.length);
  for (const [key, setting] of settings) {
    assert.match(setting.markdownDescription, /^%setting\..+%$/, key);
    assert.notEqual(setting.default, undefined, key);
    assert.match(setting.scope, /^(window|application)$/, key);
    assert.equal(setting.enumItemLabels?.length, setting.enum?.length, key);
    assert.equal(setting.markdownEnumDescriptions?.length, setting.enum?.length, key);
  }
});

test('What a folder could turn against its user counts only in the user’s own settings', () => {
  // The scopes of ux.md's table of settings.
  const scopes: Readonly<Record<string, string>> = {
    'deadline.show': 'window',
    'deadline.warnBefore': 'window',
    'tree.flattenAgents': 'window',
    'tree.showHiddenResources': 'window',
    'buildLog.open': 'window',
    'buildLog.timestamps': 'window',
    'buildLog.level': 'window',
    timeFormat: 'window',
    timeZone: 'window',
  };
  for (const [key, { scope }] of settings) {
    // What is not about how things are shown is the user's own, also when it is new.
    assert.equal(scope, scopes[key.slice('coderWorkspaces.'.length)] ?? 'application', key);
  }
});

test('Every setting is in the table of the read-me with its default', () => {
  const readMe = read('README.md');
  for (const [key, setting] of settings) {
    const shown = JSON.stringify(setting.default).replace(/^"|"$/g, '').replaceAll(',', ', ');
    assert.match(readMe, new RegExp(`\\| \`${escaped(key)}\` +\\| \`${escaped(shown)}\` +\\|`), key);
  }
});

test('Settings that exist are read, and settings that are read exist', () => {
  const code = read('src/host/settingValues.ts');
  for (const [key] of settings) assert.ok(code.includes(`'${key.slice('coderWorkspaces.'.length)}'`), key);
  for (const [, key] of code.matchAll(/'((?:deadline|tree|buildLog|confirm)\.\w+)'/g)) {
    assert.ok(configuration.properties[`coderWorkspaces.${key ?? ''}`], key);
  }
});

test('Every string that the manifest names exists, and every string is named', () => {
  const text = read('package.json');
  const named = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ''));
  assert.deepEqual([...named].sort(), Object.keys(strings).sort());
});

test('Each view and its container have an icon, and every file that the manifest names is there', () => {
  const paths = [
    manifest.icon,
    ...manifest.contributes.viewsContainers.activitybar.map((container) => container.icon),
    ...Object.values(views)
      .flat()
      .map((view) => view.icon),
    ...manifest.contributes.grammars.map((grammar) => grammar.path),
    ...manifest.contributes.languages.flatMap(({ configuration: path }) => path ?? []),
    ...walkthroughs.flatMap((walkthrough) => walkthrough.steps.map((step) => step.media.svg)),
  ];
  for (const path of paths) assert.ok(existsSync(join(root, path)), path);
});

test('What divides a build log is no word: with the cursor in one, VS Code highlights each of its occurrences', () => {
  const language = manifest.contributes.languages.find(({ id }) => id === 'coderWorkspaces-build-log');
  const { wordPattern } = z.object({ wordPattern: z.string() }).parse(JSON.parse(read(language?.configuration ?? '')));
  const words = (line: string): string[] => line.match(new RegExp(wordPattern, 'g')) ?? [];
  assert.deepEqual(words('──── start #4 · dev @ clever_pike9 ────'), ['start', '4', '·', 'dev', 'clever_pike9']);
  assert.deepEqual(words('▸ Setting up   0.3 s'), ['Setting', 'up', '0.3', 's']);
  assert.deepEqual(words('  größe_1: [id=i-01]'), ['größe_1', 'id', 'i', '01']);
});

test('The icon in the gallery is a picture of 256 by 256 pixels', () => {
  const png = readFileSync(join(root, manifest.icon));
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [256, 256]);
});

test('It runs where the workspace folder is, and beside the window where that is not possible', () => {
  assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
});

test('The read-me has no picture that the gallery refuses', () => {
  const readMe = read('README.md');
  assert.doesNotMatch(readMe, /!\[[^\]]*\]\((?:http:|[^)]*\.svg)/);
  for (const [, path] of readMe.matchAll(/!\[[^\]]*\]\(([^)]+\.png)\)/g))
    assert.ok(existsSync(join(root, path ?? '')), path);
});

test('No code reads a setting or sets a context key past host', () => {
  for (const folder of ['src/api', 'src/model', 'src/views', 'src/commands']) {
    assert.doesNotMatch(sources(folder), /getConfiguration\(|'setContext'/, folder);
  }
});

test('Messages, prompts and progress are drawn only where their text is escaped', () => {
  const drawing =
    /window\.(?:show(?:Information|Warning|Error)Message|showQuickPick|showInputBox|createQuickPick|createInputBox|withProgress)\b/;
  const mayDraw = new Set([
    'host/messages.ts',
    'host/quickInput.ts',
    'host/delayedProgress.ts',
    'views/buildProgress.ts',
  ]);
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  for (const file of files) {
    const code = read(join('src', file));
    if (mayDraw.has(file)) assert.match(code, /\bplain(?:BeforeLink)?\(/, file);
    else assert.doesNotMatch(code, drawing, file);
  }
});

test('The view is there whatever is so: one that was hidden by a condition would be unknown at start, and stay away (vscode-coder#134, #838)', () => {
  const all = Object.values(views).flat();
  assert.ok(all.length > 0, 'there is a view');
  for (const view of all) assert.ok(!('when' in view), view.id);
});
