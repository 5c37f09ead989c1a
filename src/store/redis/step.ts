import type { Argument } from "./link.ts";

/** One atomic step in a partition; lua/ has a function of that name. */
export interface Step {
  readonly name: StepName;
  readonly partition: number;
  readonly args: readonly Argument[];
}

export type StepName =
  | "put"
  | "remove"
  | "get"
  | "leaves"
  | "at"
  | "count"
  | "peek"
  | "claim"
  | "skip"
  | "resume"
  | "release"
  | "retry"
  | "finish"
  | "extend"
  | "abandon";
