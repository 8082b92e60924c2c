import assert from 'node:assert/strict';
import { ApiError, type ApiErrorKind } from '../../src/api/errors.ts';
import { assertStatus, type ByAge } from './age.ts';
import type { CheckContext } from './checkContext.ts';

export interface Refusal {
  readonly status: ByAge | number;
  readonly kind?: ApiErrorKind;
  /** Each of these is named by the server's `validations`. */
  readonly fields?: readonly string[];
}

/** The deployment refuses, as it should, and the client tells it to people without anything that is not for them. */
export const refused = async (
  context: CheckContext,
  attempt: Promise<unknown>,
  { status, kind, fields = [] }: Refusal,
): Promise<ApiError> => {
  const error = await attempt.then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw error;
  assertStatus(context.facts.age, error.status, status);
  if (kind !== undefined) assert.equal(error.kind, kind, `kind ${error.kind}, not ${kind}`);
  for (const field of fields) {
    assert.ok(
      error.validations.some((each) => each.field === field),
      `no validation names “${field}”: ${error.message}`,
    );
  }
  assert.notEqual(error.message, '', 'nothing is said to people');
  assert.doesNotMatch(error.message, /undefined|\bNaN\b|\[object |https?:\/\/\S*\/api\/v2/, 'not for people');
  return error;
};

export const UNKNOWN_ID = '99999999-9999-4999-8999-999999999999';

/** Both moments are one, as far as a server keeps them. */
export const assertSameMoment = (actual: number | undefined, expected: number): void => {
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1000, `${asTime(actual)} is not ${asTime(expected)}`);
};

const asTime = (at: number | undefined): string => (at === undefined ? 'no time' : new Date(at).toISOString());
