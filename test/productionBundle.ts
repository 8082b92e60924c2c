// The bundle as it is shipped, made in a folder of its own, and what of it is loaded when.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Metafile } from 'esbuild';

export interface ProductionBundle {
  /** The text of each file by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** The names of the entry file and of all that it imports statically, directly or not. */
  readonly atActivation: readonly string[];
  readonly metafile: Metafile;
}

export function makeProductionBundle(): ProductionBundle {
  const folder = mkdtempSync(path.join(tmpdir(), 'coder-workspaces-bundle-'));
  try {
    const outdir = path.join(folder, 'dist');
    const described = path.join(folder, 'meta.json');
    execFileSync(process.execPath, ['esbuild.mjs', '--production', `--outdir=${outdir}`, `--metafile=${described}`]);
    const metafile = JSON.parse(readFileSync(described, 'utf8')) as Metafile;
    return {
      files: new Map(readdirSync(outdir).map((name) => [name, readFileSync(path.join(outdir, name), 'utf8')])),
      atActivation: loadedAtActivation(metafile),
      metafile,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const bytesOf = ({ files }: ProductionBundle, names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + Buffer.byteLength(files.get(name) ?? ''), 0);

function loadedAtActivation({ outputs }: Metafile): string[] {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    for (const { path: imported, kind, external } of outputs[file]?.imports ?? []) {
      if (external !== true && kind === 'import-statement') visit(imported);
    }
  };
  for (const [file, { entryPoint }] of Object.entries(outputs)) if (entryPoint === 'src/extension.ts') visit(file);
  return [...found].map((file) => path.basename(file));
}
