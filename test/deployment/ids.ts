import { randomBytes, randomInt, randomUUID } from 'node:crypto';

export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

export const newId = (): string => randomUUID();

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isUuid = (text: string): boolean => UUID.test(text);

/** `n` characters of the alphabet that keys are made of. */
export function randomText(n: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(randomBytes(n), (byte) => letters[byte % letters.length]).join('');
}

const moods = ['brave', 'calm', 'clever', 'eager', 'gentle', 'keen', 'lucid', 'merry', 'quiet', 'sharp'];
const people = ['curie', 'euler', 'gauss', 'hopper', 'lovelace', 'noether', 'pascal', 'ritchie', 'turing', 'wu'];

/** A name for a template version that nobody named: mood, person, digit. */
export function inventName(): string {
  const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? '';
  return `${pick(moods)}_${pick(people)}${randomInt(10)}`;
}
