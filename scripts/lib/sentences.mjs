// The sentences of the extension's code for whoever translates them: `l10n/bundle.l10n.json`.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectDir } from './paths.mjs';

export const bundleFile = path.join(projectDir, 'l10n', 'bundle.l10n.json');

/** @returns {Promise<Record<string, string>>} each sentence in src by itself, in the order of files and places */
export async function sentencesOfCode() {
  const src = path.join(projectDir, 'src');
  const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts')).sort();
  const sentences = await Promise.all(
    files.map(async (file) => sentencesIn(file, await readFile(path.join(src, file), 'utf8'))),
  );
  return Object.fromEntries(sentences.flat().map((sentence) => [sentence, sentence]));
}

/**
 * @param {string} file named in the error
 * @param {string} text TypeScript
 * @returns {Promise<string[]>} what `l10n.t` is given
 * @throws {Error} where it is given what is not written out there: nobody could translate that
 */
export async function sentencesIn(file, text) {
  // Not there yet when the scripts are loaded in a fresh clone.
  const { parseSync, Visitor } = await import('oxc-parser');
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found = [];
  new Visitor({
    CallExpression({ callee, arguments: [sentence], start }) {
      if (callee.type !== 'MemberExpression' || callee.property.name !== 't') return;
      // `l10n`, or VS Code's own `vscode.l10n`.
      if ((callee.object.property ?? callee.object).name !== 'l10n') return;
      if (sentence?.type !== 'Literal' || typeof sentence.value !== 'string') {
        throw new Error(`${file}:${text.slice(0, start).split('\n').length}: l10n.t is not given a string literal`);
      }
      found.push(sentence.value);
    },
  }).visit(program);
  return found;
}
