/** What stands for every secret that a reply may hold. */
export const MARK = 'hunter2-do-not-show';

const SECRET_KEYS = new Set([
  'session_token',
  'key',
  'startup_script',
  'script',
  'environment_variables',
  'agent_token',
]);

/** Puts the mark wherever a recorded reply may hold a secret (contract 7.16, 7.44). */
export const plantSecrets = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plantSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const planted: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const holds = SECRET_KEYS.has(key) || (key === 'value' && 'sensitive' in value && value.sensitive === true);
    const isName = key === 'key' && ('sensitive' in value || 'display_name' in value);
    if (holds && !isName) planted[key] = key === 'environment_variables' ? { TOKEN: MARK } : MARK;
    else planted[key] = plantSecrets(child);
  }
  return planted;
};

/** Whether a mutation declared a value to be no secret after all. */
export const isDeclassified = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if ('sensitive' in value && value.sensitive === false && JSON.stringify(value).includes(MARK)) return true;
  return Object.values(value).some(isDeclassified);
};
