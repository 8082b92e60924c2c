// What `npm run demo` does, from packaging to the end. An interruption ends whatever is open: see atExit.
import { checkDemo } from './check.ts';
import { packageDemo } from './packages.ts';
import { environmentOf, openTarget } from './target.ts';
import { openVscode } from './vscode.ts';

export interface DemoOptions {
  /** Of the local deployment. */
  readonly age: 'v0' | 'v2';
  /** Without a person. */
  readonly check: boolean;
}

export async function runDemo({ age, check }: DemoOptions): Promise<void> {
  console.log('Packaging the extension');
  const vsixes = await packageDemo();
  const target = await openTarget(age);
  try {
    console.log(`Showing ${target.description}`);
    if (check) await checkDemo(target, vsixes);
    else await showDemo(vsixes, environmentOf(target));
  } finally {
    await target.close();
  }
}

/** Resolves when the person has closed VS Code. */
async function showDemo(vsixes: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const vscode = await openVscode({ vsixes, env });
  try {
    console.log(`\n${vscode.description}.\nIts side bar shows Coder Workspaces. Ctrl+C here ends everything.\n`);
    await vscode.ended;
  } finally {
    await vscode.close();
  }
}
