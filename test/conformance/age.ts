import assert from 'node:assert/strict';

/**
 * `document`: as old as the reference document; `today`: knows dynamic parameters (contract 1.9). What lies between
 * gained its parts one by one, so that there the answer of either age is right.
 */
export type Age = 'document' | 'between' | 'today';

export interface AgeSigns {
  /** Whether `…/rich-parameters` exists; `undefined`: there was no template to ask for. */
  readonly richParameters: boolean | undefined;
  /** Whether templates say how their parameters are asked. */
  readonly parameterFlow: boolean | undefined;
  /** Whether `/buildinfo` names the dashboard. */
  readonly dashboardUrl: boolean;
}

/** By what is there, never by the version, which says nothing in a build without tags (contract 1.8). */
export const ageOf = ({ richParameters, parameterFlow, dashboardUrl }: AgeSigns): Age => {
  if (parameterFlow === true) return 'today';
  if (richParameters === false || (richParameters === undefined && !dashboardUrl)) return 'document';
  return richParameters === undefined ? 'today' : 'between';
};

/** The status that each age answers with. */
export interface ByAge {
  readonly document: number;
  readonly today: number;
}

export const assertStatus = (age: Age, actual: number | undefined, expected: ByAge | number): void => {
  const allowed = typeof expected === 'number' ? [expected] : rightIn(age, expected);
  assert.ok(
    allowed.some((status) => status === actual),
    `status ${actual ?? 'none'}, not ${allowed.join(' or ')}`,
  );
};

const rightIn = (age: Age, { document, today }: ByAge): number[] =>
  age === 'between' ? [document, today] : [age === 'document' ? document : today];
