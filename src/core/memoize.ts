/**
 * A function that computes `compute(key)` once and remembers up to `limit`
 * results; beyond that the oldest is forgotten. `compute` must be pure, so that
 * remembering changes how long an answer takes and nothing else. What it throws
 * is not remembered.
 */
export function memoize<Key, Value>(
  compute: (key: Key) => Value,
  limit: number,
): (key: Key) => Value {
  const results = new Map<Key, { readonly value: Value }>();
  return (key) => {
    const known = results.get(key);
    if (known !== undefined) return known.value;
    const value = compute(key);
    if (results.size >= limit) {
      const [oldest] = results.keys();
      results.delete(oldest);
    }
    results.set(key, { value });
    return value;
  };
}
