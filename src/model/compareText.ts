/** The order of ids and names that doesn't depend on a locale. */
export const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
