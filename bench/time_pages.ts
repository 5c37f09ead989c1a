import type { Samples } from "./samples.ts";
import { atMost } from "./target.ts";
import { units } from "./unit.ts";

/**
 * Adds how long each page takes. `pages` has the query of each, by what it is called.
 * @throws {Error} when one is not a full page of 100 plans
 */
export async function timePages(
  samples: Samples,
  httpPort: number | string,
  pages: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [what, query] of Object.entries(pages)) {
    const startMs = performance.now();
    const url = `http://127.0.0.1:${httpPort}/v1/plans${query}`;
    const { data } = await (await fetch(url)).json();
    const ms = performance.now() - startMs;
    if (data.plans.length !== 100) throw new Error(`${what}: no page`);
    samples.add(what, ms, { unit: units.milliseconds, target: atMost(20) });
  }
}

/** The cursor behind a place: a key, or a key and the second of its next occurrence. */
export function cursor(...place: readonly (string | number)[]): string {
  return btoa(JSON.stringify(place))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
