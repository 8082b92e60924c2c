/**
 * How fast-check runs a property: the same cases in each `npm test`, so that it fails for a change and never by chance;
 * others with each `npm run fuzz`, which sets FUZZ_SEED, and FUZZ_TIMES for that many times as many.
 */
export const propertyRuns = (usual: number): { readonly seed: number; readonly numRuns: number } => ({
  seed: Number(process.env.FUZZ_SEED ?? 1),
  numRuns: usual * Number(process.env.FUZZ_TIMES ?? 1),
});
