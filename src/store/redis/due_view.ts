import { getLogger } from "@logtape/logtape";
import type { Buffer } from "node:buffer";
import type { UnixSeconds } from "../../core/time.ts";
import type { Reservation } from "./hints.ts";
import { decodePlan, type PlanValue } from "./plan_value.ts";

/** What is due in a partition. */
export interface View {
  readonly reservation: Reservation;
  /** When something is due that is not among `due`. */
  readonly wake: UnixSeconds | undefined;
  /** Whether nothing else is due already. */
  readonly isWhole: boolean;
  readonly due: readonly Due[];
  /** What is due as well, and for other nodes. */
  readonly foreign: readonly Due[];
}

export interface Due {
  readonly partition: number;
  /** Since when. */
  readonly at: UnixSeconds;
  readonly occurrence: Buffer;
  /** The entry of its last claim; "" when it is a plan's next occurrence. */
  readonly open: string;
  readonly value: Buffer;
}

/** The oldest of what is due, up to `limit`, as far as it is certain that none is older. */
export function choose(views: readonly View[], limit: number): readonly Due[] {
  let bound = Infinity;
  for (const { wake, isWhole } of views) {
    if (!isWhole) bound = Math.min(bound, wake ?? Infinity);
  }
  return views.flatMap(({ due }) => due)
    .filter(({ at }) => at <= bound)
    .sort((a, b) => a.at - b.at)
    .slice(0, limit);
}

/** The first of those that are known. */
export function earliest(
  seconds: readonly (number | undefined)[],
): number | undefined {
  let first: number | undefined;
  for (const second of seconds) {
    if (second !== undefined && second < (first ?? Infinity)) first = second;
  }
  return first;
}

/** The plan; undefined when it is gone, or can't be read, which is logged. */
export function readValue(key: string, bytes: Buffer): PlanValue | undefined {
  if (bytes.length === 0) return undefined;
  try {
    return decodePlan(key, bytes);
  } catch (error) {
    logger.error("Cannot read the plan {key}: {error}", { key, error });
    return undefined;
  }
}

const logger = getLogger(["forsun", "redis"]);
