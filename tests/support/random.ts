/**
 * How many random cases a property is tried with: `usual`, or what
 * FORSUN_FUZZ_RUNS asks for. The seed is fixed so that a failure comes again.
 */
export function randomRuns(usual: number): { numRuns: number; seed: number } {
  const asked = Number(Deno.env.get("FORSUN_FUZZ_RUNS") ?? 0);
  return { numRuns: Math.max(usual, asked), seed: 20_261_123 };
}
