import type { Unit } from "./unit.ts";

/** What a median has to reach. */
export interface Target {
  readonly relation: "≥" | "≤";
  readonly value: number;
}

export function atLeast(value: number): Target {
  return { relation: "≥", value };
}

export function atMost(value: number): Target {
  return { relation: "≤", value };
}

/** The target, and whether `value` reaches it. */
export function judge(
  { relation, value: limit }: Target,
  value: number,
  unit: Unit,
): string {
  const isMet = relation === "≥" ? value >= limit : value <= limit;
  return `${relation} ${unit.format(limit)}, ${isMet ? "met" : "**missed**"}`;
}
