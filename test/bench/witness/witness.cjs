// An extension that does nothing when it is activated, and is loaded right before the one that is measured, by its name:
// VS Code's figure for it is what the extensions before the two of them took. Later it uses what the other one loads later,
// and writes how long each file took to the file WITNESS_FILE: `{ "firstCommandMs": 30, "loadMs": { "run": 20 } }`.
const { readdirSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vscode = require('vscode');

/** By then VS Code has started everything. */
const QUIET_MS = 5_000;
const FOLDER = 'coder-workspaces.coder-workspaces-';
const loadMs = {};

/** By the name of the file, without its hash; what one needs that was not there yet counts to it. */
const load = Module._load;
Module._load = function (request, parent, ...rest) {
  if (!request.startsWith('./') || !parent?.filename.includes(FOLDER)) return load.call(this, request, parent, ...rest);
  const isNew = Module._cache[path.resolve(path.dirname(parent.filename), request)] === undefined;
  const began = performance.now();
  const loaded = load.call(this, request, parent, ...rest);
  if (isNew) loadMs[path.basename(request).replace(/(-\w+)?\.cjs$/, '')] = performance.now() - began;
  return loaded;
};

async function measure() {
  const { extensionPath } = vscode.extensions.getExtension('coder-workspaces.coder-workspaces');
  const began = performance.now();
  await vscode.commands.executeCommand('coderWorkspaces.refresh');
  const firstCommandMs = performance.now() - began;
  const entry = Module._cache[path.join(extensionPath, 'dist', 'extension.cjs')];
  for (const name of readdirSync(path.join(extensionPath, 'dist')).reverse())
    if (!name.startsWith('chunk-')) entry.require(`./${name}`);
  writeFileSync(process.env.WITNESS_FILE, JSON.stringify({ firstCommandMs, loadMs }));
}

exports.activate = () => void setTimeout(() => void measure(), QUIET_MS);
