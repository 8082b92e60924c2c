import assert from 'node:assert/strict';
import { MARK } from './secrets.ts';

const NONSENSE = /\bundefined\b|\bnull\b|\bNaN\b|Invalid Date|\[object \w+\]/;

/** What a person sees must not be nonsense of ours, nor a secret. What the server itself wrote may say "null". */
export const assertFit = (texts: readonly string[], sent: string, mayShowMark: boolean): void => {
  for (const text of texts) {
    const nonsense = NONSENSE.exec(text)?.[0];
    if (nonsense !== undefined && !sent.includes(nonsense)) assert.fail(`“${text.slice(0, 300)}” says ${nonsense}`);
    if (!mayShowMark && text.includes(MARK)) assert.fail(`“${text.slice(0, 300)}” shows a secret`);
  }
};
