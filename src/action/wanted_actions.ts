import { quote } from "../core/quote.ts";
import type { Action } from "./action.ts";

/**
 * Those of `all` actions that plans may use; all of them when none is named.
 * @throws {Error} when one is named that there isn't
 */
export function wantedActions(
  all: ReadonlyMap<string, Action>,
  names: readonly string[],
): ReadonlyMap<string, Action> {
  const unknown = names.find((name) => !all.has(name));
  if (unknown !== undefined) {
    const known = [...all.keys()].join(", ");
    throw new Error(
      `action.actions must name some of ${known}, got ${quote(unknown)}`,
    );
  }
  return new Map(
    [...all].filter(([name]) => names.length === 0 || names.includes(name)),
  );
}
