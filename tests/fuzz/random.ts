/** Whole numbers from `min` to `max`, both included. */
export type Random = (min: number, max: number) => number;

/** Random numbers that are the same for the same seed (xorshift, 32 bits). */
export function createRandom(seed: number): Random {
  let state = seed | 0 || 1;
  return (min, max) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return min + (state >>> 0) % (max - min + 1);
  };
}

export function pick<T>(values: readonly T[], random: Random): T {
  return values[random(0, values.length - 1)];
}
