// Places in error stacks are those of the sources. Node's own `--enable-source-maps` reads and decodes all maps at the start,
// a tenth of what a small test file computes; here they are read when somebody looks at a stack.
const { readFileSync } = require('node:fs');
const { SourceMap } = require('node:module');
const { fileURLToPath } = require('node:url');

/** By the URL of what was compiled; undefined where there is no map. */
const maps = new Map();

Error.prepareStackTrace = (error, frames) =>
  [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${inSource(String(frame))}`)].join('\n');

/** @param {string} frame as `name (file:///….mjs:LINE:COLUMN)` */
function inSource(frame) {
  return frame.replace(/(file:.*\.mjs):(\d+):(\d+)/, (place, url, line, column) => {
    const { originalSource, originalLine, originalColumn } = mapOf(url)?.findEntry(line - 1, column - 1) ?? {};
    if (originalSource === undefined) return place;
    return `${new URL(originalSource, url)}:${originalLine + 1}:${originalColumn + 1}`;
  });
}

function mapOf(url) {
  if (!maps.has(url)) maps.set(url, read(`${fileURLToPath(url)}.map`));
  return maps.get(url);
}

function read(file) {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
