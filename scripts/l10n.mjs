// `npm run l10n`: writes the sentences of the code for whoever translates them.
import { writeFile } from 'node:fs/promises';
import { ensureNodeModules } from './lib/nodeModules.mjs';
import { bundleFile, sentencesOfCode } from './lib/sentences.mjs';

await ensureNodeModules();
await writeFile(bundleFile, JSON.stringify(await sentencesOfCode(), null, 2));
