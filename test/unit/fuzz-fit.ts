import assert from 'node:assert/strict';
import { MARK } from './fuzz-secrets.ts';

/** FUZZ_SEED repeats a run. Printed, since a failure is worth nothing without it. */
export const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`fuzz: FUZZ_SEED=${seed}`);

const NONSENSE = /\bundefined\b|\bnull\b|\bNaN\b|Invalid Date|\[object \w+\]/;

/** What a person sees must not be nonsense of ours, nor a secret. What the server itself wrote may say "null". */
export const assertFit = (texts: readonly string[], sent: string, mayShowMark: boolean): void => {
  for (const text of texts) {
    const nonsense = NONSENSE.exec(text)?.[0];
    if (nonsense !== undefined && !sent.includes(nonsense)) assert.fail(`“${text.slice(0, 300)}” says ${nonsense}`);
    if (!mayShowMark && text.includes(MARK)) assert.fail(`“${text.slice(0, 300)}” shows a secret`);
  }
};
