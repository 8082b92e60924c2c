// Keys of the tests' own for what they do again and again between scenes: from the palette, each takes a quarter of a
// CPU-second.

const commandOf = {
  focusView: 'coderWorkspaces.workspaces.focus',
  closeEditors: 'workbench.action.closeAllEditors',
  closePanel: 'workbench.action.closePanel',
} as const;
export type Shortcut = keyof typeof commandOf;

const keyOf: Readonly<Record<Shortcut, string>> = {
  focusView: 'Control+Alt+F6',
  closeEditors: 'Control+Alt+F7',
  closePanel: 'Control+Alt+F8',
};

/** As VS Code's `keybindings.json` names keys and commands. */
export const keybindings: Readonly<Record<string, string>> = Object.fromEntries(
  (Object.keys(keyOf) as Shortcut[]).map((name) => [
    keyOf[name].replace('Control', 'ctrl').toLowerCase(),
    commandOf[name],
  ]),
);

/** As Playwright names keys. */
export const shortcut = (name: Shortcut): string => keyOf[name];
